"""A tenant in which every screen has something to show, and every text that people may set tries to be a script."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from tests.support.browser import until
from tests.support.world import Person, World, answer

ATTACKS = (
    '<img src=x data-xss onerror="window.__xss=1">',
    '"><script data-xss>window.__xss=1</script>',
    "<svg data-xss onload=window.__xss=1>",
    "javascript:window.__xss=1//'-(window.__xss=1)-'",
    "</title><iframe data-xss srcdoc='<script>parent.__xss=1</script>'></iframe>",
    "{{constructor.constructor('window.__xss=1')()}}",
    '[link](javascript:window.__xss=1) <a data-xss href="javascript:window.__xss=1">click</a>',
)
N_OPEN, N_CERTIFIED = 9, 4


@dataclass(frozen=True)
class Scene:
    """Two projects: one in the middle of its work with an asset in review, one that is certified."""

    running: str
    certified: str
    task: str
    member: str
    dataset: str
    model: str

    def screens(self) -> dict[str, str]:
        """Every screen that a signed-in person can see, by name."""
        return {
            "home": "/",
            "projects": "/projects",
            "new-project": "/projects/new",
            "overview": f"/projects/{self.running}",
            "data": f"/projects/{self.running}/data",
            "tasks": f"/projects/{self.running}/tasks",
            "task": f"/projects/{self.running}/tasks?task={self.task}",
            "quality-before": f"/projects/{self.running}/quality",
            "project-settings": f"/projects/{self.running}/settings",
            "label": f"/label/{self.running}",
            "review": f"/review/{self.running}",
            "overview-certified": f"/projects/{self.certified}",
            "quality": f"/projects/{self.certified}/quality",
            "deliveries": f"/projects/{self.certified}/deliveries",
            "audit": "/audit",
            "datasets": "/datasets",
            "dataset": f"/datasets/{self.dataset}",
            "connections": "/datasets/connections",
            "models": "/models",
            "model": f"/models/{self.model}",
            "jobs": "/jobs",
            "people": "/people",
            "member": f"/people?member={self.member}",
            "invitations": "/people?part=invitations",
            "groups": "/people?part=groups",
            "settings": "/settings",
            "security": "/settings/security",
            "keys": "/settings/keys",
            "organisation": "/settings/organisation",
        }


async def make_scene(world: World) -> Scene:
    """Put texts of every sort in place, and bring both projects to where they are."""
    await world.owner.post("/api/keys", {"name": ATTACKS[0] + " key"})
    await _bucket(world)
    running = await _project(world, N_OPEN, f"{ATTACKS[1]} running")
    certified = await _project(world, N_CERTIFIED, f"{ATTACKS[2]} certified")
    await _answer_all(world.owner, certified)
    await _until_certified(world, certified)
    await world.owner.post(f"/api/projects/{certified}/exports", {"format": "csv"})
    task = await _through_review(world, running)
    await _answer_some(world.annotator, running, 2)
    await world.drain()
    return Scene(running, certified, task, await _people(world), await _dataset(world, running), await _model(world))


async def _people(world: World) -> str:
    """A group, an invitation, a member in the group, oneself and the organisation, all with names that try; the member."""
    await world.owner.begin_session(world.engine)
    await _change(world.owner, "/api/me", name=ATTACKS[0])
    await _change(world.owner, "/api/tenant", name=ATTACKS[4])
    group = await world.owner.post("/api/groups", {"name": ATTACKS[0] + " group"})
    invitation = {"name": ATTACKS[1], "email": "<svg/onload=window.__xss=1>@example.com", "group_ids": [group["id"]]}
    await world.owner.post("/api/invitations", invitation)
    member = str(world.annotator.caller.user_id)
    await _change(world.owner, f"/api/members/{member}", name=ATTACKS[2] + " annotator", group_ids=[group["id"]])
    return member


async def _dataset(world: World, project: str) -> str:
    return str((await world.owner.get(f"/api/projects/{project}"))["dataset_id"])


async def _model(world: World) -> str:
    body = {"name": ATTACKS[1] + " model", "kind": "image.class", "settings": {"adapter": "onnx"}}
    return str((await world.owner.post("/api/models", body))["id"])


async def _bucket(world: World) -> None:
    """A connected bucket, whose texts try as well."""
    secret = {"access_key_id": "key", "secret_access_key": "secret"}
    body = {"name": ATTACKS[0] + " bucket", "kind": "s3", "bucket": "pictures", "prefix": ATTACKS[0], "secret": secret}
    await world.owner.post("/api/connections", body)


async def _change(person: Person, path: str, **changes: Any) -> None:
    response = await person.call("PATCH", path, json=changes)
    assert response.status_code == 200, response.text


async def _project(world: World, n: int, name: str) -> str:
    dataset = await world.owner.post("/api/datasets", {"name": f"{ATTACKS[4]} dataset", "modality": "text"})
    await world.owner.post(f"/api/datasets/{dataset['id']}/imports?filename=evil.csv", content=_table(n))
    await world.drain()
    project = await world.owner.post(
        "/api/projects",
        {
            "name": name,
            "dataset_id": dataset["id"],
            "kind": "text.class",
            "classes": [
                {"name": ATTACKS[0], "title": ATTACKS[1], "description": ATTACKS[3]},
                {"name": ATTACKS[2], "description": ATTACKS[4]},
            ],
            "instructions": "# " + "\n\n- ".join(ATTACKS) + "\n\n**" + ATTACKS[0] + "**",
            "target": {"overlap": 1, "error": 0.25, "confidence": 0.8},
        },
    )

    async def has_tasks() -> bool:
        return bool((await world.owner.get(f"/api/projects/{project['id']}"))["n_tasks"] == n)

    await until(has_tasks, "every asset has its task")
    return str(project["id"])


def _table(n: int) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["id", "text", ATTACKS[0]])
    for at in range(n):
        writer.writerow([f"{at} {ATTACKS[at % len(ATTACKS)]}", f"text {at}: {' '.join(ATTACKS)}", ATTACKS[1]])
    writer.writerow([f"empty {ATTACKS[0]}", "", "a row without a text is a fault"])
    return stream.getvalue().encode()


async def _take(person: Person, project: str, **wish: Any) -> list[dict[str, Any]]:
    return list((await person.post(f"/api/projects/{project}/next", {"count": 10, **wish}))["items"])


async def _answer(person: Person, work: dict[str, Any]) -> None:
    await person.post(f"/api/assignments/{work['assignment_id']}/submission", answer(work, ATTACKS[0]))


async def _answer_all(person: Person, project: str) -> None:
    while items := await _take(person, project):
        for work in items:
            await _answer(person, work)


async def _answer_some(person: Person, project: str, n: int) -> None:
    for work in await _take(person, project, count=n):
        await _answer(person, work)


async def _through_review(world: World, project: str) -> str:
    """Two people pass on the first two tasks, so they go to review; one of them is decided with a note, one stays."""
    for person in (world.annotator, await world.another()):
        for work in await _take(person, project, count=2):
            await person.post(f"/api/assignments/{work['assignment_id']}/skip", {"reason": ATTACKS[2]})
    work = (await _take(world.owner, project, count=1, purpose="review"))[0]
    await world.owner.post(
        f"/api/assignments/{work['assignment_id']}/review",
        {
            "review_id": work["assignment_id"],
            "verdict": "fix",
            "annotations": [{"kind": "text.class", "payload": {"label_class": ATTACKS[2]}}],
            "reason": "other",
            "note": ATTACKS[1],
            "duration_s": 1,
        },
    )
    return str(work["task_id"])


async def _until_certified(world: World, project: str) -> None:
    async def is_certified() -> bool:
        return bool((await world.owner.get(f"/api/projects/{project}"))["phase"] == "certified")

    await until(is_certified, "certified")
