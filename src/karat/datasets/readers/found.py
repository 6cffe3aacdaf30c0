"""What a reader finds: assets and faults, one after the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from karat.kit import Fault
from karat.storage import Reference

MAX_NAME = 1000


@dataclass(frozen=True, slots=True)
class FoundAsset:
    """One asset as its source has it; what it really is, `karat.datasets.inspect` says.

    Attributes:
        position: from 0, counts assets and faults alike; an import that was interrupted goes on with `start`.
        external_id: the source's own id, or its path within the source; None where it has neither.
        name: for people; a hostile one is only text and never becomes a path.
        where: what a fault calls it: `row 7`, `entry a/b.png`.
        reference: where it lies in a bucket and is to stay; None for what is to be stored.
    """

    position: int
    external_id: str | None
    name: str
    content: bytes
    where: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class FoundPointer:
    """One asset whose content has yet to be fetched, from an address or a bucket.

    Attributes:
        url, key: one of the two.
        size: in bytes, where the source tells.
    """

    position: int
    external_id: str | None
    name: str
    where: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    key: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class FoundFault:
    """What could not be taken, at its position.

    Attributes:
        ends_reading: nothing after it was read.
    """

    position: int
    fault: Fault
    ends_reading: bool = False


Item: TypeAlias = FoundAsset | FoundFault | FoundPointer
Found: TypeAlias = Iterator[Item]


def refuse(
    position: int, code: str, message: str, where: str, hint: str | None = None, *, ends_reading: bool = False
) -> FoundFault:
    """A fault at a position."""
    return FoundFault(position, Fault(code=code, message=message, where=where, hint=hint), ends_reading)


def name_fault(name: str) -> str | None:
    """Why a path inside a source cannot be the name of an asset, or None."""
    if not name or len(name) > MAX_NAME:
        return f"The name is empty or longer than {MAX_NAME} characters."
    if any(ord(character) < 32 or 0xD800 <= ord(character) < 0xE000 for character in name):
        return "The name holds a control character or is not UTF-8."
    return None


def is_junk(path: str) -> bool:
    """Whether a path is what an operating system leaves behind, or hidden; readers pass over it without a word."""
    parts = [part for part in path.split("/") if part not in {".", ".."}]
    return any(part.startswith(".") or part in {"__MACOSX", "Thumbs.db", "desktop.ini"} for part in parts)
