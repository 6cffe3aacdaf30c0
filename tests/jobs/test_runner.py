"""A job exists exactly if its cause does, runs to its end whatever happens, and says how it went."""

import asyncio
import itertools
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from karat import jobs
from karat.errors import Conflict, KaratError
from karat.jobs import JobCancelled, JobFinished, Run, Runner, runner
from karat.kit import Caller, Role
from tests.jobs.conftest import Bench

SECOND = timedelta(seconds=1)


class Broken(KaratError):
    """It will not work, however often it is tried."""

    code = "test.broken"


@pytest.fixture
def caller(bench: Bench) -> Caller:
    return Caller(tenant_id=bench.tenant_id, user_id=uuid4(), role=Role.OWNER)


async def state_of(bench: Bench, job_id: UUID | None) -> object:
    return await bench.value("SELECT state FROM job WHERE id = $1", job_id)


async def until(condition: object, *, within_s: float) -> float:
    """How many seconds it took until the condition held."""
    began = asyncio.get_running_loop().time()
    while not await condition():  # type: ignore[operator]
        assert asyncio.get_running_loop().time() - began < within_s, "it did not happen in time"
        await asyncio.sleep(0.05)
    return asyncio.get_running_loop().time() - began


async def test_a_rollback_leaves_no_job_behind(bench: Bench) -> None:
    with pytest.raises(ZeroDivisionError):
        async with bench.engine.database.transaction(bench.tenant_id) as db:
            await jobs.enqueue(db, "note")
            raise ZeroDivisionError
    assert await bench.value("SELECT count(*) FROM job") == 0
    assert await bench.value("SELECT count(*) FROM pgqueuer") == 0
    await bench.runner().drain()
    assert bench.ran == []


async def test_a_job_outside_a_transaction_is_refused(bench: Bench) -> None:
    async with bench.engine.database.pool.acquire() as connection:
        from karat.database import Transaction

        with pytest.raises(AssertionError, match="outlive its cause"):
            await jobs.enqueue(Transaction(connection, bench.tenant_id), "note")


async def test_a_committed_job_runs_once_and_is_done(bench: Bench) -> None:
    job_id = await bench.enqueue()
    await bench.runner().drain()
    await bench.runner().drain()
    assert bench.ran == [job_id]
    assert await state_of(bench, job_id) == "done"


async def test_what_fails_is_tried_again_later_and_later_and_then_given_up(bench: Bench) -> None:
    attempts: list[int] = []

    async def fail(run: Run) -> None:
        attempts.append(run.attempt)
        raise RuntimeError("the network is down")

    async def once_more() -> timedelta:
        """Let it run once; how long it is put off then."""
        n = len(attempts)
        await bench.hurry()
        async with running(bench.runner({"fail": fail})):
            await until(lambda: _is(len(attempts) > n), within_s=10)
        left = await bench.value("SELECT execute_after - updated FROM pgqueuer WHERE status = 'queued'")
        return left if isinstance(left, timedelta) else timedelta()

    job_id = await bench.enqueue("fail")
    waits = []
    for _ in range(runner.MAX_ATTEMPTS - 1):
        waits.append(await once_more())
        assert await state_of(bench, job_id) == "running"
        assert await bench.value("SELECT error FROM job") == "RuntimeError: the network is down"
    assert waits[0] >= SECOND / 2
    assert all(later > earlier for earlier, later in itertools.pairwise(waits)), waits
    await once_more()
    assert attempts == list(range(1, runner.MAX_ATTEMPTS + 1))
    assert await state_of(bench, job_id) == "failed"
    await bench.hurry()
    await bench.runner({"fail": fail}).drain()
    assert len(attempts) == runner.MAX_ATTEMPTS


async def test_after_an_error_that_passes_the_job_is_done(bench: Bench) -> None:
    async def stumble(run: Run) -> None:
        if run.attempt == 1:
            raise RuntimeError("once")

    job_id = await bench.enqueue("stumble")
    await bench.runner({"stumble": stumble}).drain()  # waits for what is put off: a second
    assert await state_of(bench, job_id) == "done"
    assert await bench.value("SELECT error FROM job WHERE id = $1", job_id) is None


async def test_what_cannot_succeed_is_not_tried_again_and_says_why(bench: Bench) -> None:
    attempts: list[int] = []

    async def refuse(run: Run) -> None:
        attempts.append(run.attempt)
        raise Broken

    job_id = await bench.enqueue("refuse")
    await bench.runner({"refuse": refuse}).drain()
    assert attempts == [1]
    assert await state_of(bench, job_id) == "failed"
    assert await bench.value("SELECT error FROM job") == Broken.title()


async def test_of_equal_jobs_that_wait_there_is_one_and_of_different_ones_all(bench: Bench) -> None:
    first, second = await bench.enqueue(dedupe_key="a"), await bench.enqueue(dedupe_key="a")
    other = await bench.enqueue(dedupe_key="b")
    assert second is None
    await bench.runner().drain()
    assert set(bench.ran) == {first, other}
    assert await bench.enqueue(dedupe_key="a") is not None  # the first one has run: there is something new to see


async def test_many_who_ask_at_the_same_moment_get_one_job(bench: Bench) -> None:
    made = await asyncio.gather(*(bench.enqueue(dedupe_key="race") for _ in range(8)))
    assert len([one for one in made if one]) == 1
    await bench.runner().drain()
    assert len(bench.ran) == 1


