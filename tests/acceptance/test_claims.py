"""Who holds what: two hundred clients at once, leases that end, two tabs, a task that is passed on, and what it costs."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from karat.api.engine import LEASE_ROUND_S
from karat.database.supervisor import running_postgres
from tests.support.load import Client, make_annotator, make_project
from tests.support.server import RunningServer
from tests.support.world import World, answer

CLIENTS, TASKS, OVERLAP = 200, 2000, 2
SHORT_LEASE_S = 5


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    folder = tmp_path_factory.mktemp("claims") / "data"
    folder.mkdir()
    running = RunningServer(folder, {"KARAT_LEASE_SECONDS": str(SHORT_LEASE_S)})
    await running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
async def owner(server: RunningServer) -> Client:
    return Client(server.url, server.owner_key)


@pytest.fixture
async def db(server: RunningServer) -> AsyncIterator[asyncpg.Connection]:
    """The database itself, past the server."""
    postgres = await running_postgres(server.data_dir)
    assert postgres is not None
    connection = await asyncpg.connect(postgres.url())
    yield connection
    await connection.close()


@pytest.mark.timeout(600)
async def test_two_hundred_clients_never_hold_a_task_beyond_its_overlap_and_leave_none_behind(
    server: RunningServer, owner: Client, db: asyncpg.Connection
) -> None:
    project = await make_project(owner, TASKS, overlap=OVERLAP)
    people = [await make_annotator(owner, server.url, f"Client {at}") for at in range(CLIENTS)]
    work = asyncio.gather(*(pull(one, project) for one in people))
    most = 0
    while not work.done():
        most = max(most, await most_held(db, project))
        await asyncio.sleep(0.2)
    assert sum(await work) == TASKS * OVERLAP
    assert 0 < max(most, await most_held(db, project)) <= OVERLAP
    per_task = await db.fetch(
        """SELECT count(s.id) AS n, count(DISTINCT s.user_id) AS people FROM task t
        LEFT JOIN submission s ON s.task_id = t.id WHERE t.project_id = $1 GROUP BY t.id""",
        project,
    )
    assert Counter((row["n"], row["people"]) for row in per_task) == {(OVERLAP, OVERLAP): TASKS}


async def pull(person: Client, project: str) -> int:
    """Take and hand in until the project has nothing left for anybody; how many."""
    n = 0
    while True:
        taken = await person.take(project)
        if not taken["items"]:
            left = (await person.call(b"GET", f"/api/projects/{project}"))[1]["phase"]
            if left != "collecting":
                return n
            await asyncio.sleep(0.5)
            continue
        status, body = await person.submit(taken["items"][0], uuid4(), "yes")
        if status == 409 and body["code"] == "task.lease_ended":
            continue  # the lease is very short here; somebody else has the task now
        assert status == 201, body
        n += 1


async def most_held(db: asyncpg.Connection, project: str) -> int:
    """By how many people the busiest task is held or answered, counted in the assignments themselves."""
    found = await db.fetchval(
        """SELECT max(n) FROM (SELECT count(*) AS n FROM assignment
        WHERE project_id = $1 AND state IN ('held', 'submitted') GROUP BY task_id) AS counted""",
        project,
    )
    return int(found or 0)


async def test_an_expired_lease_comes_back_within_a_minute(server: RunningServer, owner: Client) -> None:
    assert LEASE_ROUND_S < 60
    project = await make_project(owner, 1)
    first, second = [await make_annotator(owner, server.url, name) for name in ("First", "Second")]
    held = (await first.take(project))["items"][0]
    assert (await second.take(project))["items"] == []
    began = time.monotonic()
    while not (again := (await second.take(project))["items"]):
        assert time.monotonic() - began < SHORT_LEASE_S + 60
        await asyncio.sleep(0.2)
    assert time.monotonic() - began > SHORT_LEASE_S - 1, "the lease was still running"
    assert again[0]["task_id"] == held["task_id"]
    status, body = await first.submit(held, uuid4(), "yes")
    assert (status, body["can_take_again"]) == (409, False)
    assert (await second.submit(again[0], uuid4(), "yes"))[0] == 201


async def test_two_tabs_of_one_person_share_the_same_tasks(
    server: RunningServer, owner: Client, db: asyncpg.Connection
) -> None:
    project = await make_project(owner, 40, overlap=2)
    tab = await make_annotator(owner, server.url, "Tabs")
    other_tab = Client(server.url, tab.key)
    for _ in range(10):
        answers = await asyncio.gather(
            *(one.call(b"POST", f"/api/projects/{project}/next", {}) for one in (tab, other_tab))
        )
        assert all(status == 200 or body["code"] == "task.claim_raced" for status, body in answers)
    held = await db.fetch(
        "SELECT task_id, count(*) AS n FROM assignment WHERE project_id = $1 GROUP BY task_id", project
    )
    assert all(row["n"] == 1 for row in held)
    work = (await tab.take(project))["items"][0]
    assert (await other_tab.take(project))["items"][0]["assignment_id"] == work["assignment_id"]
    results = await asyncio.gather(
        *(one.submit(work, uuid4(), label) for one, label in ((tab, "yes"), (other_tab, "no")))
    )
    assert sorted(status for status, _ in results) == [201, 409]


async def test_a_task_whose_holder_passes_it_on_goes_to_somebody_else_and_never_back(
    server: RunningServer, owner: Client
) -> None:
    project = await make_project(owner, 3)
    first, second = [await make_annotator(owner, server.url, name) for name in ("Passes", "Takes")]
    for person in (first, second):  # a team of two: what one of them passes on, the other may know
        assert (await person.submit((await person.take(project))["items"][0], uuid4(), "yes"))[0] == 201
    held = (await first.take(project))["items"][0]
    status, _ = await first.call(b"POST", f"/api/assignments/{held['assignment_id']}/skip", {"reason": "blurred"})
    assert status == 204
    assert (await first.take(project))["items"] == []
    assert (await second.take(project))["items"][0]["task_id"] == held["task_id"]


class Watched:
    """The application's own pool of connections, with an ear on what is sent over them."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self.seen: list[str] = []

    async def acquire(self) -> Any:
        connection = await self._pool.acquire()
        connection.add_query_logger(self._note)
        return connection

    async def release(self, connection: Any) -> None:
        connection.remove_query_logger(self._note)
        await self._pool.release(connection)

    def _note(self, query: Any) -> None:
        self.seen.append(query.query)


