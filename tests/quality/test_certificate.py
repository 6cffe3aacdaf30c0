import hashlib
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.formats import DeliveredLabel, format_named, write
from karat.kit.canonical import canonical_json
from karat.kit.signing import public_key_of, sign_json
from karat.measure import draw_checks
from karat.modalities import Annotation
from karat.quality.certificate import (
    AssetLabel,
    Attempt,
    Certificate,
    Named,
    NotCertifiable,
    Origin,
    Reference,
    certify,
    labels_digest,
    sign,
    statement_of,
)
from karat.quality.verification import VerificationReport, verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = public_key_of(KEY)
NOW = datetime(2026, 11, 1, 12, 0, 0, 5, tzinfo=UTC)
ORIGIN = Origin(
    id=UUID(int=1),
    tenant=Named(id=UUID(int=2), name="Prüfamt"),
    project=Named(id=UUID(int=3), name="Digits 😀"),
    issued_at=NOW,
    ontology_version_id=UUID(int=4),
    reference=Reference(description="a simulated expert, error rate 0", is_simulated=True),
    people_are_simulated=True,
)
N = 2000


def label(number: int, name: str) -> AssetLabel:
    return AssetLabel(UUID(int=1000 + number), (Annotation(kind="image.class", payload={"label_class": name}),))


def right(number: int) -> AssetLabel:
    return label(number, str(number % 10))


def checks_until_certified(
    attempt: Attempt, frozen: Sequence[AssetLabel], truth: dict[UUID, AssetLabel]
) -> list[AssetLabel]:
    plan = attempt.plan(len(frozen))
    known = {one.asset_id: one for one in frozen}
    for look in plan.looks:
        drawn = [truth[asset_id] for _, asset_id in attempt.drawn(known, look.n_checked)]
        if sum(one != known[one.asset_id] for one in drawn) <= look.max_wrong:
            return drawn
    raise AssertionError("the example was meant to be certified")


@cache
def example(n_known: int = 0) -> tuple[Certificate, bytes, bytes]:
    """A certificate with one repaired label, its signed file, and the delivery that it is about."""
    known = tuple(UUID(int=1000 + number) for number in range(n_known))
    attempt = Attempt(
        target_error=0.02, alpha=0.05, seed="made later", number=1 + bool(known), verified_before=known,
        alpha_spent_before=0.045 if known else 0.0,
    )  # fmt: skip
    truth = {one.asset_id: one for one in map(right, range(N))}
    first_drawn = attempt.drawn(truth, 3)[2][1]
    frozen = [label(n, "wrong") if UUID(int=1000 + n) == first_drawn else right(n) for n in range(N)]
    checked = checks_until_certified(attempt, frozen, truth)
    document = certify(ORIGIN, attempt, frozen, checked, PUBLIC)
    assert document.n_wrong == 1
    return document, sign(document, KEY), delivery(list(truth.values()))


def delivery(labels: Sequence[AssetLabel]) -> bytes:
    items = [
        DeliveredLabel(asset_id=one.asset_id, name=f"{one.asset_id}.png", annotations=one.annotations) for one in labels
    ]
    return b"".join(write(items, format_named("karat-jsonl")))


def forge(**changes: Any) -> bytes:
    """The example with changes, signed with the issuer's own key: only recomputing can find them."""
    document, _, _ = example()
    fields = {**document.model_dump(mode="json"), **changes}
    return canonical_json({**fields, "signature": sign_json(fields, KEY)})


def failed(report: VerificationReport) -> list[str]:
    assert report.is_valid == (not [check for check in report.checks if check.passed is False])
    return [check.name for check in report.checks if check.passed is False]


@pytest.mark.parametrize("n_known", [0, 150])
def test_a_certificate_verifies_without_a_server_and_every_question_is_answered(n_known: int) -> None:
    document, data, labels = example(n_known)
    report = verify(data, labels=io.BytesIO(labels), expected_public_key=PUBLIC)
    assert {check.name: check.passed for check in report.checks} == dict.fromkeys(
        ["form", "signature", "key", "statement", "plan", "draw", "counts", "bound", "labels"], True
    )
    assert report.is_valid
    assert report.is_pinned
    assert report.certificate is not None
    assert report.certificate.model_dump(exclude={"signature"}) == document.model_dump()


def test_what_cannot_be_asked_is_said_plainly_and_not_passed() -> None:
    report = verify(example()[1])
    unasked = {check.name: check.sentence for check in report.checks if check.passed is None}
    assert report.is_valid
    assert not report.is_pinned
    assert set(unasked) == {"key", "labels"}
    assert "anybody can have signed it" in unasked["key"]


