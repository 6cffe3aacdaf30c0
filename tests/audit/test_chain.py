import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from karat.audit.chain import GENESIS, ChainedEntry, Seal, chain, seal, verify_chain
from karat.kit.signing import public_key_of

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = public_key_of(KEY)
TENANT = UUID(int=7)
NOW = datetime(2026, 11, 1, 12, 0, 0, 5, tzinfo=UTC)


def entry(number: int) -> dict[str, Any]:
    return {"id": str(UUID(int=number)), "action": "task.submitted", "data": {"n": number, "why": "für 😀"}}


def ledger(
    sizes: Sequence[int] = (3, 1, 4), *, key: Ed25519PrivateKey = KEY, n_unsealed: int = 0
) -> tuple[list[ChainedEntry], list[Seal]]:
    contents = [entry(number) for number in range(sum(sizes) + n_unsealed)]
    hashes = chain(GENESIS, contents)
    entries = [ChainedEntry(i + 1, content, hashes[i]) for i, content in enumerate(contents)]
    seals, first = [], 1
    for size in sizes:
        batch = hashes[first - 1 : first - 1 + size]
        seals.append(seal(batch, first, tenant_id=TENANT, sealed_at=NOW, private_key=key))
        first += size
    return entries, seals


def broken(entries: Sequence[ChainedEntry], seals: Sequence[Seal], checkpoint: Seal | None = None) -> tuple[int, str]:
    found = verify_chain(entries, seals, PUBLIC, checkpoint=checkpoint).broken
    return (found.position, found.code) if found else (0, "whole")


def renumbered(entries: Sequence[ChainedEntry]) -> list[ChainedEntry]:
    return [replace(one, position=index + 1) for index, one in enumerate(entries)]


def rechained(entries: Sequence[ChainedEntry]) -> list[ChainedEntry]:
    hashes = chain(GENESIS, [one.entry for one in entries])
    return [replace(one, position=i + 1, sha256=hashes[i]) for i, one in enumerate(entries)]


def test_the_hash_of_the_first_entry_is_what_the_formula_says() -> None:
    spelled = b"karat.audit.entry/1\n" + bytes(32) + b'{"a":1,"b":"x"}'
    assert chain(GENESIS, [{"b": "x", "a": 1}]) == [hashlib.sha256(spelled).digest()]


def test_chaining_in_batches_is_chaining_at_once() -> None:
    contents = [entry(number) for number in range(9)]
    whole = chain(GENESIS, contents)
    assert chain(GENESIS, contents[:4]) + chain(whole[3], contents[4:]) == whole
    assert chain(GENESIS, []) == []


def test_a_whole_chain_is_whole_and_entries_behind_the_last_seal_are_counted() -> None:
    entries, seals = ledger(n_unsealed=2)
    report = verify_chain(iter(entries), iter(seals), PUBLIC, checkpoint=seals[-1])
    assert (report.broken, report.n_entries, report.n_unsealed) == (None, 8, 2)
    assert report.head == entries[-1].sha256
    assert verify_chain([], [], PUBLIC).broken is None


@pytest.mark.parametrize("position", range(1, 9))
def test_one_changed_row_is_located(position: int) -> None:
    entries, seals = ledger()
    changed = replace(entries[position - 1], entry=entry(position - 1) | {"action": "task.rejected"})
    assert broken([*entries[: position - 1], changed, *entries[position:]], seals) == (position, "entry.changed")


@pytest.mark.parametrize("position", range(1, 9))
def test_one_removed_row_is_located_even_if_the_others_are_numbered_anew(position: int) -> None:
    entries, seals = ledger()
    rest = [*entries[: position - 1], *entries[position:]]
    last = position == len(entries)
    assert broken(rest, seals) == (position, "tail.removed" if last else "entry.removed")
    assert broken(renumbered(rest), seals) == (position, "tail.removed" if last else "entry.changed")


