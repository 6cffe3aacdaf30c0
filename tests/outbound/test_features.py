"""Every feature that reaches a host which a user named, against every address that must lead nowhere, by its own door."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import httpx
import pytest

from karat.api.app import create_app
from karat.api.engine import Engine
from karat.outbound import Guard, parse_allowed
from karat.storage import JointStorage, derive_key, open_buckets
from tests.outbound.attacks import ELSEWHERE, addresses, names
from tests.outbound.lab import PUBLIC, SECRET, Lab, open_lab
from tests.outbound.test_only_way import FEATURES
from tests.support.world import World, make_world

pytestmark = pytest.mark.requirement("SEC-3")
CREDENTIALS = {"access_key_id": "AKIA0123456789ABCDEF", "secret_access_key": "not a secret"}


@dataclass
class Told:
    """What became of one address: the codes of all faults, and all that was said."""

    codes: list[str]
    text: str


Try = Callable[[World, list[str]], Awaitable[dict[str, Told]]]


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    """What must not be reached, and, as `hop.example`, what may."""
    async with open_lab() as one:
        one.redirects |= {str(at): to.replace("{port}", str(one.port)) for at, to in enumerate(ELSEWHERE)}
        yield one


@pytest.fixture(autouse=True)
def nothing_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the name server names the internet, nobody is there."""
    plain = asyncio.BaseEventLoop.create_connection

    async def connect(self: asyncio.BaseEventLoop, factory: Any, host: Any = None, *more: Any, **options: Any) -> Any:
        if host == PUBLIC:
            raise ConnectionRefusedError(host)
        return await plain(self, factory, host, *more, **options)

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", connect)


@asynccontextmanager
async def guarded(engine: Engine, allow: str) -> AsyncIterator[World]:
    """A tenant of a server whose name server does as the attacker likes."""
    guard = Guard(parse_allowed(allow), resolver=names())
    async with open_buckets(engine.database, guard, derive_key(b"k" * 32, "connections")) as buckets:
        storage = JointStorage(engine.storage.root, engine.database, buckets)
        models = replace(engine.models, guard=guard, storage=storage)
        server = replace(engine, guard=guard, buckets=buckets, storage=storage, models=models)
        transport = httpx.ASGITransport(app=create_app(server), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60) as client:
            yield await make_world(server, client)


async def files(world: World, urls: list[str]) -> dict[str, Told]:
    """An import whose rows name the files: a table of addresses, each a row."""
    dataset = (await world.owner.post("/api/datasets", {"name": "D", "modality": "image"}))["id"]
    rows = "".join(json.dumps({"id": f"{at}", "image": url}) + "\n" for at, url in enumerate(urls))
    path = f"/api/datasets/{dataset}/imports?filename=all.jsonl"
    begun = await world.owner.post(path, content=rows.encode())
    await world.drain()
    found = await world.owner.get(f"/api/imports/{begun['id']}")
    assert (found["n_added"], found["state"]) == (0, "done"), found
    faults = (await world.owner.get(f"/api/imports/{begun['id']}/faults?limit=500"))["items"]
    assert len(faults) == len(urls)
    by_line = {str(one["where"]).split(" ")[-1]: one for one in faults}
    return {url: Told([by_line[str(at)]["code"]], str(by_line[str(at)])) for at, url in enumerate(urls, 1)}


async def list_of_addresses(world: World, urls: list[str]) -> dict[str, Told]:
    """A text file with nothing but an address a line."""
    dataset = (await world.owner.post("/api/datasets", {"name": "D", "modality": "image"}))["id"]
    path = f"/api/datasets/{dataset}/imports?filename=urls.txt"
    begun = await world.owner.post(path, content="\n".join(urls).encode())
    await world.drain()
    found = await world.owner.get(f"/api/imports/{begun['id']}")
    faults = (await world.owner.get(f"/api/imports/{begun['id']}/faults?limit=500"))["items"]
    assert found["n_added"] == 0, found
    told = Told([one["code"] for one in faults], str(faults))
    return dict.fromkeys(urls, told)


