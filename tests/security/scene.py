"""A tenant that owns one real object of every kind, and a valid request for every route."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from karat.kit import new_id, utc_now
from karat.modalities import Annotation
from karat.quality.certificate import AssetLabel, Attempt, Named, Origin, Reference, certify, labels_digest, sign
from tests.security.model_requests import MODELS, model_ids
from tests.security.people_requests import PEOPLE, people_ids
from tests.security.request import Request
from tests.support.world import BROWSER_ONLY, Person, World, answer

N_TASKS = 60
ANSWER = Annotation(kind="text.class", payload={"label_class": "a"})


@dataclass
class Scene:
    """A tenant with its objects, each by the name that it has in paths (`dataset_id` …)."""

    world: World
    project: dict[str, Any]
    review_project: dict[str, Any]
    ids: dict[str, str]

    async def assignment(self, person: Person, purpose: str = "label") -> dict[str, Any]:
        """Work that the person holds and has not held before."""
        project = self.review_project if purpose == "review" else self.project
        known = await person.post(f"/api/projects/{project['id']}/next", {"count": 10, "purpose": purpose})
        for work in known["items"]:
            await person.call("POST", f"/api/assignments/{work['assignment_id']}/release")
        return await self.world.take(person, project, purpose=purpose)

    async def request(self, method: str, path: str, person: Person) -> Request:
        """A request to the route that succeeds for the person if the role allows it."""
        make = REQUESTS.get((method, path))
        if BROWSER_ONLY.fullmatch(path) and (method != "GET" or person.session):  # the one before may have ended all
            await person.begin_session(self.world.engine)
        params = {name: self.ids[name] for name in self.ids if f"{{{name}}}" in path}
        if make is None:
            return Request(params, {})
        made = make(self, person)
        made = await made if inspect.isawaitable(made) else made
        return Request(params | made.params, made.sent)


async def make_scene(world: World) -> Scene:
    """Bring a tenant to where every route has something to answer with."""
    for person in world.people.values():
        await person.get("/api/session")  # a key's first use is written down, and so out of the way
    text = await world.text_project(N_TASKS, overlap=1)
    dataset_id = text["dataset_id"]
    review = await _project(world, dataset_id)
    export = await world.owner.post(f"/api/projects/{text['id']}/exports", {"format": "csv"})
    archive = await world.owner.post(f"/api/projects/{text['id']}/archives")
    imported = await world.owner.post("/api/project-imports?filename=a.zip", content=b"no archive")
    await world.drain()
    tasks = await world.owner.get(f"/api/projects/{text['id']}/tasks?limit=1")
    imports = await world.owner.get(f"/api/datasets/{dataset_id}/imports")
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("UPDATE task SET stage = 'review', wanted = 1 WHERE project_id = $1", UUID(review["id"]))
    held = await world.take(world.annotator, text)
    ids = {
        "dataset_id": dataset_id,
        "code": "task.not_assigned",
        "project_id": text["id"],
        "import_id": imports["items"][0]["id"],
        "job_id": imports["items"][0]["job_id"],
        "task_id": tasks["items"][0]["id"],
        "export_id": export["id"],
        "archive_id": archive["id"],
        "project_import_id": imported["id"],
        "assignment_id": held["assignment_id"],
        "certificate_id": await _certify(world, text, tasks["items"][0]),
        "key_id": (await world.owner.post("/api/keys", {"name": "spare", "role": "service"}))["id"],
        "upload_id": (await world.owner.post("/api/uploads", new_upload(dataset_id)))["id"],
        "position": "0",
        "connection_id": (await world.owner.post("/api/connections", new_connection()))["id"],
        "token": "no-such-token",
        **await people_ids(world),
        **await model_ids(world, text["id"]),
    }
    return Scene(world, text, review, ids)


async def forget_events(world: World) -> None:
    """Take the tenant's events out of the outbox: what the tests did to it shall set no engine going."""
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("DELETE FROM event WHERE tenant_id = $1", world.tenant_id)


async def forget_jobs(world: World) -> None:
    """Let no job of the tenant run: thousands were asked for, and who drains the queue later would do them all."""
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("UPDATE job SET state = 'cancelled', finished_at = now() WHERE state IN ('queued', 'running')")
        query = "DELETE FROM pgqueuer WHERE convert_from(payload, 'UTF8')::jsonb ->> 'tenant_id' = $1"
        await db.execute(query, str(world.tenant_id))


async def _project(world: World, dataset_id: str) -> dict[str, Any]:
    return dict(await world.owner.post("/api/projects", new_project(dataset_id)))


def new_project(dataset_id: str, **changes: Any) -> dict[str, Any]:
    """The body that makes a project."""
    return {
        "name": "Another",
        "dataset_id": dataset_id,
        "kind": "text.class",
        "classes": [{"name": "a"}, {"name": "b"}],
        "target": {"overlap": 1},
        **changes,
    }


