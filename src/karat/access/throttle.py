"""Guessing gets slower: failed sign-ins are counted per account and per address, in the database.

An attempt is counted before it is judged, so that many at once are not judged as one; a success takes it back. The
counters are keyed by hashes, and the same for accounts that do not exist: the answer tells nothing.
"""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from karat.access.errors import TooManyAttempts
from karat.database import Database, Transaction

LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures are free, and how fast they are forgotten.

    Attributes:
        free: this many in a row cost nothing; each further one doubles the wait, from a second on.
        forget_one: time in which one failure is forgotten.
    """

    free: int
    forget_one: timedelta


ACCOUNT = Limit(free=5, forget_one=timedelta(minutes=15))
# A whole office may share an address.
ADDRESS = Limit(free=50, forget_one=timedelta(seconds=20))
# Questions that cost a row each, right or wrong.
REQUESTS = Limit(free=300, forget_one=timedelta(seconds=1))


@dataclass(frozen=True, slots=True)
class Counter:
    """What is known of one account or address."""

    failures: float
    counted_at: datetime
    blocked_until: datetime


@dataclass(frozen=True, slots=True)
class Guard:
    """One counter that an attempt has to pass."""

    key: bytes
    limit: Limit


def account_guard(tenant: str, email: str) -> Guard:
    """For guesses at one account of a tenant, whether there is one or not."""
    return Guard(_key("account", tenant, email.strip().casefold()), ACCOUNT)


def address_guard(address: str) -> Guard:
    """For everything that fails from one network address; of IPv6, from one network of 64 bits."""
    return Guard(_key("address", network_of(address)), ADDRESS)


def request_guard(address: str) -> Guard:
    """For questions of strangers that are neither right nor wrong; these are never taken back."""
    return Guard(_key("requests", network_of(address)), REQUESTS)


def network_of(address: str) -> str:
    """What one subscriber has: an address of IPv4, however it is written; 64 bits of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)


def count_failure(before: Counter | None, limit: Limit, now: datetime) -> Counter:
    """The counter after one more failure."""
    failures = 1.0
    if before is not None:
        failures += max(0.0, before.failures - (now - before.counted_at) / limit.forget_one)
    return Counter(failures, now, now + wait_after(failures, limit))


def wait_after(failures: float, limit: Limit) -> timedelta:
    """How long the next attempt has to wait."""
    over = failures - limit.free
    if over <= 0:
        return timedelta(0)
    return min(LONGEST_WAIT, timedelta(seconds=2.0 ** min(over - 1, 20)))


async def enter(database: Database, guards: Sequence[Guard], now: datetime) -> None:
    """Count an attempt before it is judged; in a transaction of its own, since the attempt's own may be rolled back.

    Raises:
        TooManyAttempts: one of the counters says to wait; then nothing is counted.
    """
    ordered = sorted(guards, key=lambda guard: guard.key)  # always in one order: two attempts never wait for each other
    async with database.transaction(None) as db:
        counters = [await _lock(db, guard.key, now) for guard in ordered]
        blocked_until = max((one.blocked_until for one in counters), default=now)
        if blocked_until > now:
            seconds = -((now - blocked_until) // timedelta(seconds=1))
            raise TooManyAttempts(retry_after_s=max(1, seconds))
        for guard, before in zip(ordered, counters, strict=True):
            after = count_failure(before, guard.limit, now)
            await db.execute(
                "UPDATE throttle SET failures = $2, counted_at = $3, blocked_until = $4 WHERE key = $1",
                guard.key,
                after.failures,
                after.counted_at,
                after.blocked_until,
            )


async def succeed(db: Transaction, guards: Sequence[Guard]) -> None:
    """Take the attempt back: an account begins anew; of an address only this attempt is forgotten.

    Otherwise whoever has one account could guess at all others between two sign-ins of their own.
    """
    for guard in sorted(guards, key=lambda guard: guard.key):
        if guard.limit is ACCOUNT:
            await db.execute("DELETE FROM throttle WHERE key = $1", guard.key)
        else:
            await db.execute(
                "UPDATE throttle SET failures = greatest(0, failures - 1), blocked_until = counted_at WHERE key = $1",
                guard.key,
            )


async def forget_old(db: Transaction) -> None:
    """Drop the counters of whom nobody has heard for long."""
    await db.execute("DELETE FROM throttle WHERE counted_at < clock_timestamp() - $1::interval", FORGOTTEN_AFTER)


async def _lock(db: Transaction, key: bytes, now: datetime) -> Counter:
    row = await db.fetch_row(
        """INSERT INTO throttle (key, failures, counted_at, blocked_until) VALUES ($1, 0, $2, $2)
        ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING failures, counted_at, blocked_until""",
        key,
        now,
    )
    assert row is not None
    return Counter(row["failures"], row["counted_at"], row["blocked_until"])


def _key(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()
