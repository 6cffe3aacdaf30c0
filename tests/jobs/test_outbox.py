"""Events are heard exactly when their cause was committed, in the order of their tenant, and again after an error."""

import asyncio
from uuid import UUID

import pytest

from karat import jobs
from karat.database import Transaction
from karat.jobs import Event, Subscriber
from karat.kit import new_id
from tests.jobs.conftest import Bench


def listening(heard: list[object], event: str = "fact") -> Subscriber:
    async def hear(db: Transaction, events: list[Event]) -> None:
        heard.extend((db.tenant_id, one.payload["n"]) for one in events)

    return Subscriber(event, hear)


async def publish(bench: Bench, *numbers: int, name: str = "fact") -> None:
    async with bench.engine.database.transaction(bench.tenant_id) as db:
        for n in numbers:
            await jobs.publish(db, name, n=n)


async def test_what_was_rolled_back_is_never_heard(bench: Bench) -> None:
    heard: list[object] = []
    with pytest.raises(ZeroDivisionError):
        async with bench.engine.database.transaction(bench.tenant_id) as db:
            await jobs.publish(db, "fact", n=1)
            raise ZeroDivisionError
    await bench.runner(subscribers=[listening(heard)]).drain()
    assert heard == []


async def test_events_are_heard_once_and_in_order_under_their_tenant(bench: Bench) -> None:
    heard: list[object] = []
    await publish(bench, *range(50))
    await publish(bench, *range(50, 2500))  # more than a batch
    one = bench.runner(subscribers=[listening(heard)])
    await one.drain()
    await one.drain()
    assert heard == [(bench.tenant_id, n) for n in range(2500)]


async def test_two_runners_do_not_bring_the_events_of_a_tenant_out_of_order(bench: Bench) -> None:
    heard: list[int] = []

    async def slowly_at_first(_: Transaction, events: list[Event]) -> None:
        await asyncio.sleep(0.3 if events[0].payload["n"] == 0 else 0)
        heard.extend(one.payload["n"] for one in events)

    await publish(bench, *range(1500))
    runners = [bench.runner(subscribers=[Subscriber("fact", slowly_at_first)]) for _ in range(2)]
    await asyncio.gather(*(one.drain() for one in runners))
    assert heard == list(range(1500))


async def test_only_who_asked_for_an_event_hears_it_and_all_of_those_do(bench: Bench) -> None:
    one: list[object] = []
    two: list[object] = []
    other: list[object] = []
    await publish(bench, 1)
    await bench.runner(subscribers=[listening(one), listening(two), listening(other, "another")]).drain()
    assert (len(one), len(two), other) == (1, 1, [])


async def test_after_an_error_of_one_listener_the_events_are_still_there_for_all(bench: Bench) -> None:
    heard: list[object] = []
    calls = 0

    async def stumble(db: Transaction, events: list[Event]) -> None:
        nonlocal calls
        calls += 1
        await jobs.enqueue(db, "note")  # belongs to the same transaction
        if calls == 1:
            raise RuntimeError("once")

    await publish(bench, 7)
    one = bench.runner(subscribers=[listening(heard), Subscriber("fact", stumble)])
    with pytest.raises(RuntimeError):
        await one.drain()
    assert await bench.value("SELECT count(*) FROM event") == 1
    assert await bench.value("SELECT count(*) FROM job") == 0
    await one.drain()
    assert heard == [(bench.tenant_id, 7)] * 2  # at least once: listeners are safe to run twice
    assert await bench.value("SELECT count(*) FROM event") == 0
    assert len(bench.ran) == 1


async def test_one_tenants_listener_sees_nothing_of_another_tenant(bench: Bench) -> None:
    stranger, heard = new_id(), list[tuple[UUID | None, int]]()

    async def count(db: Transaction, events: list[Event]) -> None:
        heard.append((db.tenant_id, await db.fetch_value("SELECT count(*) FROM dataset")))

    async with bench.engine.database.transaction(stranger) as db:
        await db.execute("INSERT INTO tenant (id, name) VALUES ($1, 'Stranger')", stranger)
        await db.execute(
            "INSERT INTO dataset (tenant_id, id, name, modality) VALUES ($1, $1, 'Theirs', 'text')", stranger
        )
        await jobs.publish(db, "fact", n=1)
    await publish(bench, 2)
    await bench.runner(subscribers=[Subscriber("fact", count)]).drain()
    assert sorted(heard, key=str) == sorted([(stranger, 1), (bench.tenant_id, 0)], key=str)
