"""The hash chain of a tenant's audit entries: what was written cannot be changed, taken out or slipped in unseen.

Each entry's hash covers the one before it, so a chain is fixed by its last hash, the head. Entries are chained in
batches; a batch ends in a seal, which signs the head and the number of entries (Ed25519). Whoever can write the
database but has not the key can therefore change nothing that was sealed without breaking the chain at that place. What
a chain alone cannot show is that its end was cut off: for that a seal is kept outside the database and given back as
checkpoint.

    hash of an entry = SHA-256("karat.audit.entry/1\\n" + hash before it (32 bytes) + canonical JSON of the entry)
    hash before the first = 32 zero bytes
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import AwareDatetime, Field, StringConstraints

from karat.kit import Record
from karat.kit.canonical import NotCanonical, canonical_json
from karat.kit.signing import is_signed, sign_json

GENESIS = bytes(32)
"""The hash before the first entry."""

_PREFIX = b"karat.audit.entry/1\n"
_Hex: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_Entry: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChainedEntry:
    """An entry with its place in the chain.

    Attributes:
        position: from 1, without gaps.
        entry: all fields of the row that the chain protects, as JSON values.
        sha256: the hash that was stored with the row when it was sealed.
    """

    position: int
    entry: _Entry
    sha256: bytes


class Seal(Record):
    """The signed end of a batch; kept outside the database it is a checkpoint.

    Attributes:
        signature: over the canonical JSON of all other fields, in hexadecimal.
    """

    format: Literal["karat.audit.seal/1"] = "karat.audit.seal/1"
    tenant_id: UUID
    first_position: Annotated[int, Field(ge=1)]
    last_position: Annotated[int, Field(ge=1)]
    head_sha256: _Hex
    sealed_at: AwareDatetime
    signature: str = ""

    def unsigned(self) -> dict[str, Any]:
        """What the signature covers; the moment in UTC, whatever zone a database gave it back in."""
        moment = self.sealed_at.astimezone(UTC).isoformat(timespec="microseconds")
        return self.model_dump(mode="json", exclude={"signature"}) | {"sealed_at": moment}


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain is broken first.

    Attributes:
        position: of the entry.
        code: `entry.changed`, `entry.removed`, `entry.inserted`, `seal.forged`, `seal.broken`, `tail.removed`.
        sentence: for people.
    """

    position: int
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification found.

    Attributes:
        n_entries: sealed entries that were read and found whole.
        n_unsealed: entries behind the last seal, which nothing protects yet.
        broken: the first break, or None for a whole chain.
    """

    n_entries: int
    n_unsealed: int
    head: bytes
    broken: Break | None


def chain(previous: bytes, entries: Iterable[_Entry]) -> list[bytes]:
    """The hash of each entry, given the hash before the first of them."""
    hashes = []
    for entry in entries:
        previous = hashlib.sha256(_PREFIX + previous + canonical_json(entry)).digest()
        hashes.append(previous)
    return hashes


def seal(
    hashes: Sequence[bytes],
    first_position: int,
    *,
    tenant_id: UUID,
    sealed_at: datetime,
    private_key: Ed25519PrivateKey,
) -> Seal:
    """Sign the end of a batch.

    Args:
        hashes: of the batch's entries, at least one, from `chain`.
        first_position: of the batch, one above the last seal's `last_position`.
    """
    unsigned = Seal(
        tenant_id=tenant_id,
        first_position=first_position,
        last_position=first_position + len(hashes) - 1,
        head_sha256=hashes[-1].hex(),
        sealed_at=sealed_at,
    )
    return unsigned.model_copy(update={"signature": sign_json(unsigned.unsigned(), private_key)})


def verify_chain(
    entries: Iterable[ChainedEntry], seals: Iterable[Seal], public_key: str, *, checkpoint: Seal | None = None
) -> ChainReport:
    """Recompute the chain from its first entry, and find the first place at which it is broken.

    Args:
        entries: those that were sealed, by position; read once, so they may come from a cursor.
        seals: by position, read once.
        public_key: hexadecimal, from outside the database.
        checkpoint: a seal that was kept outside the database: entries up to it must still be there.
    """
    walk = _Walk(public_key)
    found = walk.through(entries, iter(seals))
    if found is None and checkpoint is not None:
        found = walk.against(checkpoint)
    return ChainReport(walk.n_sealed, walk.position - walk.n_sealed, walk.head, found)


class _Walk:
    """One pass over the chain: the position and hash reached so far."""

    def __init__(self, public_key: str) -> None:
        self.public_key = public_key
        self.position = 0
        self.n_sealed = 0
        self.head = GENESIS
        self.tenant_id: UUID | None = None
        self._heads_of_seals: dict[int, str] = {}

    def through(self, entries: Iterable[ChainedEntry], seals: Iterator[Seal]) -> Break | None:
        following = next(seals, None)
        broken = self._seal_fault(following)
        for one in entries:
            broken = broken or self._step(one)
            if broken is None and following is not None and self.position == following.last_position:
                broken = self._close(following)
                following = next(seals, None)
                broken = broken or self._seal_fault(following)
            if broken:
                return broken
        return broken or (self._missing_tail(following.last_position) if following else None)

    def against(self, checkpoint: Seal) -> Break | None:
        if not is_signed(checkpoint.unsigned(), checkpoint.signature, self.public_key):
            return Break(checkpoint.last_position, "seal.forged", "The checkpoint is not signed with this key.")
        if self.tenant_id not in {None, checkpoint.tenant_id}:
            return Break(checkpoint.last_position, "seal.forged", "The checkpoint is that of another tenant.")
        if self.n_sealed < checkpoint.last_position:
            return self._missing_tail(checkpoint.last_position)
        if self._heads_of_seals.get(checkpoint.last_position) != checkpoint.head_sha256:
            sentence = "The chain was written anew: it is whole, but not the one that the checkpoint was taken of."
            return Break(checkpoint.last_position, "entry.changed", sentence)
        return None

    def _step(self, one: ChainedEntry) -> Break | None:
        expected = self.position + 1
        if one.position > expected:
            return Break(expected, "entry.removed", f"Entry {expected} is missing; {one.position} comes next.")
        if one.position < expected:
            return Break(one.position, "entry.inserted", f"Entry {one.position} stands there twice.")
        try:
            (computed,) = chain(self.head, [one.entry])
        except NotCanonical:  # what was sealed had a canonical spelling
            computed = b""
        if computed != one.sha256 or not computed:
            sentence = f"Entry {expected} is not what was sealed: its content does not give its hash."
            return Break(expected, "entry.changed", sentence)
        self.position, self.head = expected, computed
        return None

    def _seal_fault(self, one: Seal | None) -> Break | None:
        if one is None:
            return None
        where = f"The seal of entries {one.first_position} to {one.last_position}"
        if not is_signed(one.unsigned(), one.signature, self.public_key):
            return Break(one.first_position, "seal.forged", f"{where} is not signed with this key.")
        if self.tenant_id not in {None, one.tenant_id}:
            return Break(one.first_position, "seal.forged", f"{where} is that of another tenant.")
        if one.first_position != self.n_sealed + 1 or one.last_position < one.first_position:
            sentence = f"{where} does not follow the one before it, which ended at {self.n_sealed}."
            return Break(self.n_sealed + 1, "seal.broken", sentence)
        return None

    def _close(self, one: Seal) -> Break | None:
        if one.head_sha256 != self.head.hex():
            sentence = (
                f"Entries {one.first_position} to {one.last_position} are a chain, but not the one that was sealed: "
                "hashes were written anew from one of them on."
            )
            return Break(one.first_position, "seal.broken", sentence)
        self.tenant_id, self.n_sealed = one.tenant_id, one.last_position
        self._heads_of_seals[one.last_position] = one.head_sha256
        return None

    def _missing_tail(self, last_position: int) -> Break:
        sentence = f"Entries {self.position + 1} to {last_position} were sealed and are gone."
        return Break(self.position + 1, "tail.removed", sentence)
