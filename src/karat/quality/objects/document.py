"""The certificate of labels that are objects: how much of an asset's label is lost on average, and how that was found.

It is the same document as that of labels that are right or wrong (`karat.quality.certificate`), with another measure: the
loss of an asset (`karat.quality.objects.loss`) lies between 0 and 1. The reference sees the frozen label of each drawn
asset and puts it right; the delivery has the reference's label in its place. The bound may be looked at after any check
(`karat.measure.bounds.betting`), so checking ends when it reaches the target, or when nothing is left to check.
"""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import Field

from karat.kit import Record
from karat.modalities import Annotation
from karat.quality.certificate import Attempt, CertifiedLabels, Signature, percent

METHOD = "karat.betting/1"
"""How the bound is found: `karat.measure.bounds.betting`, with the draw of `karat.measure.bounds.draw`."""

LOSS = "karat.object-f1/1"
"""How the loss of an asset is measured: `karat.quality.objects.loss`."""

_Count: TypeAlias = Annotated[int, Field(ge=0)]
_Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]


class LossCheck(Record):
    """One label that was drawn and put right, in the order of the draw.

    Attributes:
        position: among the frozen labels that could be drawn, sorted by asset id, from 0.
        frozen, reference: the annotations before and after; None where the reference left the label as it was.
    """

    position: _Count
    asset_id: UUID
    loss: _Share
    frozen: tuple[Annotation, ...] | None = None
    reference: tuple[Annotation, ...] | None = None


class LossLook(Record):
    """What was known after the first `n_checked` checks."""

    n_checked: _Count
    mean_loss: _Share
    error_upper_bound: _Share


class LossCertificate(CertifiedLabels):
    """A certificate for a kind of objects.

    Attributes:
        kind: of the annotations, `image.box`.
        loss: how an asset's loss is measured.
        match_overlap: from which overlap two objects of one class are the same thing.
        n_wrong: checked labels with a loss. More may have been replaced: attributes and small moves are no loss.
        mean_loss_checked: of the checked labels before they were put right.
        looks: where the bound was looked at; the last one ended the checks.
    """

    method: Literal["karat.betting/1"]
    kind: str
    loss: Literal["karat.object-f1/1"]
    match_overlap: Annotated[float, Field(gt=0, le=1)]
    mean_loss_checked: _Share
    looks: tuple[LossLook, ...]
    checks: tuple[LossCheck, ...]


class SignedLossCertificate(LossCertificate):
    """The document as it stands in the file."""

    signature: Signature


class LossTerms(Record):
    """Under which terms the labels of objects were drawn and checked."""

    attempt: Attempt
    kind: str
    match_overlap: float
    n_labels: int

    @property
    def n_drawn_from(self) -> int:
        """Labels that a check can hit."""
        return self.n_labels - len(self.attempt.verified_before)


def statement_of_losses(one: LossCertificate) -> str:
    """The claim in one sentence, from the other fields."""
    if one.n_checked == 0:
        how = (
            f"nothing was left to draw, since the reference itself decided every label: {one.reference.description}. No"
            " second person has checked them"
        )
    else:
        how = (
            f"{one.n_checked:,} were drawn at random and put right by {one.reference.description}, who saw each label"
            f" that they checked; with a loss: {one.n_wrong:,}"
        )
    people = " The annotators are simulated." if one.people_are_simulated else ""
    return (
        f"The {one.n_labels:,} labels of project “{one.project.name}” have a mean loss of at most "
        f"{percent(one.error_upper_bound)} (promised: {percent(one.target_error)}), with {percent(one.confidence)} "
        f"confidence, where the loss of an asset is 1 - F1 of its objects, matched if their class is the same and they "
        f"overlap by at least {percent(one.match_overlap)}: {how}.{people}"
    )
