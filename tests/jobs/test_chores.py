"""What comes round by itself can be seen: that it did, when it will, and what went wrong."""

from uuid import uuid4

import pytest

from karat import jobs
from karat.database import Transaction
from karat.jobs import Chore, ChoreStatus, periodic
from karat.jobs.periodic import Chores
from karat.kit import Caller, Role, new_id
from tests.jobs.conftest import Bench


async def seen(bench: Bench) -> dict[str, ChoreStatus]:
    caller = Caller(tenant_id=bench.tenant_id, user_id=uuid4(), role=Role.OWNER)
    async with bench.engine.database.transaction(bench.tenant_id) as db:
        return {one.name: one for one in await jobs.list_chores(db, caller)}


async def test_a_round_is_noted_with_its_time_and_the_next_one(bench: Bench) -> None:
    async def nothing(_: Transaction) -> None:
        pass

    chore = Chore(f"good.{new_id()}", 20.0, nothing)
    await Chores(bench.engine.database, [chore]).run_once(chore)
    found = (await seen(bench))[chore.name]
    assert (found.every_s, found.error, found.failures_in_a_row) == (20.0, None, 0)
    assert found.last_good_at == found.last_run_at
    assert (found.next_run_at - found.last_run_at).total_seconds() == 20


async def test_failures_are_counted_and_the_last_error_stays_when_it_goes_well_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_broken = True

    async def sometimes(db: Transaction) -> None:
        await db.execute("INSERT INTO event (tenant_id, name, payload) VALUES ($1, 'trace', '{}')", db.tenant_id)
        if is_broken:
            raise RuntimeError("the disk is slow")

    chore = Chore(f"bad.{new_id()}", 1.0, sometimes)
    all_chores = Chores(bench.engine.database, [chore])
    for n in (1, 2, 3):
        await all_chores.run_once(chore)
        found = (await seen(bench))[chore.name]
        assert (found.failures_in_a_row, found.error, found.last_good_at) == (n, "RuntimeError: the disk is slow", None)
    assert await bench.value("SELECT count(*) FROM event WHERE tenant_id = $1", bench.tenant_id) == 0  # rolled back
    is_broken = False
    await all_chores.run_once(chore)
    good = (await seen(bench))[chore.name]
    assert (good.failures_in_a_row, good.error) == (0, "RuntimeError: the disk is slow")
    assert good.error_at is not None and good.last_good_at is not None and good.error_at < good.last_good_at


async def test_untroubled_rounds_are_noted_now_and_then_only_and_a_failure_at_once(bench: Bench) -> None:
    fails = False

    async def maybe(_: Transaction) -> None:
        if fails:
            raise RuntimeError("now")

    chore = Chore(f"often.{new_id()}", 0.01, maybe)
    all_chores = Chores(bench.engine.database, [chore])
    await all_chores.run_once(chore)
    first = (await seen(bench))[chore.name]
    await all_chores.run_once(chore)
    assert (await seen(bench))[chore.name] == first, f"noted again within {periodic.NOTED_EVERY_S} s"
    fails = True
    await all_chores.run_once(chore)
    assert (await seen(bench))[chore.name].failures_in_a_row == 1