async def _certify(world: World, project: dict[str, Any], task: dict[str, Any]) -> str:
    """A signed certificate over one label, checked in full: the shortest true one there is."""
    certificate_id, draw_id = new_id(), new_id()
    labels = [AssetLabel(UUID(task["asset"]["id"]), (ANSWER,))]
    terms = Attempt(target_error=0.01, alpha=0.05, seed="00" * 32)
    origin = Origin(
        id=certificate_id,
        tenant=Named(id=world.tenant_id, name="Tenant"),
        project=Named(id=UUID(project["id"]), name=project["name"]),
        issued_at=utc_now(),
        ontology_version_id=UUID(project["ontology"]["id"]),
        reference=Reference(description="an expert", is_simulated=False),
        people_are_simulated=False,
    )
    document = sign(certify(origin, terms, labels, labels, world.engine.public_key), world.engine.private_key)
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute(
            """INSERT INTO check_draw (tenant_id, id, project_id, attempt, state, seed, alpha, n_labels, n_drawn,
                labels_sha256) VALUES ($1, $2, $3, 1, 'certified', $4, 0.05, 1, 1, $5)""",
            world.tenant_id,
            draw_id,
            UUID(project["id"]),
            terms.seed,
            labels_digest(labels),
        )
        await db.execute(
            """INSERT INTO frozen_label (tenant_id, draw_id, task_id, label, position, reference_label)
            VALUES ($1, $2, $3, 'a', 0, 'a')""",
            world.tenant_id,
            draw_id,
            UUID(task["id"]),
        )
        await db.execute(
            "INSERT INTO certificate (tenant_id, id, project_id, draw_id, document) VALUES ($1, $2, $3, $4, $5)",
            world.tenant_id,
            certificate_id,
            UUID(project["id"]),
            draw_id,
            document,
        )
    return str(certificate_id)


def new_connection(**changes: Any) -> dict[str, Any]:
    """The body that connects a bucket of nobody's."""
    secret = {"access_key_id": "AKIA0123456789ABCDEF", "secret_access_key": "not a secret"}
    host = "https://bucket.invalid"
    return {"name": str(uuid4()), "kind": "s3", "bucket": "pictures", "endpoint": host, "secret": secret, **changes}


async def _spare_connection(scene: Scene, _: Person) -> Request:
    made = await scene.world.owner.post("/api/connections", new_connection())
    return Request({"connection_id": made["id"]}, {})


def new_upload(dataset_id: str) -> dict[str, Any]:
    """The body that begins an upload."""
    return {"dataset_id": dataset_id, "name": "Pictures", "files": [{"name": "a.txt", "size": 1}]}


async def _own_upload(scene: Scene, person: Person, sends: bytes | None = None, **sent: Any) -> Request:
    """An upload of the person's own; somebody whose role begins none tries with the owner's."""
    begun = await person.call("POST", "/api/uploads", json=new_upload(scene.ids["dataset_id"]))
    upload_id = begun.json()["id"] if begun.is_success else scene.ids["upload_id"]
    if sends is not None:
        await person.call("PUT", f"/api/uploads/{upload_id}/files/0", content=sends)
    return Request({"upload_id": upload_id}, sent)


async def _own_file(scene: Scene, person: Person, **sent: Any) -> Request:
    made = await _own_upload(scene, person, **sent)
    return Request({**made.params, "position": "0"}, sent)


async def _on_assignment(scene: Scene, person: Person, **json: Any) -> Request:
    work = await scene.assignment(person)
    return Request({"assignment_id": work["assignment_id"]}, {"json": json} if json else {})


async def _submission(scene: Scene, person: Person) -> Request:
    work = await scene.assignment(person)
    return Request({"assignment_id": work["assignment_id"]}, {"json": answer(work)})


async def _withdraw(scene: Scene, person: Person) -> Request:
    work = await scene.assignment(person)
    await person.post(f"/api/assignments/{work['assignment_id']}/submission", answer(work))
    return Request({"assignment_id": work["assignment_id"]}, {})


async def _review(scene: Scene, person: Person) -> Request:
    work = await scene.assignment(person, "review")
    verdict = {"verdict": "fix", "annotations": [ANSWER.model_dump()], "reason": "other", "duration_s": 1}
    return Request({"assignment_id": work["assignment_id"]}, {"json": {"review_id": str(uuid4()), **verdict}})


async def _spare_key(scene: Scene, _: Person) -> Request:
    key = await scene.world.owner.post("/api/keys", {"name": "spare", "role": "service"})
    return Request({"key_id": key["id"]}, {})


async def _queued_import(scene: Scene, _: Person) -> Request:
    path = f"/api/datasets/{scene.ids['dataset_id']}/imports?filename=more.csv"
    found = await scene.world.owner.post(path, content=b"id,text\n")
    return Request({"import_id": found["id"], "job_id": found["job_id"]}, {})


