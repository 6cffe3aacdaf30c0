"""What was acknowledged is there, whatever dies: a scripted run is killed at random moments and goes on to its end."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from karat.database.supervisor import running_postgres
from tests.support.load import Client, ConnectionLost, answer, draft_of, make_annotator, make_project
from tests.support.server import RunningServer

log = logging.getLogger(__name__)

SEED = 20261122
KILLS = 50
TASKS, OVERLAP, PEOPLE = 150, 2, 6
DRAFTS_PER_TASK = 2
ACKNOWLEDGEMENTS = TASKS * OVERLAP * (DRAFTS_PER_TASK + 1)


@dataclass
class Ledger:
    """What clients sent, and what the server said it has."""

    sent: set[str] = field(default_factory=set)
    submissions: dict[str, tuple[str, str]] = field(default_factory=dict)
    drafts: dict[str, tuple[int, str]] = field(default_factory=dict)
    acknowledged: int = 0
    retries: int = 0


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[RunningServer]:
    (tmp_path / "data").mkdir()
    running = RunningServer(tmp_path / "data")
    await running.start()
    yield running
    running.stop()


@pytest.mark.timeout(600)
async def test_no_acknowledged_edit_is_lost_or_doubled_when_server_and_database_are_killed(
    server: RunningServer,
) -> None:
    owner = Client(server.url, server.owner_key)
    project = await make_project(owner, TASKS, overlap=OVERLAP)
    people = [await make_annotator(owner, server.url, f"Person {at}") for at in range(PEOPLE)]
    ledger, rng = Ledger(), random.Random(SEED)
    work = [asyncio.create_task(label_everything(one, project, ledger, rng.randrange(1 << 30))) for one in people]
    killed = await kill_at_random(server, ledger, rng, work)
    await asyncio.gather(*work)
    log.info("%s, %d acknowledged, %d asked again", dict(killed), ledger.acknowledged, ledger.retries)
    assert killed.total() == KILLS
    assert min(killed["server"], killed["database"]) >= KILLS // 4
    assert ledger.retries >= KILLS, "the kills must hit work in flight"
    await check(server, ledger)


async def kill_at_random(
    server: RunningServer, ledger: Ledger, rng: random.Random, work: list["asyncio.Task[None]"]
) -> Counter[str]:
    """Kill server or database each time the run reaches one of the moments, drawn beforehand, and let it go on."""
    killed: Counter[str] = Counter()
    for moment in sorted(rng.sample(range(ACKNOWLEDGEMENTS * 9 // 10), KILLS)):
        while ledger.acknowledged < moment:
            assert not any(one.done() for one in work), "an annotator stopped in the middle"
            await asyncio.sleep(0.001)
        await asyncio.sleep(rng.uniform(0, 0.02))
        victim = rng.choice(("server", "database"))
        killed[victim] += 1
        if victim == "server":
            server.kill()
            await server.start()
        else:
            server.kill_database()
            await server.until_healthy()
    return killed


async def label_everything(person: Client, project: str, ledger: Ledger, seed: int) -> None:
    """Take, edit and hand in until nothing is left; like the web app, send again what was not acknowledged."""
    rng = random.Random(seed)
    while True:
        status, taken = await insist(person, ledger, b"POST", f"/api/projects/{project}/next", {})
        assert status == 200, taken
        if not taken["items"]:
            if len(ledger.submissions) == TASKS * OVERLAP:
                return
            await asyncio.sleep(0.05)
            continue
        await label(person, taken["items"][0], ledger, rng)


async def label(person: Client, work: dict[str, Any], ledger: Ledger, rng: random.Random) -> None:
    assignment = work["assignment_id"]
    seq, wanted = ledger.drafts.get(assignment, (0, None))
    if wanted is not None:
        assert work["draft"] is not None, "an acknowledged draft is gone"
        assert work["draft"]["seq"] >= seq, "an acknowledged draft was replaced by an older one"
    elif work["draft"]:
        seq = work["draft"]["seq"]
    for _ in range(DRAFTS_PER_TASK):
        seq, choice = seq + 1, rng.choice(("yes", "no"))
        body = {"seq": seq, "annotations": [draft_of(choice)]}
        status, saved = await insist(person, ledger, b"PUT", f"/api/assignments/{assignment}/draft", body)
        assert status == 200, saved
        assert saved["seq"] == seq
        ledger.drafts[assignment] = (seq, choice)
        ledger.acknowledged += 1
    submission, choice = str(uuid4()), rng.choice(("yes", "no"))
    ledger.sent.add(submission)
    body = answer(work, submission, choice)
    status, answered = await insist(person, ledger, b"POST", f"/api/assignments/{assignment}/submission", body)
    assert status in (200, 201), answered
    ledger.submissions[submission] = (assignment, choice)
    ledger.acknowledged += 1


async def insist(person: Client, ledger: Ledger, method: bytes, path: str, body: Any) -> tuple[int, Any]:
    """Ask again while the server or its database is away; any other answer is the answer."""
    while True:
        try:
            status, content = await person.call(method, path, body)
        except ConnectionLost:
            status, content = 503, None
        if status != 503:
            return status, content
        ledger.retries += 1
        await asyncio.sleep(0.02)


async def check(server: RunningServer, ledger: Ledger) -> None:
    """Hold the database against what was acknowledged."""
    postgres = await running_postgres(server.data_dir)
    assert postgres is not None
    db = await asyncpg.connect(postgres.url())
    try:
        stored = {
            str(row["id"]): (str(row["assignment_id"]), row["label"])
            for row in await db.fetch(
                """SELECT id, assignment_id, annotations->0->'payload'->>'label_class' AS label FROM submission
                WHERE withdrawn_at IS NULL"""
            )
        }
        assert stored == ledger.submissions
        assert set(stored) == ledger.sent
        assert len(stored) == TASKS * OVERLAP
        seqs = {str(row["id"]): row["draft_seq"] for row in await db.fetch("SELECT id, draft_seq FROM assignment")}
        assert all(seqs[assignment] == seq for assignment, (seq, _) in ledger.drafts.items())
        per_task = await db.fetch(
            """SELECT t.taken, t.answered, t.wanted, (SELECT count(DISTINCT user_id) FROM submission s
                WHERE s.task_id = t.id AND s.withdrawn_at IS NULL) AS people FROM task t"""
        )
        assert [row["people"] for row in per_task] == [OVERLAP] * TASKS
        audited = await db.fetch("SELECT data->>'submission_id' AS id FROM audit_entry WHERE action = 'task.submitted'")
        assert Counter(row["id"] for row in audited) == Counter(list(stored)), "one line of the audit for each answer"
    finally:
        await db.close()
