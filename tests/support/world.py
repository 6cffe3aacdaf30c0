"""A tenant with one member of every role, and short ways to bring it into any state through the public API."""

import csv
import io
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx

from karat.access import store as access_store
from karat.access.keys import store_key
from karat.access.secrets import Secret, make_secret, parse_secret
from karat.api.engine import Engine
from karat.kit import Caller, Role, new_id

DIGITS = [{"name": name} for name in "0123456789"]


# What no API key may do.
BROWSER_ONLY = re.compile(r"/api/me(/(proof|password|passkeys|passkey-options|authenticator|recovery-codes).*)?")


@dataclass
class Person:
    """Somebody with a key.

    Attributes:
        session: of a browser, where one was begun; what only a browser may do is done with it.
    """

    caller: Caller
    key: str
    http: httpx.AsyncClient
    session: Secret | None = None

    def headers(self, path: str) -> dict[str, str]:
        """What proves who asks."""
        if self.session is not None and BROWSER_ONLY.fullmatch(path):
            return {"Cookie": f"karat={self.session.text}", "X-CSRF-Token": self.session.csrf_token}
        return {"Authorization": f"Bearer {self.key}"}

    async def call(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """A request with this person's key."""
        headers = {**self.headers(path), **kwargs.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **kwargs)

    async def begin_session(self, engine: Engine) -> None:
        """Sign in in a browser."""
        self.session = parse_secret((await browser_session(engine, self))[0]["karat"])

    async def get(self, path: str, **kwargs: Any) -> Any:
        """The body of a GET that must succeed."""
        return _body(await self.call("GET", path, **kwargs))

    async def post(self, path: str, json: Any = None, **kwargs: Any) -> Any:
        """The body of a POST that must succeed."""
        return _body(await self.call("POST", path, json=json, **kwargs))


@dataclass
class World:
    """A tenant in which a test may do what it likes."""

    engine: Engine
    http: httpx.AsyncClient
    tenant_id: UUID
    people: dict[Role, Person]

    def __getattr__(self, name: str) -> Person:
        """`world.owner`, `world.annotator` …"""
        try:
            return self.people[Role(name)]
        except ValueError:
            raise AttributeError(name) from None

    async def drain(self) -> None:
        """Run all jobs and events that wait, of every tenant."""
        await self.engine.runner().drain()

    async def another(self, role: Role = Role.ANNOTATOR, *, kind: str = "person") -> Person:
        """One more member."""
        return await add_person(self.engine, self.http, self.tenant_id, role, kind)

    async def text_dataset(self, texts: list[str]) -> str:
        """A dataset with these texts, imported from a CSV."""
        dataset = await self.owner.post("/api/datasets", {"name": "Texts", "modality": "text"})
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow(["id", "text"])
        writer.writerows((f"text-{at}", text) for at, text in enumerate(texts))
        await self.owner.post(
            f"/api/datasets/{dataset['id']}/imports?filename=texts.csv", content=stream.getvalue().encode()
        )
        await self.drain()
        return str(dataset["id"])

    async def text_project(self, n: int = 5, *, names: str = "ab", **target: Any) -> dict[str, Any]:
        """A project that asks for one of the classes; with `overlap` every task is open to that many people at once."""
        dataset = await self.text_dataset([f"text number {at} {uuid4().hex}" for at in range(n)])
        project = await self.owner.post(
            "/api/projects",
            {
                "name": "Project",
                "dataset_id": dataset,
                "kind": "text.class",
                "classes": [{"name": name} for name in names],
                "target": {"overlap": 1, **target},
            },
        )
        await self.drain()
        return dict(await self.owner.get(f"/api/projects/{project['id']}"))

    async def take(self, person: Person, project: dict[str, Any], **wish: Any) -> dict[str, Any]:
        """One task for the person."""
        taken = await person.post(f"/api/projects/{project['id']}/next", {"count": 1, **wish})
        return dict(taken["items"][0])


def answer(work: dict[str, Any], label: str = "a", **changes: Any) -> dict[str, Any]:
    """The body of a submission for work that was taken."""
    return {
        "submission_id": str(uuid4()),
        "annotations": [{"kind": "text.class", "payload": {"label_class": label}}],
        "ontology_version_id": work["ontology_version_id"],
        "instructions_version": work["instructions_version"],
        "duration_s": 1.5,
        **changes,
    }


async def make_world(engine: Engine, http: httpx.AsyncClient) -> World:
    """A tenant with one member of every role."""
    tenant_id = new_id()
    async with engine.database.transaction(tenant_id) as db:
        await access_store.add_tenant(db, tenant_id, f"Tenant {tenant_id}")
    people = {role: await add_person(engine, http, tenant_id, role, "person") for role in Role}
    return World(engine, http, tenant_id, people)


async def add_person(engine: Engine, http: httpx.AsyncClient, tenant_id: UUID, role: Role, kind: str) -> Person:
    """A member with an API key."""
    user_id = new_id()
    async with engine.database.transaction(tenant_id) as db:
        await access_store.add_member(db, user_id, f"{role.value} {user_id.hex[-6:]}", kind, role)
        _, secret = await store_key(db, user_id, "test", test=False)
    return Person(Caller(tenant_id=tenant_id, user_id=user_id, role=role), secret.text, http)


async def browser_session(engine: Engine, person: Person) -> tuple[dict[str, str], str]:
    """Cookies and CSRF token of a browser session of the person."""
    from datetime import timedelta

    from karat.kit import utc_now

    secret = make_secret(person.caller.tenant_id)
    async with engine.database.transaction(person.caller.tenant_id) as db:
        await access_store.add_session(
            db, new_id(), person.caller.user_id, secret.sha256, utc_now() + timedelta(hours=1)
        )
    return {"karat": secret.text}, secret.csrf_token


def _body(response: httpx.Response) -> Any:
    assert response.is_success, (
        f"{response.request.method} {response.request.url}: {response.status_code} {response.text}"
    )
    return response.json() if response.content else None
