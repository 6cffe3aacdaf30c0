"""The chore that drops what nobody can use any more: challenges, old sessions and links, forgotten counters."""

from karat.access import proof_store, throttle
from karat.database import Transaction

TIDY_ROUND_S = 3600.0


async def tidy(db: Transaction) -> None:
    """For one tenant; safe to run twice."""
    await proof_store.forget_expired(db)
    await throttle.forget_old(db)