def test_the_statement_is_one_sentence_of_the_figures() -> None:
    document, _, _ = example()
    assert document.statement.startswith(
        f"At most {document.wrong_left_upper_bound} of the 2,000 labels of project “Digits 😀” are wrong"
    )
    assert "promised: 2 %), with 95 % confidence" in document.statement
    assert "checked by a simulated expert, error rate 0; found wrong and repaired: 1." in document.statement
    assert document.statement.endswith("The annotators are simulated.")
    assert "simulated." not in statement_of(document.model_copy(update={"people_are_simulated": False}))


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_one_changed_byte_anywhere_is_refused(data: st.DataObject) -> None:
    good = bytearray(example()[1])
    at = data.draw(st.integers(0, len(good) - 1))
    good[at] ^= data.draw(st.integers(1, 255))
    assert failed(verify(bytes(good), expected_public_key=PUBLIC)) != []


def test_every_byte_of_the_file_counts_even_those_that_json_does_not_mind() -> None:
    data = example()[1]
    for other in (data + b"\n", b" " + data, data.replace(b":", b": ", 1), data[:-1], b"", b"{}", b"null"):
        assert failed(verify(other)) == ["form"]
    respelled = json.dumps(json.loads(data), separators=(",", ":"), sort_keys=True).encode()
    assert respelled != data  # the names in it are not ASCII
    assert failed(verify(respelled)) == ["form"]


def test_an_unknown_field_or_version_is_no_certificate() -> None:
    assert failed(verify(forge(extra=1))) == ["form"]
    assert failed(verify(forge(format="karat.certificate/2"))) == ["form"]
    assert failed(verify(forge(n_labels=10**12))) == ["form"]  # repeating its draw would exhaust the verifier
    assert failed(verify(forge(issued_at="2026-11-01T13:00:00+01:00"))) == ["form"]


def test_a_certificate_signed_by_somebody_else_is_refused_when_the_key_is_known() -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))
    document = example()[0].model_copy(update={"public_key": public_key_of(stranger)})
    data = sign(document, stranger)
    assert failed(verify(data, expected_public_key=PUBLIC)) == ["key"]
    report = verify(data)
    assert (report.is_valid, report.is_pinned) == (True, False)
    with pytest.raises(ValueError, match="another public key"):
        sign(document, KEY)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"statement": "All labels are right."}, ["statement"]),
        ({"target_error": 0.03}, ["statement", "plan", "bound"]),
        ({"alpha": 0.1}, ["plan", "bound"]),
        ({"alpha_spent_before": 0.01}, ["plan", "bound"]),
        ({"confidence": 0.99}, ["statement", "plan"]),
        ({"method": "karat.by-eye/1"}, ["plan"]),
        ({"looks": [{"n_checked": 10, "max_wrong": 0}]}, ["plan"]),
        ({"seed": "another"}, ["draw"]),
        ({"n_wrong": 0}, ["statement", "counts", "bound"]),
        ({"n_repaired": 0}, ["counts"]),
        ({"n_labels": 3000}, ["statement", "plan", "draw", "bound"]),
        ({"wrong_left_upper_bound": 1}, ["statement", "bound"]),
        ({"error_upper_bound": 0.001}, ["statement", "bound"]),
        ({"alpha": 0.0}, ["plan"]),
    ],
)
def test_figures_that_do_not_follow_from_each_other_are_found_although_the_signature_holds(
    changes: dict[str, Any], found: list[str]
) -> None:
    assert failed(verify(forge(**changes))) == found


def test_a_verdict_that_was_turned_is_found() -> None:
    checks = [dict(check, verdict="right", frozen=None) for check in example()[0].model_dump(mode="json")["checks"]]
    assert failed(verify(forge(checks=checks))) == ["counts", "bound"]
    assert failed(verify(forge(checks=checks, n_wrong=0, n_repaired=0)))[-1] == "bound"


def test_labels_that_were_changed_left_out_added_or_doubled_are_found() -> None:
    _, data, labels = example()
    lines = labels.splitlines(keepends=True)
    changed = labels.replace(b'"label_class":"7"', b'"label_class":"1"', 1)
    for other in (changed, b"".join(lines[1:]), labels + lines[0], labels + delivery([right(N)]), b"{\n" + labels):
        assert failed(verify(data, labels=io.BytesIO(other))) == ["labels"]


def test_the_order_of_the_delivery_does_not_matter() -> None:
    _, data, labels = example()
    turned = b"".join(reversed(labels.splitlines(keepends=True)))
    assert verify(data, labels=io.BytesIO(turned)).is_valid


