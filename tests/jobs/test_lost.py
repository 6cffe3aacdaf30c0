"""A job that has not ended is run, even when the queue has lost it."""

from uuid import UUID

import asyncpg
import pytest

from karat import jobs
from karat.jobs import Run, runner
from tests.jobs.conftest import Bench


async def recover(bench: Bench) -> None:
    async with bench.engine.database.transaction(bench.tenant_id) as db:
        await jobs.recover_lost(db)


async def entries(bench: Bench) -> object:
    return await bench.value("SELECT count(*) FROM pgqueuer")


@pytest.mark.parametrize("state", ["queued", "running"])
async def test_a_job_whose_entry_is_gone_is_queued_again_and_done(bench: Bench, state: str) -> None:
    job_id = await bench.enqueue()
    other = await bench.enqueue()
    async with bench.engine.database.transaction(bench.tenant_id) as db:
        await db.execute("DELETE FROM pgqueuer WHERE convert_from(payload, 'UTF8') LIKE '%' || $1 || '%'", str(job_id))
        await db.execute("UPDATE job SET state = $2 WHERE id = $1", job_id, state)
    await bench.runner().drain()
    assert bench.ran == [other], "nobody knows of it"
    await recover(bench)
    assert "queued again" in str(await bench.value("SELECT error FROM job WHERE id = $1", job_id))
    await bench.runner().drain()
    assert bench.ran == [other, job_id]
    row = "SELECT state || ' ' || coalesce(error, 'without error') FROM job WHERE id = $1"
    assert await bench.value(row, job_id) == "done without error"


async def test_what_the_queue_knows_of_is_left_alone(bench: Bench) -> None:
    ended = [await bench.enqueue() for _ in range(2)]
    await bench.runner().drain()
    waiting = await bench.enqueue()
    await recover(bench)
    await recover(bench)
    assert await entries(bench) == 1
    await bench.runner().drain()
    assert bench.ran == [*ended, waiting]
    await recover(bench)
    assert await entries(bench) == 0


async def test_a_job_in_the_hands_of_a_runner_is_not_queued_a_second_time(bench: Bench) -> None:
    seen: list[object] = []

    async def look(run: Run) -> None:
        await recover(bench)
        seen.append(await entries(bench))

    await bench.enqueue("look")
    await bench.runner({"look": look}).drain()
    assert seen == [1]


@pytest.mark.slow
async def test_a_job_that_the_queue_has_given_up_because_of_the_database_goes_on_when_that_is_well(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_db: object, _job_id: UUID, *_more: object) -> None:
        raise asyncpg.InterfaceError("the connection is closed")

    job_id = await bench.enqueue()
    with monkeypatch.context() as patched:
        patched.setattr(runner.store, "finish", broken)
        for _ in range(runner.MAX_ATTEMPTS + 2):
            await bench.runner().drain()
            await bench.hurry()
    assert await bench.value("SELECT state FROM job WHERE id = $1", job_id) == "running"
    assert await bench.value("SELECT string_agg(status::text, ' ') FROM pgqueuer") == "failed", "held back for good"
    await recover(bench)
    assert await entries(bench) == 1
    await bench.runner().drain()
    assert await bench.value("SELECT state FROM job WHERE id = $1", job_id) == "done"
    assert await entries(bench) == 0


async def test_one_tenants_round_does_not_touch_anothers_jobs(bench: Bench) -> None:
    await bench.enqueue()
    async with bench.engine.database.transaction(UUID(int=1)) as db:
        await jobs.recover_lost(db)
    assert await entries(bench) == 1
