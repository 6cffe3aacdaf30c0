"""What the database itself says about the isolation of tenants; asked of its catalogue, so no table is forgotten."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from karat.api.engine import Engine
from karat.database.engine import APP_ROLE
from karat.database.names import QUEUE_TABLES, SHARED_TABLES
from karat.kit import new_id
from tests.security.scene import Scene
from tests.support.world import World

pytestmark = pytest.mark.requirement("SEC-1")
APPEND_ONLY = {
    "audit_entry": {"seal_id", "position", "sha256"},  # what the sealer adds; never the content
    "audit_seal": set(),
    "submission": {"withdrawn_at"},
    "review": set(),
    "certificate": set(),
    "ontology_version": set(),
    "instructions": set(),
}


@pytest.fixture
async def catalogue(engine: Engine) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the application's role; the catalogue is open to everybody."""
    async with engine.database.pool.acquire() as connection:
        yield connection


async def tables(catalogue: asyncpg.Connection) -> set[str]:
    rows = await catalogue.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'f', 'm')"
    )
    return {row["relname"] for row in rows}


async def tenant_tables(catalogue: asyncpg.Connection) -> set[str]:
    return await tables(catalogue) - SHARED_TABLES - QUEUE_TABLES


async def test_every_table_is_isolated_or_on_the_list_of_those_that_are_not(catalogue: asyncpg.Connection) -> None:
    rows = await catalogue.fetch(
        """SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced,
            (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) AS n_policies,
            (SELECT bool_and(polpermissive AND polcmd = '*' AND polroles = '{0}' AND polqual IS NOT NULL
                AND polwithcheck IS NOT NULL
                AND pg_get_expr(polqual, polrelid) LIKE '%current_setting(''app.tenant''::text))::uuid%'
                AND pg_get_expr(polqual, polrelid) = pg_get_expr(polwithcheck, polrelid))
            FROM pg_policy p WHERE p.polrelid = c.oid) AS whole
        FROM pg_class c WHERE c.relname = ANY($1) AND c.relnamespace = 'public'::regnamespace""",
        list(await tenant_tables(catalogue)),
    )
    assert len(rows) > 15
    assert {row["relname"] for row in rows if not (row["forced"] and row["n_policies"] == 1 and row["whole"])} == set()


async def test_no_table_with_a_tenant_is_on_the_list_but_the_outbox(catalogue: asyncpg.Connection) -> None:
    rows = await catalogue.fetch(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'tenant_id' AND table_schema = 'public'"
    )
    assert {row["table_name"] for row in rows} & (SHARED_TABLES | QUEUE_TABLES) == {"event"}


async def test_the_application_owns_nothing_and_passes_no_policy(catalogue: asyncpg.Connection) -> None:
    role = await catalogue.fetchrow("SELECT * FROM pg_roles WHERE rolname = $1", APP_ROLE)
    assert role is not None
    assert not any(
        role[name] for name in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
    )
    assert await catalogue.fetchval("SELECT current_user") == APP_ROLE
    owned = await catalogue.fetch("SELECT relname FROM pg_class WHERE relowner = $1::regrole", APP_ROLE)
    assert owned == []
    higher = await catalogue.fetch("SELECT roleid::regrole FROM pg_auth_members WHERE member = $1::regrole", APP_ROLE)
    assert higher == []


async def test_views_ask_with_the_rights_of_who_asks(catalogue: asyncpg.Connection) -> None:
    views = await catalogue.fetch(
        """SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
        AND NOT coalesce(reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on']"""
    )
    assert views == []


async def test_no_function_lends_rights_without_a_pinned_search_path(catalogue: asyncpg.Connection) -> None:
    functions = await catalogue.fetch(
        """SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT 1 FROM unnest(coalesce(proconfig, '{}')) c WHERE c LIKE 'search_path=%')"""
    )
    assert functions == []


async def test_keys_and_unique_indexes_begin_with_the_tenant(catalogue: asyncpg.Connection) -> None:
    rows = await catalogue.fetch(
        """SELECT i.indexrelid::regclass::text AS name, a.attname FROM pg_index i
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE (i.indisunique OR i.indisprimary) AND i.indrelid::regclass::text = ANY($1)""",
        [f'"{name}"' if name == "user" else name for name in await tenant_tables(catalogue)],
    )
    assert len(rows) > 15
    assert [row["name"] for row in rows if row["attname"] != "tenant_id"] == []


async def test_foreign_keys_cannot_point_into_another_tenant(catalogue: asyncpg.Connection) -> None:
    rows = await catalogue.fetch(
        """SELECT conname, confrelid::regclass::text AS target,
            (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) AS own,
            (SELECT attname FROM pg_attribute WHERE attrelid = confrelid AND attnum = confkey[1]) AS other
        FROM pg_constraint WHERE contype = 'f'"""
    )
    wrong = [
        row["conname"]
        for row in rows
        if row["target"].strip('"') not in SHARED_TABLES and (row["own"], row["other"]) != ("tenant_id", "tenant_id")
    ]
    assert len(rows) > 20
    assert wrong == []


async def test_what_is_only_added_to_cannot_be_changed_or_deleted(catalogue: asyncpg.Connection) -> None:
    for table, changeable in APPEND_ONLY.items():
        may = await catalogue.fetchrow(
            """SELECT has_table_privilege($1, 'UPDATE') AS update, has_table_privilege($1, 'DELETE') AS delete,
            has_table_privilege($1, 'TRUNCATE') AS truncate""",
            table,
        )
        assert may is not None
        assert not (may["update"] or may["delete"] or may["truncate"]), table
        columns = await catalogue.fetch(
            """SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0
            AND has_column_privilege($1, attname, 'UPDATE')""",
            table,
        )
        assert {row["attname"] for row in columns} == changeable, table


async def test_without_a_tenant_every_isolated_table_refuses_to_answer(
    engine: Engine, scenes: tuple[Scene, Scene]
) -> None:
    tenant_id, filled = scenes[0].world.tenant_id, []
    async with engine.database.pool.acquire() as connection:
        for table in sorted(await tenant_tables(connection)):
            async with engine.database.transaction(tenant_id) as db:
                if not await db.fetch_value(f"SELECT count(*) FROM {table}"):
                    continue  # the policy is asked of rows, so an empty table answers: with nothing
            filled.append(table)
            with pytest.raises((asyncpg.UndefinedObjectError, asyncpg.InvalidTextRepresentationError)):
                await connection.fetch(f"SELECT 1 FROM {table} LIMIT 1")
    assert len(filled) >= 15, filled


async def test_a_row_of_another_tenant_can_be_neither_written_nor_changed_nor_taken_over(world: World) -> None:
    stranger = new_id()
    async with world.engine.database.transaction(stranger) as db:
        await db.execute("INSERT INTO tenant (id, name) VALUES ($1, 'Stranger')", stranger)
    await world.owner.post("/api/datasets", {"name": "Ours", "modality": "text"})
    insert = "INSERT INTO dataset (tenant_id, id, name, modality) VALUES ($1, $2, 'x', 'text')"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.engine.database.transaction(stranger) as db:
            await db.execute(insert, world.tenant_id, uuid4())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.engine.database.transaction(world.tenant_id) as db:
            await db.execute("UPDATE dataset SET tenant_id = $1", stranger)
    async with world.engine.database.transaction(stranger) as db:
        assert await db.execute("UPDATE dataset SET name = 'mine'") == 0
        assert await db.execute("DELETE FROM dataset") == 0
        assert await db.fetch_value("SELECT count(*) FROM dataset") == 0