def test_labels_that_were_frozen_otherwise_than_hashed_are_found() -> None:
    labels = example()[2]
    assert failed(verify(forge(frozen_sha256="0" * 64), labels=io.BytesIO(labels))) == ["labels"]
    assert failed(verify(forge(frozen_sha256="0" * 64))) == []


def test_the_digest_is_that_of_the_sorted_lines_and_nothing_else() -> None:
    # Built here by hand, as an auditor would: keys sorted, no spaces, a line feed after each line.
    lines = [
        f'{{"annotations":[{{"kind":"image.class","payload":{{"label_class":"ü"}}}}],"asset_id":"{UUID(int=1000)}"}}\n',
        f'{{"annotations":[],"asset_id":"{UUID(int=1001)}"}}\n',
    ]
    expected = hashlib.sha256("".join(lines).encode()).hexdigest()
    empty = AssetLabel(UUID(int=1001), ())
    assert labels_digest([empty, label(0, "ü")]) == labels_digest([label(0, "ü"), empty]) == expected


def test_the_draw_is_over_the_sorted_assets_without_those_verified_before() -> None:
    ids = [UUID(int=n) for n in (9, 3, 7, 1, 5)]
    attempt = Attempt(target_error=0.5, alpha=0.05, seed="s", verified_before=(UUID(int=3),))
    pool = sorted(set(ids) - {UUID(int=3)})
    assert attempt.drawn(ids, 2) == [(position, pool[position]) for position in draw_checks(4, 2, "s")]


def test_no_certificate_is_drawn_up_that_the_checks_do_not_carry() -> None:
    attempt = Attempt(target_error=0.02, alpha=0.05, seed="made later")
    frozen = [label(n, "wrong") if n % 5 == 0 else right(n) for n in range(N)]
    truth = {one.asset_id: one for one in map(right, range(N))}
    looks = attempt.plan(N).looks
    drawn = [truth[asset_id] for _, asset_id in attempt.drawn(truth, looks[0].n_checked)]
    for checked in (drawn, drawn[:-1], [], drawn[::-1], [*drawn, drawn[0]]):
        with pytest.raises(NotCertifiable):
            certify(ORIGIN, attempt, frozen, checked, PUBLIC)
    honest = certify(ORIGIN, attempt, list(truth.values()), drawn, PUBLIC)
    assert (honest.n_wrong, honest.frozen_sha256) == (0, honest.delivered_sha256)


def test_going_on_past_a_look_that_ends_the_checks_is_found() -> None:
    document, _, _ = example()
    attempt = Attempt(target_error=0.02, alpha=0.05, seed="made later")
    truth = {one.asset_id: one for one in map(right, range(N))}
    second = attempt.plan(N).looks[1].n_checked
    checked = [truth[asset_id] for _, asset_id in attempt.drawn(truth, second)]
    past = certify(ORIGIN, attempt, list(truth.values()), checked, PUBLIC)
    assert failed(verify(sign(past, KEY))) == ["bound"]
    assert document.n_checked <= second


@pytest.mark.parametrize("n", [1, 2, 20, 60])
def test_a_small_delivery_is_checked_as_a_whole_and_certified(n: int) -> None:
    attempt = Attempt(target_error=0.01, alpha=0.05, seed="s")
    truth = {one.asset_id: one for one in map(right, range(n))}
    frozen = [label(0, "wrong"), *map(right, range(1, n))]
    document = certify(ORIGIN, attempt, frozen, checks_until_certified(attempt, frozen, truth), PUBLIC)
    assert document.wrong_left_upper_bound == 0
    labels = io.BytesIO(delivery(list(truth.values())))
    assert verify(sign(document, KEY), labels=labels, expected_public_key=PUBLIC).is_valid


def test_the_moment_is_written_in_utc_whatever_zone_it_came_in() -> None:
    document, data, _ = example()
    moved = document.model_copy(update={"issued_at": NOW.astimezone(timezone(timedelta(hours=2)))})
    assert sign(moved, KEY) == data


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    assert failed(verify(data)) == ["form"]


def test_a_certificate_signed_by_the_first_release_verifies_to_this_day() -> None:
    data = (Path(__file__).parent / "files" / "certificate-0.1.json").read_bytes()
    truth = [right(number) for number in range(400)]
    assert verify(data, labels=io.BytesIO(delivery(truth)), expected_public_key=PUBLIC).is_valid
    for at in range(0, len(data), 97):
        assert not verify(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]).is_valid
