"""Verifying a certificate without a server: from its bytes, and if there are, the delivered labels and a known key."""

from collections.abc import Iterator
from typing import BinaryIO
from uuid import UUID

from pydantic import ValidationError

from karat.errors import KaratError
from karat.formats import DeliveredLabel, format_named
from karat.kit import Fault, Record
from karat.kit.canonical import NotCanonical, canonical_json, read_canonical
from karat.kit.signing import is_signed
from karat.measure import CheckPlan, draw_checks
from karat.quality.certificate import (
    METHOD,
    AssetLabel,
    Attempt,
    SignedCertificate,
    confidence_of,
    document_of,
    labels_digest,
    statement_of,
)
from karat.quality.documents import AnyCertificate, read_certificate
from karat.quality.objects.document import SignedLossCertificate
from karat.quality.objects.verification import recompute_losses
from karat.quality.verified import VerifiedCheck, ask, failed, passed


class VerificationReport(Record):
    """What a verification found.

    Attributes:
        is_valid: nothing that was asked failed.
        is_pinned: the signer's key is the one that was expected. Without it a valid certificate proves only that nobody
            changed it since somebody signed it.
        certificate: None when the bytes are no certificate.
    """

    is_valid: bool
    is_pinned: bool
    checks: tuple[VerifiedCheck, ...]
    certificate: AnyCertificate | None


def verify(
    data: bytes, *, labels: BinaryIO | None = None, expected_public_key: str | None = None
) -> VerificationReport:
    """Ask everything that can be asked of a certificate. Never raises on what the bytes hold.

    Args:
        labels: the delivery in Karat JSONL.
        expected_public_key: of the issuer, in hexadecimal, from a source that the sender of the file does not control.
    """
    certificate = _read(data)
    if isinstance(certificate, VerifiedCheck):
        return VerificationReport(is_valid=False, is_pinned=False, checks=(certificate,), certificate=None)
    checks = [passed("form", "The file is a certificate in its one canonical spelling."), _signature(certificate)]
    key = _key(certificate, expected_public_key)
    checks.append(key)
    if checks[1].passed:  # what nobody signed is not worth recomputing
        if isinstance(certificate, SignedCertificate):
            checks.extend(_recompute(certificate))
        else:
            checks.extend(recompute_losses(certificate, _attempt(certificate)))
        checks.append(_labels(certificate, labels))
    return VerificationReport(
        is_valid=all(check.passed is not False for check in checks),
        is_pinned=key.passed is True,
        checks=tuple(checks),
        certificate=certificate,
    )


def _read(data: bytes) -> AnyCertificate | VerifiedCheck:
    try:
        certificate = read_certificate(read_canonical(data))
        if canonical_json(certificate.model_dump(mode="json")) != data:
            raise NotCanonical("a field is not in its canonical spelling")
    except NotCanonical as error:
        return failed("form", f"The file is no certificate: {error}.")
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        return failed("form", f"The file is no certificate: {where}: {first['msg']}.")
    return certificate


def _signature(certificate: AnyCertificate) -> VerifiedCheck:
    if is_signed(document_of(certificate), certificate.signature, certificate.public_key):
        return passed("signature", "Nothing was changed since it was signed with the key that it names.")
    return failed("signature", "The signature does not hold: something was changed after signing.")


def _key(certificate: AnyCertificate, expected: str | None) -> VerifiedCheck:
    if expected is None:
        sentence = (
            f"No key was given to compare with, so anybody can have signed it. Ask the issuer, by another way, "
            f"whether {certificate.public_key} is theirs."
        )
        return VerifiedCheck(name="key", passed=None, sentence=sentence)
    if expected.strip().lower() == certificate.public_key:
        return passed("key", "It is signed with the key that was expected.")
    return failed("key", f"It is signed with another key than expected: {certificate.public_key}.")


def _recompute(one: SignedCertificate) -> Iterator[VerifiedCheck]:
    yield ask("statement", one.statement == statement_of(one), "The sentence says what the figures say.")
    attempt = _attempt(one)
    try:
        plan = attempt.plan(one.n_labels)
    except KaratError as error:
        yield failed("plan", f"There is no plan of checks on these terms: {error}.")
        return
    is_plan = (one.method, one.looks, one.alpha_of_attempt) == (METHOD, plan.looks, plan.alpha)
    is_plan = is_plan and one.confidence == confidence_of(one.alpha)
    sentence = f"The looks follow from the target and from an alpha of {plan.alpha:.4g} for attempt {one.attempt}."
    yield ask("plan", is_plan, sentence)
    positions = draw_checks(plan.n_drawn_from, one.n_checked, one.seed)
    is_draw = tuple(check.position for check in one.checks) == positions
    yield ask("draw", is_draw, f"The {one.n_checked:,} checked positions follow from the seed.")
    yield _counts(one)
    yield _bound(one, plan)


