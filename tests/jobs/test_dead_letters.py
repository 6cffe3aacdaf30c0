"""A job that failed for good stays to be seen, and is tried again when somebody says so."""

from uuid import UUID, uuid4

import pytest

from karat import jobs
from karat.jobs import Job, JobNotFailed, JobState, JobWaitsAlready, Run
from karat.jobs.errors import JobNotFound
from karat.kit import Caller, Role, utc_now
from tests.jobs.conftest import Bench
from tests.jobs.test_runner import Broken


@pytest.fixture
def caller(bench: Bench) -> Caller:
    return Caller(tenant_id=bench.tenant_id, user_id=uuid4(), role=Role.OWNER)


async def look(bench: Bench, caller: Caller, job_id: UUID | None) -> Job:
    assert job_id
    async with bench.engine.database.transaction(bench.tenant_id) as db:
        return await jobs.get_job(db, caller, job_id)


async def retry(bench: Bench, caller: Caller, job_id: UUID | None) -> Job:
    assert job_id
    async with bench.engine.database.transaction(bench.tenant_id) as db:
        return await jobs.retry_job(db, caller, job_id)


async def refuse(run: Run) -> None:
    raise Broken


async def test_a_failed_job_is_tried_anew_and_its_error_goes_when_it_is_done(bench: Bench, caller: Caller) -> None:
    job_id = await bench.enqueue("fragile")
    await bench.runner({"fragile": refuse}).drain()
    failed = await look(bench, caller, job_id)
    assert (failed.state, failed.error, failed.attempts, failed.retries) == ("failed", Broken.title(), 1, 0)
    assert failed.started_at is not None and failed.finished_at is not None

    again = await retry(bench, caller, job_id)
    assert (again.state, again.error, again.attempts, again.retries) == ("queued", Broken.title(), 0, 1)
    assert again.started_at is None and again.finished_at is None

    async def work(run: Run) -> None:
        bench.ran.append(run.job_id)

    await bench.runner({"fragile": work}).drain()
    done = await look(bench, caller, job_id)
    assert (done.state, done.error, done.attempts, done.retries) == ("done", None, 1, 1)
    assert bench.ran == [job_id]


async def test_a_job_that_fails_again_is_a_dead_letter_again(bench: Bench, caller: Caller) -> None:
    job_id = await bench.enqueue("fragile")
    for n in range(3):
        await bench.runner({"fragile": refuse}).drain()
        assert (await look(bench, caller, job_id)).state == "failed"
        assert (await retry(bench, caller, job_id)).retries == n + 1


async def test_a_cancelled_job_may_be_taken_up_again(bench: Bench, caller: Caller) -> None:
    job_id = await bench.enqueue()
    async with bench.engine.database.transaction(bench.tenant_id) as db:
        await jobs.cancel_job(db, caller, job_id)  # type: ignore[arg-type]
    await retry(bench, caller, job_id)
    await bench.runner().drain()
    assert bench.ran == [job_id]
    assert (await look(bench, caller, job_id)).state == "done"


@pytest.mark.parametrize("state", ["queued", "running", "done"])
async def test_what_has_not_failed_is_not_tried_again(bench: Bench, caller: Caller, state: str) -> None:
    job_id = await bench.enqueue()
    async with bench.engine.database.transaction(bench.tenant_id) as db:
        await db.execute("UPDATE job SET state = $2 WHERE id = $1", job_id, state)
    with pytest.raises(JobNotFailed):
        await retry(bench, caller, job_id)
    assert await bench.value("SELECT count(*) FROM pgqueuer") == 1


async def test_a_job_whose_equal_waits_already_is_not_queued_beside_it(bench: Bench, caller: Caller) -> None:
    job_id = await bench.enqueue("fragile", dedupe_key="one")
    await bench.runner({"fragile": refuse}).drain()
    await bench.enqueue("fragile", dedupe_key="one")
    with pytest.raises(JobWaitsAlready):
        await retry(bench, caller, job_id)
    assert (await look(bench, caller, job_id)).state == "failed"


async def test_a_job_of_another_tenant_is_not_there(bench: Bench, caller: Caller) -> None:
    with pytest.raises(JobNotFound):
        await retry(bench, caller, uuid4())


async def test_lists_can_be_narrowed_to_states_and_kinds(bench: Bench, caller: Caller) -> None:
    failed = await bench.enqueue("fragile")
    await bench.runner({"fragile": refuse}).drain()
    waiting, other = await bench.enqueue(), await bench.enqueue("other")

    async def ids(**wish: object) -> set[UUID]:
        async with bench.engine.database.transaction(bench.tenant_id) as db:
            return {one.id for one in (await jobs.list_jobs(db, caller, None, None, 10, **wish)).items}  # type: ignore[arg-type]

    assert await ids() == {failed, waiting, other}
    assert await ids(states=[JobState.FAILED]) == {failed}
    assert await ids(states=[JobState.QUEUED, JobState.FAILED]) == {failed, waiting, other}
    assert await ids(states=[JobState.QUEUED], name="other") == {other}
    assert await ids(states=[JobState.DONE]) == set()
    async with bench.engine.database.transaction(bench.tenant_id) as db:
        counted = await jobs.count_jobs(db, caller)
    assert (counted.queued, counted.running, counted.failed) == (2, 0, 1)


async def test_a_job_between_two_attempts_says_when_it_goes_on_and_can_be_cancelled_at_once(
    bench: Bench, caller: Caller
) -> None:
    async def fail_and_look(run: Run) -> None:
        raise RuntimeError("not now")

    job_id = await bench.enqueue("fail")
    from tests.jobs.test_runner import _is, running, until

    async with running(bench.runner({"fail": fail_and_look})):

        async def waits() -> bool:
            return (await look(bench, caller, job_id)).next_attempt_at is not None

        await until(waits, within_s=10)
    assert await _is(True)
    waiting = await look(bench, caller, job_id)
    assert waiting.next_attempt_at is not None and waiting.next_attempt_at > waiting.created_at
    assert waiting.error == "RuntimeError: not now"
    async with bench.engine.database.transaction(bench.tenant_id) as db:
        await db.execute("UPDATE job SET next_attempt_at = now() + interval '1 minute' WHERE id = $1", job_id)
        cancelled = await jobs.cancel_job(db, caller, job_id)  # type: ignore[arg-type]
    assert (cancelled.state, cancelled.next_attempt_at) == ("cancelled", None)


async def test_a_running_job_tells_its_speed_and_when_it_will_be_done(bench: Bench, caller: Caller) -> None:
    seen: list[Job] = []

    async def count(run: Run) -> None:
        await run.progress(100, 400)
        seen.append(await look(bench, caller, run.job_id))
        async with run.transaction() as db:  # as if ten seconds had gone by
            await db.execute("UPDATE job SET progress_since = progress_since - interval '10 seconds'")
        await run.progress(200, 400)
        seen.append(await look(bench, caller, run.job_id))

    job_id = await bench.enqueue("count")
    await bench.runner({"count": count}).drain()
    first, second = seen
    assert (first.rate_per_s, first.eta) == (None, None)  # one measurement is no speed
    assert second.rate_per_s == pytest.approx(100 / 10, rel=0.1)
    assert second.eta is not None
    assert (second.eta - utc_now()).total_seconds() == pytest.approx(200 / 10, abs=3)
    assert (await look(bench, caller, job_id)).eta is None
