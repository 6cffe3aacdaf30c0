"""The certificate: one signed document that says how many of the delivered labels can be wrong, and how that was found.

The order of events is what makes it true: labels are frozen and hashed, *then* a seed is made, the seed decides which
labels the reference checks (`karat.measure.draw_checks`), checks are looked at only where the plan says
(`karat.measure.plan_checks`), and every label found wrong is repaired. So the document names two digests, of the labels
as frozen and as delivered, and holds the wrong ones as they were: the one digest can be made of the other.

The file is the canonical JSON (RFC 8785, `karat.kit.canonical`) of all fields; `signature` is Ed25519 over the
canonical JSON of all others. `karat.quality.verification` checks it without a server. The certificate of labels that are
objects has other fields for what was found: `karat.quality.objects.certificate`.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field, StringConstraints, field_serializer

from karat.errors import Conflict
from karat.kit import Record
from karat.kit.canonical import canonical_json
from karat.kit.signing import public_key_of, sign_json
from karat.measure import CheckPlan, Look, draw_checks, plan_checks
from karat.modalities import Annotation

METHOD = "karat.hypergeometric-ladder/1"
"""How the bound is found: `karat.measure.bounds.sequential`, with the draw of `karat.measure.bounds.draw`."""

MAX_LABELS = 10_000_000
"""In one certificate. A verifier repeats the draw in memory, and a forged number must not exhaust it."""

Signature: TypeAlias = Annotated[str, StringConstraints(pattern="^[0-9a-f]{128}$")]
_Hex: TypeAlias = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
_Count: TypeAlias = Annotated[int, Field(ge=0)]
_Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]


class NotCertifiable(Conflict):
    """The checks so far do not certify these labels."""

    code = "certificate.not_certifiable"


class AssetLabel(NamedTuple):
    """What is said about one asset."""

    asset_id: UUID
    annotations: tuple[Annotation, ...]


class Named(Record):
    """Something with an id and a name for people."""

    id: UUID
    name: str


class Reference(Record):
    """Who checked: whoever the certificate takes for right.

    Attributes:
        description: for example `simulated expert, error rate 0`.
        is_simulated: no person checked, so the certificate shows how the engine works and nothing about people.
    """

    description: str
    is_simulated: bool


class Check(Record):
    """One label that was drawn and checked, in the order of the draw.

    Attributes:
        position: among the frozen labels that could be drawn, sorted by asset id, from 0.
        frozen: the annotations as they were before the repair; None where the label was right.
    """

    position: _Count
    asset_id: UUID
    verdict: Literal["right", "wrong"]
    frozen: tuple[Annotation, ...] | None = None


class CertifiedLabels(Record):
    """What every certificate says, however the error is measured.

    Attributes:
        statement: the claim in one sentence; follows from the other fields.
        frozen_sha256: digest of the labels before the draw, see `labels_digest`.
        delivered_sha256: digest of the labels with the wrong ones repaired: what the claim is about.
        verified_before: assets that the reference checked in an attempt before; they are right and were not drawn.
        attempt: from 1; an attempt that failed has spent its part of alpha.
        alpha: 1 - confidence, over all attempts.
        alpha_spent_before: by the attempts before this one.
        alpha_of_attempt: what this one could spend.
        seed: made after the labels were frozen.
        n_repaired: labels that were replaced by what the reference said; all that it found wrong.
        error_upper_bound: what can be wrong with the delivered labels, as a share of all.
        people_are_simulated: the answers came from simulated annotators.
        public_key: Ed25519, of the issuer, in hexadecimal. It proves who signed only if it is known from elsewhere.
    """

    format: Literal["karat.certificate/1"] = "karat.certificate/1"
    id: UUID
    statement: str
    tenant: Named
    project: Named
    issued_at: datetime
    ontology_version_id: UUID | None
    n_labels: Annotated[int, Field(ge=0, le=MAX_LABELS)]
    frozen_sha256: _Hex
    delivered_sha256: _Hex
    verified_before: tuple[UUID, ...]
    target_error: _Share
    confidence: _Share
    method: str
    attempt: Annotated[int, Field(ge=1)]
    alpha: _Share
    alpha_spent_before: _Share
    alpha_of_attempt: _Share
    seed: str
    n_checked: _Count
    n_wrong: _Count
    n_repaired: _Count
    error_upper_bound: _Share
    reference: Reference
    people_are_simulated: bool
    public_key: _Hex

    @field_serializer("issued_at")
    def _spell_moment(self, moment: datetime) -> str:
        return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Certificate(CertifiedLabels):
    """What was promised, drawn, found and bounded; all that an auditor needs to find it again. Labels are right or wrong.

    Attributes:
        looks: the plan: after so many checks, certified if at most so many were wrong.
        wrong_left_upper_bound: wrong labels that can be left.
    """

    looks: tuple[Look, ...]
    wrong_left_upper_bound: _Count
    checks: tuple[Check, ...]


class SignedCertificate(Certificate):
    """The document as it stands in the file."""

    signature: Signature


class Origin(Record):
    """What a certificate says about where it comes from, beside what was measured."""

    id: UUID
    tenant: Named
    project: Named
    issued_at: datetime
    ontology_version_id: UUID | None
    reference: Reference
    people_are_simulated: bool


class Attempt(Record):
    """The terms under which labels were drawn and checked.

    Attributes:
        alpha_spent_before: the sum of what earlier attempts could spend.
        verified_before: assets that the reference verified earlier, left out of the draw.
    """

    target_error: float
    alpha: float
    seed: str
    number: int = 1
    alpha_spent_before: float = 0.0
    verified_before: tuple[UUID, ...] = ()

    def plan(self, n_labels: int) -> CheckPlan:
        """The looks at which these terms allow to stop."""
        return plan_checks(
            n_labels,
            self.target_error,
            self.alpha,
            alpha_spent=self.alpha_spent_before,
            n_known=len(self.verified_before),
        )

    def drawn(self, asset_ids: Iterable[UUID], n: int) -> list[tuple[int, UUID]]:
        """Position and asset of the first `n` of the draw."""
        known = set(self.verified_before)
        pool = sorted(asset_id for asset_id in asset_ids if asset_id not in known)
        return [(position, pool[position]) for position in draw_checks(len(pool), n, self.seed)]


def labels_digest(labels: Iterable[AssetLabel]) -> str:
    """SHA-256 over one line per asset, sorted by asset id, in hexadecimal.

    A line is the canonical JSON of `{"annotations": [{"kind": …, "payload": …}, …], "asset_id": "…"}` and a line feed.
    """
    digest = hashlib.sha256()
    for label in sorted(labels, key=lambda label: label.asset_id):
        annotations = [{"kind": one.kind, "payload": one.payload} for one in label.annotations]
        digest.update(canonical_json({"asset_id": str(label.asset_id), "annotations": annotations}) + b"\n")
    return digest.hexdigest()


def certify(
    origin: Origin, attempt: Attempt, frozen: Sequence[AssetLabel], checked: Sequence[AssetLabel], public_key: str
) -> Certificate:
    """Draw up the certificate, if the checks carry it.

    A label is wrong when the reference's annotations differ from it. It is repaired by taking the reference's.

    Args:
        frozen: every label of the delivery as it was before the draw.
        checked: what the reference says about the drawn assets, in the order of the draw.

    Raises:
        NotCertifiable: the plan does not allow to stop here, or other assets than the drawn ones were checked.
    """
    before = {label.asset_id: label.annotations for label in frozen}
    drawn = attempt.drawn(before, len(checked))
    if [asset_id for _, asset_id in drawn] != [label.asset_id for label in checked]:
        raise NotCertifiable("The checked assets are not those of the draw.")
    checks = tuple(
        _judge(position, label, before[label.asset_id]) for (position, _), label in zip(drawn, checked, strict=True)
    )
    n_wrong = sum(check.verdict == "wrong" for check in checks)
    plan = attempt.plan(len(before))
    decision = plan.decision(len(checks), n_wrong)
    if decision.outcome != "certified":
        raise NotCertifiable(n_checked=len(checks), n_wrong=n_wrong, outcome=decision.outcome)
    after = before | {label.asset_id: label.annotations for label in checked}
    facts = {
        **origin.model_dump(),
        "n_labels": len(before),
        "frozen_sha256": labels_digest(frozen),
        "delivered_sha256": labels_digest(AssetLabel(*item) for item in after.items()),
        "verified_before": tuple(sorted(attempt.verified_before)),
        "target_error": attempt.target_error,
        "confidence": confidence_of(attempt.alpha),
        "method": METHOD,
        "attempt": attempt.number,
        "alpha": attempt.alpha,
        "alpha_spent_before": attempt.alpha_spent_before,
        "alpha_of_attempt": plan.alpha,
        "looks": plan.looks,
        "seed": attempt.seed,
        "n_checked": len(checks),
        "n_wrong": n_wrong,
        "n_repaired": n_wrong,
        "wrong_left_upper_bound": decision.wrong_left_upper_bound,
        "error_upper_bound": decision.error_upper_bound,
        "checks": checks,
        "public_key": public_key,
    }
    unstated = Certificate.model_validate({**facts, "statement": ""})
    return unstated.model_copy(update={"statement": statement_of(unstated)})


def statement_of(certificate: Certificate) -> str:
    """The claim in one sentence, from the other fields."""
    one = certificate
    if one.n_checked == 0:
        how = (
            f"nothing was left to draw, since the reference itself decided every label: {one.reference.description}. No"
            " second person has checked them"
        )
    else:
        how = (
            f"{one.n_checked:,} were drawn at random and checked by {one.reference.description}; found wrong and"
            f" repaired: {one.n_wrong:,}"
        )
    people = " The annotators are simulated." if one.people_are_simulated else ""
    return (
        f"At most {one.wrong_left_upper_bound:,} of the {one.n_labels:,} labels of project “{one.project.name}” are "
        f"wrong ({percent(one.error_upper_bound)}; promised: {percent(one.target_error)}), with "
        f"{percent(one.confidence)} confidence: {how}.{people}"
    )


def confidence_of(alpha: float) -> float:
    """1 - alpha, without the rounding of binary fractions: 0.95 for 0.05."""
    return round(1 - alpha, 12)


def sign(certificate: CertifiedLabels, private_key: Ed25519PrivateKey) -> bytes:
    """The bytes of the signed file.

    Raises:
        ValueError: the document names the public key of somebody else.
    """
    if certificate.public_key != public_key_of(private_key):
        raise ValueError("the certificate names another public key than the one that signs it")
    document = document_of(certificate)
    return canonical_json({**document, "signature": sign_json(document, private_key)})


def document_of(certificate: CertifiedLabels) -> dict[str, Any]:
    """The fields that the signature covers, as JSON values."""
    return certificate.model_dump(mode="json", exclude={"signature"})


def _judge(position: int, reference: AssetLabel, frozen: tuple[Annotation, ...]) -> Check:
    if reference.annotations == frozen:
        return Check(position=position, asset_id=reference.asset_id, verdict="right")
    return Check(position=position, asset_id=reference.asset_id, verdict="wrong", frozen=frozen)


def percent(share: float) -> str:
    """As people read it, to four digits."""
    return f"{share * 100:.4g} %"
