"""New ids for what is imported, made from the old ones so that either gives the other.

An import adds one number of its own, its shift, to the free bits of every id. So ids keep their order (a draw that is
under way is made over assets in the order of their ids), an import that was cut off makes the same ids again, and the
old id of anything is found by subtraction: `original`. Version and variant of a UUID stay as they are.
"""

import hashlib
from uuid import UUID

_LOW = (1 << 62) - 1
_FREE = 1 << 122


def shift_of(import_id: UUID) -> int:
    """The import's shift: from 1 to 2^62, which moves the time in an id by less than a microsecond."""
    return 1 + (int.from_bytes(hashlib.sha256(b"karat.import/1\n" + import_id.bytes).digest()[:8], "big") & _LOW)


def moved(value: UUID, shift: int) -> UUID:
    """The id in the new place."""
    number = value.int
    version, variant = (number >> 76) & 0xF, (number >> 62) & 0x3
    free = ((number >> 80) << 74) | (((number >> 64) & 0xFFF) << 62) | (number & _LOW)
    free = (free + shift) % _FREE
    return UUID(int=(free >> 74) << 80 | version << 76 | ((free >> 62) & 0xFFF) << 64 | variant << 62 | (free & _LOW))


def original(value: UUID, shift: int) -> UUID:
    """The id that it had."""
    return moved(value, -shift)