async def _failed_job(scene: Scene, person: Person) -> Request:
    made = await _queued_import(scene, person)
    async with scene.world.engine.database.transaction(scene.world.tenant_id) as db:
        await db.execute("UPDATE job SET state = 'failed' WHERE id = $1", UUID(made.params["job_id"]))
    return made


async def _piloted_project(scene: Scene, _: Person) -> Request:
    body = new_project(scene.ids["dataset_id"], pilot={"n_tasks": 5})
    return Request({"project_id": (await scene.world.owner.post("/api/projects", body))["id"]}, {})


Maker = Callable[[Scene, Person], "Request | Awaitable[Request]"]
REQUESTS: dict[tuple[str, str], Maker] = {
    **PEOPLE,
    **MODELS,
    ("POST", "/api/session"): lambda scene, person: Request({}, {"json": {"code": "no-such-code"}}),
    ("POST", "/api/keys"): lambda scene, person: Request({}, {"json": {"name": "Program", "role": "service"}}),
    ("DELETE", "/api/keys/{key_id}"): _spare_key,
    ("POST", "/api/connections"): lambda scene, person: Request({}, {"json": new_connection()}),
    ("POST", "/api/connection-tests"): lambda scene, person: Request({}, {"json": new_connection()}),
    ("PATCH", "/api/connections/{connection_id}"): lambda scene, person: Request({}, {"json": {"name": str(uuid4())}}),
    ("DELETE", "/api/connections/{connection_id}"): _spare_connection,
    ("POST", "/api/datasets/{dataset_id}/bucket-imports"): lambda scene, person: Request(
        {}, {"json": {"connection_id": scene.ids["connection_id"]}}
    ),
    ("POST", "/api/uploads"): lambda scene, person: Request({}, {"json": new_upload(scene.ids["dataset_id"])}),
    ("GET", "/api/uploads/{upload_id}"): _own_upload,
    ("DELETE", "/api/uploads/{upload_id}"): _own_upload,
    ("GET", "/api/uploads/{upload_id}/files"): _own_upload,
    ("POST", "/api/uploads/{upload_id}/files"): lambda scene, person: _own_upload(
        scene, person, json={"files": [{"name": "b.txt", "size": 1}]}
    ),
    ("GET", "/api/uploads/{upload_id}/files/{position}"): _own_file,
    ("HEAD", "/api/uploads/{upload_id}/files/{position}"): _own_file,
    ("PUT", "/api/uploads/{upload_id}/files/{position}"): lambda scene, person: _own_file(scene, person, content=b"a"),
    ("POST", "/api/uploads/{upload_id}/complete"): lambda scene, person: _own_upload(scene, person, sends=b"a"),
    ("POST", "/api/jobs/{job_id}/cancel"): _queued_import,
    ("POST", "/api/jobs/{job_id}/retry"): _failed_job,
    ("POST", "/api/imports/{import_id}/cancel"): _queued_import,
    ("POST", "/api/datasets"): lambda scene, person: Request({}, {"json": {"name": "New", "modality": "image"}}),
    ("POST", "/api/datasets/{dataset_id}/imports"): lambda scene, person: Request(
        {}, {"params": {"filename": "a.csv"}, "content": b"id,text\n1,one\n"}
    ),
    ("POST", "/api/projects"): lambda scene, person: Request({}, {"json": new_project(scene.ids["dataset_id"])}),
    ("PATCH", "/api/projects/{project_id}"): lambda scene, person: Request({}, {"json": {"name": str(uuid4())}}),
    ("POST", "/api/projects/{project_id}/start"): _piloted_project,
    ("POST", "/api/projects/{project_id}/clone"): lambda scene, person: Request({}, {"json": {"name": str(uuid4())}}),
    ("POST", "/api/project-imports"): lambda scene, person: Request(
        {}, {"params": {"filename": "a.zip"}, "content": b"no archive"}
    ),
    ("POST", "/api/projects/{project_id}/exports"): lambda scene, person: Request({}, {"json": {"format": "csv"}}),
    ("POST", "/api/projects/{project_id}/next"): lambda scene, person: Request({}, {"json": {"count": 1}}),
    ("PUT", "/api/assignments/{assignment_id}/draft"): lambda scene, person: _on_assignment(
        scene, person, seq=1, annotations=[ANSWER.model_dump()]
    ),
    ("POST", "/api/assignments/{assignment_id}/submission"): _submission,
    ("POST", "/api/assignments/{assignment_id}/skip"): lambda scene, person: _on_assignment(
        scene, person, reason="blurred"
    ),
    ("POST", "/api/assignments/{assignment_id}/release"): _on_assignment,
    ("POST", "/api/assignments/{assignment_id}/renew"): _on_assignment,
    ("POST", "/api/assignments/{assignment_id}/withdraw"): _withdraw,
    ("POST", "/api/assignments/{assignment_id}/review"): _review,
}