async def test_equal_jobs_never_run_at_the_same_time(bench: Bench) -> None:
    inside, most = 0, 0

    async def careful(_: Run) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.1)
        inside -= 1

    await bench.enqueue("careful", dedupe_key="one")
    one = bench.runner({"careful": careful})
    running = asyncio.create_task(one.drain())
    await until(lambda: _is(inside == 1), within_s=5)
    await bench.enqueue("careful", dedupe_key="one")
    await asyncio.gather(running, bench.runner({"careful": careful}).drain())
    assert most == 1
    assert await bench.value("SELECT count(*) FROM job WHERE state = 'done'") == 2


@asynccontextmanager
async def running(one: Runner) -> AsyncIterator[None]:
    """The runner, until the block ends, whatever happens in it."""
    one.start()
    try:
        yield
    finally:
        await one.stop(patience_s=2)


async def _is(value: bool) -> bool:
    return value


@pytest.mark.timeout(90)
async def test_more_jobs_with_locks_than_the_pool_has_connections_do_not_wait_for_each_other(bench: Bench) -> None:
    n, done = 2 * bench.engine.settings.pool_size, 0

    async def work(run: Run) -> None:
        nonlocal done
        await asyncio.sleep(0.05)  # until all that may begin have begun, and hold their locks
        async with run.transaction() as db:
            await db.execute("SELECT 1")
        done += 1

    for at in range(n):
        await bench.enqueue("work", dedupe_key=f"{at}")
    await bench.runner({"work": work}).drain()
    assert done == n


async def test_a_cancelled_job_that_waits_never_begins(bench: Bench, caller: Caller) -> None:
    job_id = await bench.enqueue()
    assert job_id is not None
    async with bench.engine.database.transaction(bench.tenant_id) as db:
        cancelled = await jobs.cancel_job(db, caller, job_id)
    assert cancelled.state == "cancelled"
    assert cancelled.finished_at is not None
    await bench.runner().drain()
    assert bench.ran == []
    with pytest.raises(JobFinished):
        async with bench.engine.database.transaction(bench.tenant_id) as db:
            await jobs.cancel_job(db, caller, job_id)


async def test_a_cancelled_job_that_runs_stops_at_its_next_step(bench: Bench, caller: Caller) -> None:
    steps: list[int] = []

    async def stepwise(run: Run) -> None:
        for step in range(5):
            steps.append(step)
            if step == 1:
                async with run.transaction() as db:
                    await jobs.cancel_job(db, caller, run.job_id)
            await run.progress(step, 5)

    job_id = await bench.enqueue("stepwise")
    await bench.runner({"stepwise": stepwise}).drain()
    assert steps == [0, 1]
    assert await state_of(bench, job_id) == "cancelled"
    assert issubclass(JobCancelled, Exception)
    assert not issubclass(JobFinished, JobCancelled)
    assert issubclass(JobFinished, Conflict)


async def test_a_stop_lets_the_running_job_end_and_starts_no_other(bench: Bench) -> None:
    began, done = asyncio.Event(), []

    async def slow(run: Run) -> None:
        began.set()
        await asyncio.sleep(0.3)
        done.append(run.job_id)

    first = await bench.enqueue("slow")
    one = bench.runner({"slow": slow})
    one.start()
    await asyncio.wait_for(began.wait(), 10)
    await one.stop()
    assert done == [first]
    assert await state_of(bench, first) == "done"
    late = await bench.enqueue("slow")
    await asyncio.sleep(0.3)
    assert done == [first]
    await bench.runner({"slow": slow}).drain()
    assert done == [first, late]


async def test_a_job_that_outlasts_the_patience_of_a_stop_is_picked_up_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "HEARTBEAT", SECOND)
    began, finished = asyncio.Event(), []

    async def endless(run: Run) -> None:
        began.set()
        if run.attempt == 1:
            await asyncio.sleep(60)
        finished.append(run.attempt)

    job_id = await bench.enqueue("endless")
    one = bench.runner({"endless": endless})
    one.start()
    await asyncio.wait_for(began.wait(), 10)
    await one.stop(patience_s=0.1)
    assert await state_of(bench, job_id) == "running"
    async with running(bench.runner({"endless": endless})):
        await until(lambda: _is(bool(finished)), within_s=20)
    assert finished == [2]
    assert await state_of(bench, job_id) == "done"


async def test_a_job_whose_runner_was_killed_is_picked_up_by_another(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The heartbeat is shortened here from 10 s to 1 s; nothing else of the way differs."""
    monkeypatch.setattr(runner, "HEARTBEAT", SECOND)
    job_id, marker, resumed = await bench.enqueue("work"), tmp_path / "began", []
    script = Path(__file__).parents[1] / "jobs" / "runner_process.py"
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), bench.engine.queue_dsn, str(marker), env={**os.environ, "PYTHONPATH": "src"}
    )
    await until(lambda: _is(marker.exists()), within_s=30)
    assert await state_of(bench, job_id) == "running"
    process.send_signal(signal.SIGKILL)
    await process.wait()

    async def work(run: Run) -> None:
        resumed.append(run.attempt)

    async with running(bench.runner({"work": work})):
        await until(lambda: _is(bool(resumed)), within_s=20)
    assert resumed == [2]
    assert await state_of(bench, job_id) == "done"


def test_a_dead_runner_is_noticed_within_ten_seconds() -> None:
    assert timedelta(seconds=10) >= runner.HEARTBEAT