@pytest.mark.parametrize("position", range(1, 9))
def test_one_inserted_row_is_located(position: int) -> None:
    entries, seals = ledger()
    forged = ChainedEntry(position, entry(99), bytes(32))
    twice = [*entries[:position], forged, *entries[position:]]
    assert broken(twice, seals) == (position, "entry.inserted")
    assert broken(renumbered([*entries[: position - 1], forged, *entries[position - 1 :]]), seals) == (
        position,
        "entry.changed",
    )


def test_two_rows_that_changed_places_are_located() -> None:
    entries, seals = ledger()
    entries[4], entries[5] = entries[5], entries[4]
    assert broken(renumbered(entries), seals) == (5, "entry.changed")


def test_hashes_written_anew_by_somebody_without_the_key_break_at_the_seal() -> None:
    entries, seals = ledger()
    entries[4] = replace(entries[4], entry=entry(99))
    assert broken(rechained(entries), seals) == (5, "seal.broken")
    _, forged = ledger(key=OTHER_KEY)
    assert broken(entries, [*seals[:2], forged[2]]) == (5, "seal.forged")


def test_a_cut_off_end_is_seen_against_the_seals_and_if_they_are_cut_off_too_against_a_checkpoint() -> None:
    entries, seals = ledger()
    assert broken(entries[:4], seals) == (5, "tail.removed")
    assert broken(entries[:4], seals[:2]) == (0, "whole")
    assert broken(entries[:4], seals[:2], seals[2]) == (5, "tail.removed")
    assert broken([], [], seals[0]) == (1, "tail.removed")
    assert broken(entries, seals, seals[1]) == (0, "whole")


def test_a_chain_written_anew_even_with_the_key_differs_from_the_checkpoint() -> None:
    entries, seals = ledger()
    entries[0] = replace(entries[0], entry=entry(99))
    anew = rechained(entries)
    first = seal([one.sha256 for one in anew], 1, tenant_id=TENANT, sealed_at=NOW, private_key=KEY)
    assert broken(anew, [first]) == (0, "whole")
    assert broken(anew, [first], seals[2]) == (8, "entry.changed")


def test_seals_that_were_changed_left_out_or_taken_from_another_tenant_are_seen() -> None:
    entries, seals = ledger()
    for change in ({"sealed_at": NOW + timedelta(seconds=1)}, {"last_position": 5}, {"head_sha256": "0" * 64}):
        assert broken(entries, [seals[0], seals[1].model_copy(update=change), seals[2]]) == (4, "seal.forged")
    assert broken(entries, [seals[0], seals[2]]) == (4, "seal.broken")
    foreign = seal([entries[3].sha256], 4, tenant_id=UUID(int=8), sealed_at=NOW, private_key=KEY)
    assert broken(entries, [seals[0], foreign]) == (4, "seal.forged")
    assert broken(entries, seals, foreign) == (4, "seal.forged")
    assert broken(entries, seals, seals[0].model_copy(update={"signature": "00"})) == (3, "seal.forged")


def test_a_value_that_has_no_canonical_spelling_was_never_sealed() -> None:
    entries, seals = ledger()
    entries[2] = replace(entries[2], entry={"n": 2**60}, sha256=b"")
    assert broken(entries, seals) == (3, "entry.changed")


def test_a_seal_survives_json_and_another_time_zone() -> None:
    entries, seals = ledger()
    again = [Seal.model_validate_json(one.model_dump_json()) for one in seals]
    moved = [one.model_copy(update={"sealed_at": NOW.astimezone(timezone(timedelta(hours=2)))}) for one in again]
    assert broken(entries, again) == broken(entries, moved) == (0, "whole")


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.data())
def test_any_one_changed_byte_of_content_or_hash_is_located(sizes: list[int], data: st.DataObject) -> None:
    entries, seals = ledger(sizes)
    at = data.draw(st.integers(0, len(entries) - 1))
    if data.draw(st.booleans()):
        entries[at] = replace(entries[at], entry=dict(entries[at].entry, extra=None))
    else:
        flipped = bytearray(entries[at].sha256)
        flipped[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
        entries[at] = replace(entries[at], sha256=bytes(flipped))
    assert broken(entries, seals) == (at + 1, "entry.changed")