def model(adapter: str) -> Try:
    """Registering a model, changing another to the address, and asking it."""

    async def ask(world: World, urls: list[str]) -> dict[str, Told]:
        found = {}
        for url in urls:
            body = {"name": "M", "kind": "text.class", "settings": {"adapter": adapter, "url": url, "attempts": 1}}
            made = await world.owner.call("POST", "/api/models", json=body)
            good = {**body, "settings": {**body["settings"], "url": "https://public.example/"}}
            other = (await world.owner.post("/api/models", good))["id"]
            changed = await world.owner.call("PATCH", f"/api/models/{other}", json={"settings": body["settings"]})
            assert made.is_success == changed.is_success, url
            told = made
            if made.is_success:
                told = await world.owner.call("POST", f"/api/models/{made.json()['id']}/test", json={})
                assert told.json()["ok"] is False, url
            found[url] = _told(told)
        return found

    return ask


async def bucket(world: World, urls: list[str]) -> dict[str, Told]:
    """A bucket that is tried, one that is connected and tried, and one whose endpoint is changed."""
    found = {}
    good = {"kind": "s3", "bucket": "pictures", "secret": CREDENTIALS, "endpoint": "https://public.example"}
    other = (await world.owner.post("/api/connections", {**good, "name": str(uuid4())}))["id"]
    for url in urls:
        body = {**good, "name": str(uuid4()), "endpoint": url}
        tried = await world.owner.call("POST", "/api/connection-tests", json=body)
        assert tried.json().get("ok", False) is False, url
        made = await world.owner.call("POST", "/api/connections", json=body)
        change = {"endpoint": url, "secret": CREDENTIALS}
        changed = await world.owner.call("PATCH", f"/api/connections/{other}", json=change)
        assert made.is_success == changed.is_success, url
        told = [_told(tried), _told(made)]
        if made.is_success:
            told[1] = _told(await world.owner.call("POST", f"/api/connections/{made.json()['id']}/test"))
        found[url] = Told([code for one in told for code in one.codes], "".join(one.text for one in told))
    return found


def _told(answer: httpx.Response) -> Told:
    problem = answer.json()
    faults = [*problem.get("faults", []), *(step.get("fault") or {} for step in problem.get("steps", []))]
    codes = [one["code"] for one in faults if "code" in one]
    return Told(codes or [problem.get("code", "")], answer.text)


# By what it is called in the list of all that leave. Two may have one door.
DOORS: dict[str, tuple[Try, ...]] = {
    "files behind addresses": (files, list_of_addresses),
    "buckets": (bucket,),
    "test of a bucket's connection": (bucket,),
    "models": (model("http"), model("label-studio")),
    "a model's address, before it is kept": (model("http"),),
}
TRIES = {
    "rows of a table": files,
    "list of addresses": list_of_addresses,
    "bucket": bucket,
    "model": model("http"),
    "Label Studio's backend": model("label-studio"),
}


def test_every_feature_that_leaves_has_a_door_that_is_tried() -> None:
    assert set(DOORS) == {one.name for one in FEATURES}


@pytest.mark.parametrize("attempt", TRIES.values(), ids=TRIES)
@pytest.mark.timeout(120)
async def test_no_address_in_no_spelling_is_reached_by_any_feature(engine: Engine, lab: Lab, attempt: Try) -> None:
    urls = addresses(lab.port)
    async with guarded(engine, "") as world:
        for url, told in (await attempt(world, urls)).items():
            # A row that names no web address names a file beside the table, and there is none.
            refusals = ("outbound.",) if url.startswith("http://") else ("outbound.", "row.no_folder")
            assert all(code.startswith(refusals) for code in told.codes) and told.codes, (url, told)
            assert "10.11.12" not in told.text, "where a name leads is not told"
    assert lab.seen.n_connections == 0


@pytest.mark.parametrize("attempt", TRIES.values(), ids=TRIES)
async def test_a_name_that_leads_outside_and_then_within_is_not_followed(
    engine: Engine, lab: Lab, attempt: Try
) -> None:
    url = f"http://rebind.example:{lab.port}/x.png"
    async with guarded(engine, "") as world:
        for _ in range(2):
            await attempt(world, [url])
    assert lab.seen.n_connections == 0


@pytest.mark.parametrize("attempt", TRIES.values(), ids=TRIES)
async def test_a_server_that_may_be_reached_sends_nobody_elsewhere(engine: Engine, lab: Lab, attempt: Try) -> None:
    urls = [f"http://hop.example:{lab.port}/to/{at}" for at in range(len(ELSEWHERE))]
    async with guarded(engine, f"hop.example:{lab.port}") as world:
        for url, told in (await attempt(world, urls)).items():
            assert SECRET not in told.text, url
    paths = {head.split(" ")[1] for head in lab.seen.heads}
    assert lab.seen.heads, "the first address is reached"
    assert not {path for path in paths if "secret" in path}, "and none behind it"
