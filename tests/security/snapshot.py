"""A fingerprint of everything that a tenant has in the database: equal before and after means that nothing was written."""

from collections.abc import Collection

from tests.security.scene import Scene


async def fingerprint(scene: Scene, *, but: Collection[str] = ()) -> dict[str, str]:
    """A hash of each of the tenant's tables, of its events, and of the number of queued jobs.

    Args:
        but: tables to leave out.
    """
    async with scene.world.engine.database.transaction(scene.world.tenant_id) as db:
        found = await db.fetch("SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity ORDER BY relname")
        tables = [f"SELECT '{row['relname']}' AS name, t::text AS line FROM {row['relname']} t" for row in found]
        tables.append("SELECT 'event', e::text FROM event e WHERE tenant_id = current_setting('app.tenant')::uuid")
        tables.append("SELECT 'pgqueuer', id::text FROM pgqueuer")
        rows = await db.fetch(
            f"SELECT name, md5(string_agg(line, ';' ORDER BY line)) AS hash FROM ({' UNION ALL '.join(tables)}) "
            "GROUP BY name"
        )
    return {row["name"]: row["hash"] for row in rows if row["name"] not in but}