@contextmanager
def statements(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Everything that is sent to the database while the block lasts."""
    watched = Watched(world.engine.database.pool)
    with monkeypatch.context() as patch:
        patch.setattr(world.engine.database, "pool", watched)
        yield watched.seen


def assert_at_most(seen: list[str], n: int) -> None:
    """One transaction that opens with the tenant, and at most `n` statements in it."""
    assert seen[0].startswith("BEGIN; SELECT set_config('app.tenant'")
    assert seen[-1] == "COMMIT"
    inner = seen[1:-1]
    assert not [one for one in inner if one.startswith(("BEGIN", "COMMIT", "SAVEPOINT"))]
    assert 2 <= len(inner) <= n, inner


async def test_next_takes_three_statements_and_submit_six_in_one_transaction_each(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = await world.text_project(4)
    await world.take(world.annotator, project)  # the first use of a key is noted, once in ten minutes
    for _ in range(4):
        with statements(world, monkeypatch) as seen:
            work = await world.take(world.annotator, project)
        assert_at_most(seen, 3)
        with statements(world, monkeypatch) as seen:
            await world.annotator.post(f"/api/assignments/{work['assignment_id']}/submission", answer(work))
        assert_at_most(seen, 6)
    with statements(world, monkeypatch) as seen:
        nothing = await world.annotator.post(f"/api/projects/{project['id']}/next")
    assert nothing["items"] == []
    assert_at_most(seen, 5)  # the project says what it waits for, and who waits is noted


async def test_next_that_has_to_search_from_the_front_again_takes_three_statements_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = await world.text_project(2)
    first = await world.take(world.annotator, project)
    last = await world.take(world.annotator, project, known=[first["assignment_id"]])
    await world.annotator.call("POST", f"/api/assignments/{first['assignment_id']}/release")
    await world.annotator.post(f"/api/assignments/{last['assignment_id']}/submission", answer(last))
    with statements(world, monkeypatch) as seen:
        again = await world.take(world.annotator, project)
    assert again["task_id"] == first["task_id"]
    assert_at_most(seen, 3)
