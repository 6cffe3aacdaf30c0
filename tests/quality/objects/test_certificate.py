"""The certificate of objects: what it says follows from its checks, and everything that does not is found."""

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from karat.cli.main import app
from karat.formats import DeliveredLabel, format_named, write
from karat.kit.canonical import canonical_json
from karat.kit.clock import utc_now
from karat.kit.signing import public_key_of, sign_json
from karat.modalities import Annotation
from karat.quality.certificate import AssetLabel, Attempt, Named, NotCertifiable, Origin, Reference, sign
from karat.quality.objects.certificate import certify_losses, upper_bound
from karat.quality.objects.certifying import decide, first_look
from karat.quality.objects.document import LossCertificate, LossTerms
from karat.quality.verification import VerificationReport, verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = public_key_of(KEY)
ORIGIN = Origin(
    id=UUID(int=1),
    tenant=Named(id=UUID(int=2), name="Prüfamt"),
    project=Named(id=UUID(int=3), name="Cups 😀"),
    issued_at=utc_now(),
    ontology_version_id=UUID(int=4),
    reference=Reference(description="Ada (90 checked)", is_simulated=False),
    people_are_simulated=False,
)
N = 300
MISSED_AT = 5  # of the draw: its label lacks one of two boxes


def asset(number: int) -> UUID:
    return UUID(int=1000 + number)


def boxes(number: int, *, n: int = 2, moved: float = 0.0) -> AssetLabel:
    payloads = [
        {"label_class": "cup", "x": 10.0 + 100 * at + moved, "y": 10.5, "width": 40.0, "height": 30.0, "attributes": {}}
        for at in range(n)
    ]
    return AssetLabel(asset(number), tuple(Annotation(kind="image.box", payload=one) for one in payloads))


def terms_of(n_known: int = 0) -> LossTerms:
    known = tuple(asset(number) for number in range(n_known))
    attempt = Attempt(target_error=0.05, alpha=0.05, seed="made later", verified_before=known)
    return LossTerms(attempt=attempt, kind="image.box", match_overlap=0.5, n_labels=N)


@cache
def example(n_known: int = 0) -> tuple[LossCertificate, bytes, bytes]:
    """A certificate with one label that lacked a box and one that was moved a little, its file, and the delivery."""
    terms = terms_of(n_known)
    truth = {asset(number): boxes(number) for number in range(N)}
    order = [asset_id for _, asset_id in terms.attempt.drawn(truth, 10)]
    lacks, moved = order[MISSED_AT].int - 1000, order[1].int - 1000
    frozen = [boxes(at, n=1 if at == lacks else 2, moved=2.0 if at == moved else 0.0) for at in range(N)]
    n = first_look(terms)
    looked_at = [n]
    while True:
        checked = [truth[asset_id] for _, asset_id in terms.attempt.drawn(truth, n)]
        before = {one.asset_id: one for one in frozen}
        decision = decide(terms, *(rows([found[one.asset_id] for one in checked]) for found in (before, truth)))
        if decision.outcome == "certified":
            break
        n = decision.next_n_checked
        looked_at.append(n)
    document = certify_losses(ORIGIN, terms, frozen, checked, looked_at, PUBLIC)
    return document, sign(document, KEY), delivery(list(truth.values()))


def rows(labels: Sequence[AssetLabel]) -> list[tuple[UUID, list[dict[str, Any]]]]:
    return [(one.asset_id, [annotation.model_dump() for annotation in one.annotations]) for one in labels]


def delivery(labels: Sequence[AssetLabel]) -> bytes:
    items = [DeliveredLabel(asset_id=one.asset_id, name="a.png", annotations=one.annotations) for one in labels]
    return b"".join(write(items, format_named("karat-jsonl")))


def forge(**changes: Any) -> bytes:
    """The example with changes, signed with the issuer's own key: only recomputing can find them."""
    fields = {**example()[0].model_dump(mode="json"), **changes}
    return canonical_json({**fields, "signature": sign_json(fields, KEY)})


def failed(report: VerificationReport) -> list[str]:
    return [check.name for check in report.checks if check.passed is False]


@pytest.mark.parametrize("n_known", [0, 40])
def test_a_certificate_of_boxes_verifies_without_a_server_and_every_question_is_answered(n_known: int) -> None:
    document, data, labels = example(n_known)
    report = verify(data, labels=io.BytesIO(labels), expected_public_key=PUBLIC)
    names = ["form", "signature", "key", "statement", "plan", "draw", "counts", "losses", "bound", "labels"]
    assert {check.name: check.passed for check in report.checks} == dict.fromkeys(names, True)
    # one of two boxes was missed: F1 = 2 · 1 / (1 + 2); what was moved by two pixels is the same thing
    assert [check.loss for check in document.checks if check.loss] == [pytest.approx(1 / 3)]
    assert (document.n_wrong, document.n_repaired) == (1, 2)
    assert document.error_upper_bound <= 0.05
    assert len(document.looks) == 2
    assert document.n_checked < N - n_known