def _counts(one: SignedCertificate) -> VerifiedCheck:
    wrong = [check for check in one.checks if check.verdict == "wrong"]
    is_right = (one.n_checked, one.n_wrong, one.n_repaired) == (len(one.checks), len(wrong), len(wrong))
    is_right = is_right and all((check.frozen is not None) == (check.verdict == "wrong") for check in one.checks)
    is_right = is_right and len({check.asset_id for check in one.checks}) == one.n_checked
    is_right = is_right and not {check.asset_id for check in one.checks} & set(one.verified_before)
    is_right = is_right and len(set(one.verified_before)) == len(one.verified_before)
    return ask("counts", is_right, f"{one.n_wrong:,} of the {one.n_checked:,} listed verdicts are “wrong”.")


def _bound(one: SignedCertificate, plan: CheckPlan) -> VerifiedCheck:
    found = [sum(check.verdict == "wrong" for check in one.checks[: look.n_checked]) for look in plan.looks]
    passed_by = [
        look.n_checked
        for look, n_wrong in zip(plan.looks, found, strict=True)
        if look.n_checked < one.n_checked and n_wrong <= look.max_wrong
    ]
    if passed_by:
        return failed("bound", f"The plan would have stopped at {passed_by[0]:,} checks; going on is not allowed.")
    decision = plan.decision(one.n_checked, one.n_wrong)
    is_bound = (
        decision.outcome == "certified"
        and one.wrong_left_upper_bound == decision.wrong_left_upper_bound
        and one.error_upper_bound == decision.error_upper_bound
        and one.wrong_left_upper_bound <= plan.tolerance
    )
    return ask("bound", is_bound, f"The counts give at most {decision.wrong_left_upper_bound:,} wrong labels left.")


def _labels(one: AnyCertificate, stream: BinaryIO | None) -> VerifiedCheck:
    if stream is None:
        sentence = "No labels were given, so nothing was compared with the delivery."
        return VerifiedCheck(name="labels", passed=None, sentence=sentence)
    delivered: dict[UUID, AssetLabel] = {}
    for label in format_named("karat-jsonl").read(stream):
        if isinstance(label, Fault):
            return failed("labels", f"The labels cannot be read: {label.where}: {label.message}")
        if label.asset_id in delivered:
            return failed("labels", f"Asset {label.asset_id} is there twice.")
        delivered[label.asset_id] = _asset_label(label)
    return _compare(one, delivered)


def _compare(one: AnyCertificate, delivered: dict[UUID, AssetLabel]) -> VerifiedCheck:
    if len(delivered) != one.n_labels:
        return failed("labels", f"There are {len(delivered):,} labels; the certificate is about {one.n_labels:,}.")
    if labels_digest(delivered.values()) != one.delivered_sha256:
        return failed("labels", "The labels are not those that were certified: their digest differs.")
    if not delivered.keys() >= set(one.verified_before):
        return failed("labels", "Assets that are said to have been verified before are not among the labels.")
    if not isinstance(one, SignedCertificate) and (n_other := _n_not_put_right(one, delivered)):
        return failed("labels", f"{n_other:,} checked labels are not delivered as the reference put them right.")
    drawn = _attempt(one).drawn(delivered, one.n_checked)
    if drawn != [(check.position, check.asset_id) for check in one.checks]:
        return failed("labels", "The checked assets are not those that the seed draws from these labels.")
    undone = delivered | {
        check.asset_id: AssetLabel(check.asset_id, check.frozen) for check in one.checks if check.frozen is not None
    }
    if labels_digest(undone.values()) != one.frozen_sha256:
        return failed("labels", "With the repairs undone, the labels are not those that were frozen before the draw.")
    return passed("labels", "These are the certified labels, and with the repairs undone those frozen before the draw.")


def _n_not_put_right(one: SignedLossCertificate, delivered: dict[UUID, AssetLabel]) -> int:
    put_right = {check.asset_id: check.reference for check in one.checks if check.reference is not None}
    return sum(
        asset not in delivered or delivered[asset].annotations != reference for asset, reference in put_right.items()
    )


def _attempt(one: AnyCertificate) -> Attempt:
    return Attempt(
        target_error=one.target_error,
        alpha=one.alpha,
        seed=one.seed,
        number=one.attempt,
        alpha_spent_before=one.alpha_spent_before,
        verified_before=one.verified_before,
    )


def _asset_label(label: DeliveredLabel) -> AssetLabel:
    return AssetLabel(label.asset_id, label.annotations)
