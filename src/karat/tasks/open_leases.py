"""How much work is held right now, for those who watch over the server."""

from karat.database import Transaction


async def count_open_leases(db: Transaction) -> int:
    """Assignments of the tenant that somebody holds."""
    return int(await db.fetch_value("SELECT count(*) FROM assignment WHERE state = 'held'"))
