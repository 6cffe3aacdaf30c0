"""Transactions, and what is left of them when the server's side goes away."""

import asyncio

import pytest

from karat.database.engine import DatabaseUnavailable
from tests.support.world import World


@pytest.mark.parametrize("pause_s", [0.0, 0.1])
async def test_a_connection_that_dies_within_a_transaction_is_told_as_unavailable(world: World, pause_s: float) -> None:
    async def die_in_the_middle() -> None:
        async with world.engine.database.transaction(world.tenant_id) as db:
            pid = await db.fetch_value("SELECT pg_backend_pid()")
            async with world.engine.database.transaction(None) as other:
                await other.execute("SELECT pg_terminate_backend($1)", pid)
            await asyncio.sleep(pause_s)
            await db.execute("SELECT 1")

    for _ in range(5):
        with pytest.raises(DatabaseUnavailable):
            await die_in_the_middle()


async def test_an_error_of_our_own_undoes_the_transaction_and_passes_through(world: World) -> None:
    async def fail_in_the_middle() -> None:
        async with world.engine.database.transaction(world.tenant_id) as db:
            await db.execute("UPDATE tenant SET name = 'changed' WHERE id = $1", world.tenant_id)
            raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        await fail_in_the_middle()
    async with world.engine.database.transaction(world.tenant_id) as db:
        assert await db.fetch_value("SELECT name FROM tenant WHERE id = $1", world.tenant_id) != "changed"