def test_the_statement_says_what_the_loss_is_and_that_the_reference_saw_the_label() -> None:
    statement = example()[0].statement
    assert "mean loss of at most" in statement
    assert "1 - F1 of its objects" in statement
    assert "overlap by at least 50 %" in statement
    assert "put right by Ada (90 checked), who saw each label" in statement
    assert statement.count(".") == statement.rstrip(".").count(".") + 1, "one sentence"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_one_changed_byte_anywhere_is_refused(data: st.DataObject) -> None:
    good = bytearray(example()[1])
    at = data.draw(st.integers(0, len(good) - 1))
    good[at] ^= data.draw(st.integers(1, 255))
    assert failed(verify(bytes(good), expected_public_key=PUBLIC)) != []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"statement": "All boxes are right."}, ["statement"]),
        ({"target_error": 0.06}, ["statement"]),
        ({"target_error": 0.001}, ["statement", "bound"]),
        ({"alpha": 0.1}, ["plan", "bound"]),
        ({"alpha": 0.0}, ["plan"]),
        ({"attempt": 2}, ["plan"]),
        ({"confidence": 0.99}, ["statement", "plan"]),
        ({"seed": "another"}, ["draw"]),
        ({"n_wrong": 0}, ["statement", "counts"]),
        ({"n_repaired": 0}, ["counts"]),
        ({"n_labels": 290}, ["statement", "draw", "bound"]),
        ({"error_upper_bound": 0.001}, ["statement", "bound"]),
        ({"mean_loss_checked": 0.0}, ["bound"]),
        ({"looks": []}, ["bound"]),
        ({"match_overlap": 0.95}, ["statement", "losses"]),
        ({"kind": "image.ghost"}, ["losses"]),
        ({"kind": "image.class"}, ["losses"]),
        ({"loss": "karat.by-eye/1"}, ["form"]),
    ],
)
def test_figures_that_do_not_follow_from_each_other_are_found_although_the_signature_holds(
    changes: dict[str, Any], found: list[str]
) -> None:
    assert failed(verify(forge(**changes))) == found


def test_a_loss_that_was_made_smaller_is_found() -> None:
    checks = example()[0].model_dump(mode="json")["checks"]
    lower = [check | {"loss": 0.0} for check in checks]
    assert failed(verify(forge(checks=lower))) == ["counts", "losses", "bound"]
    hidden = [check | {"loss": 0.0, "frozen": None, "reference": None} for check in checks]
    labels = io.BytesIO(example()[2])
    figures = {"checks": hidden, "n_wrong": 0, "n_repaired": 0, "mean_loss_checked": 0.0}
    assert "labels" in failed(verify(forge(**figures), labels=labels))


def test_a_delivery_without_what_the_reference_put_right_is_found() -> None:
    document, data, labels = example()
    lines = labels.splitlines(keepends=True)
    lacking = next(check.asset_id for check in document.checks if check.loss)
    spoiled = [delivery([boxes(lacking.int - 1000, n=1)]) if str(lacking).encode() in line else line for line in lines]
    for other in (b"".join(spoiled), b"".join(lines[1:]), labels + lines[0]):
        assert failed(verify(data, labels=io.BytesIO(other))) == ["labels"]
    checks = [
        check.model_dump(mode="json") | ({"asset_id": str(UUID(int=5))} if check.frozen is not None else {})
        for check in document.checks
    ]
    assert "labels" in failed(verify(forge(checks=checks), labels=io.BytesIO(labels)))


def test_no_certificate_is_drawn_up_that_the_checks_do_not_carry() -> None:
    terms = terms_of()
    frozen, truth = [boxes(at, n=1) for at in range(N)], {asset(at): boxes(at) for at in range(N)}
    drawn = [truth[asset_id] for _, asset_id in terms.attempt.drawn(truth, 100)]
    for checked in (drawn, [], drawn[::-1], [*drawn, drawn[0]]):
        with pytest.raises(NotCertifiable):
            certify_losses(ORIGIN, terms, frozen, checked, [], PUBLIC)
    everything = [truth[asset_id] for _, asset_id in terms.attempt.drawn(truth, N)]
    document = certify_losses(ORIGIN, terms, frozen, everything, [], PUBLIC)
    assert (document.error_upper_bound, document.n_wrong) == (0.0, N)


def test_what_the_reference_decided_before_lowers_the_bound_and_is_never_drawn() -> None:
    losses = [0.0] * 50
    assert upper_bound(terms_of(100), losses) < upper_bound(terms_of(), losses)
    assert not {check.asset_id for check in example(40)[0].checks} & set(example(40)[0].verified_before)
    assert first_look(terms_of(N)) == 0
    assert upper_bound(terms_of(N), []) == 0.0


def test_at_the_worst_case_few_certificates_are_false_but_not_none() -> None:
    """Just more assets than may be left have lost all: whoever certifies before finding one is wrong."""
    rng, false, runs = np.random.default_rng(1), 0, 200
    terms, n_lost = terms_of(), int(0.05 * N) + 1
    first = first_look(terms)
    for _ in range(runs):
        losses = rng.permutation(np.array([1.0] * n_lost + [0.0] * (N - n_lost)))
        n = first
        while n < N and upper_bound(terms, losses[:n]) > 0.05:
            n += 25
        false += losses[n:].sum() / N > 0.05
    assert 0 < false <= 0.05 * runs


def test_the_command_tells_what_it_asked_of_a_certificate_of_boxes(tmp_path: Path) -> None:
    _, data, labels = example()
    (tmp_path / "certificate.json").write_bytes(data)
    (tmp_path / "labels.jsonl").write_bytes(labels)
    arguments = [
        "certificate",
        "verify",
        str(tmp_path / "certificate.json"),
        "--labels",
        str(tmp_path / "labels.jsonl"),
    ]
    told = CliRunner().invoke(app, [*arguments, "--public-key", PUBLIC])
    assert told.exit_code == 0, told.output
    assert "losses     Each loss follows from the label before and after the check." in told.output
    (tmp_path / "certificate.json").write_bytes(data.replace(b'"loss":0.33', b'"loss":0.23', 1))
    assert CliRunner().invoke(app, arguments).exit_code == 1
