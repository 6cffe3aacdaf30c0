"""Identifiers: UUIDv7, so that ids sort by the time they were made and indexes grow at their end."""

import os
import time
from threading import Lock
from uuid import UUID

_lock = Lock()
_last = 0


def new_id() -> UUID:
    """A UUIDv7, strictly increasing within this process.

    The 12 bits after the millisecond count its fractions; when two ids fall on the same count the later one is moved
    up by one, as RFC 9562 section 6.2 (method 3) allows.
    """
    global _last  # noqa: PLW0603 - one clock per process is the point
    now = time.time_ns()
    stamp = ((now // 1_000_000) << 12) | ((now % 1_000_000) * 4096 // 1_000_000)
    with _lock:
        stamp = _last = max(stamp, _last + 1)
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64
    value |= 0b10 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=value)
