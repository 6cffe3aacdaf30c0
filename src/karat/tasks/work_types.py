"""The work on a task as it travels: taking, saving, handing in, judging."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from karat.datasets import Asset
from karat.kit import Record
from karat.kit.sayings import Said
from karat.modalities import Annotation, as_object_kind, kind_named
from karat.tasks.types import Purpose


class Draft(Record):
    """Work that is not handed in yet, as autosaved.

    Attributes:
        seq: counts the edits; an older draft never replaces a newer one.
    """

    seq: int = Field(ge=0)
    annotations: list[Annotation] = Field(max_length=10_000)


class SavedDraft(Record):
    """The draft is on the server's disk."""

    seq: int
    saved_at: datetime


class Answer(Record):
    """Somebody's answer as a reviewer sees it: by letter, not by name."""

    submission_id: UUID
    by: str
    annotations: list[Annotation]
    at: datetime


class PredictedAnnotation(Annotation):
    """An annotation that a model proposes.

    Attributes:
        score: how sure the model is, as it says itself; nothing has checked that.
    """

    score: float = Field(ge=0, le=1, allow_inf_nan=False)


class Predictions(Record):
    """What a model proposes for an asset, and which version of it."""

    model_version_id: UUID
    model: str
    version: int
    annotations: list[PredictedAnnotation]


class Work(Record):
    """A task that the caller holds now.

    Attributes:
        predictions: of a model, to start from when labelling objects.
        proposed: what the engine would take for the label, to be put right in review and check; None where the caller
            is to judge without knowing it.
    """

    assignment_id: UUID
    task_id: UUID
    project_id: UUID
    purpose: Purpose
    expires_at: datetime
    lease_seconds: int
    asset: Asset
    draft: Draft | None = None
    answers: list[Answer] = Field(default_factory=list)
    predictions: Predictions | None = None
    proposed: list[Annotation] | None = None
    ontology_version_id: UUID
    instructions_version: int


class NextRequest(Record):
    """A request for work.

    Attributes:
        known: assignments that the caller holds and need not be sent again.
    """

    count: int = Field(default=1, ge=1, le=10)
    purpose: Purpose = Purpose.LABEL
    known: list[UUID] = Field(default_factory=list, max_length=50)


class NextWork(Record):
    """Work to do; when there is none, why, and when to ask again.

    Attributes:
        waiting: why, in English.
        waiting_said: the same sentence by sentence, for clients that speak otherwise.
    """

    items: list[Work]
    waiting: str | None = None
    waiting_said: tuple[Said, ...] = ()
    retry_after_s: float | None = None
    remaining: int


class NewSubmission(Record):
    """Work to hand in.

    Attributes:
        submission_id: made by the client, so that sending it twice is harmless.
        annotations: for kinds of objects, none of them says that nothing is there to mark.
        duration_s: seconds that the annotator worked on the task.
    """

    submission_id: UUID
    annotations: list[Annotation] = Field(max_length=10_000)
    ontology_version_id: UUID
    instructions_version: int = Field(ge=1)
    duration_s: float = Field(ge=0, le=86_400, allow_inf_nan=False)


class Submission(Record):
    """Work that was accepted."""

    id: UUID
    task_id: UUID
    assignment_id: UUID
    at: datetime


class Skip(Record):
    """Why a task is passed on."""

    reason: str = Field(default="", max_length=500)


class Lease(Record):
    """How long an assignment is held."""

    expires_at: datetime


class Verdict(StrEnum):
    """What a reviewer decides."""

    ACCEPT = "accept"
    FIX = "fix"
    REJECT = "reject"


class ReviewReason(StrEnum):
    """Why an answer was fixed or rejected."""

    WRONG_CLASS = "wrong_class"
    MISSED_OBJECT = "missed_object"
    FALSE_OBJECT = "false_object"
    WRONG_PLACE = "wrong_place"
    INSTRUCTIONS_NOT_FOLLOWED = "instructions_not_followed"
    INSTRUCTIONS_UNCLEAR = "instructions_unclear"
    ASSET_UNCLEAR = "asset_unclear"
    OTHER = "other"


REASON_TITLES: dict[ReviewReason, str] = {
    ReviewReason.WRONG_CLASS: "Wrong class",
    ReviewReason.MISSED_OBJECT: "Something was not marked",
    ReviewReason.FALSE_OBJECT: "Something is marked that is not there",
    ReviewReason.WRONG_PLACE: "Marked at the wrong place",
    ReviewReason.INSTRUCTIONS_NOT_FOLLOWED: "Instructions not followed",
    ReviewReason.INSTRUCTIONS_UNCLEAR: "Instructions do not cover this",
    ReviewReason.ASSET_UNCLEAR: "The asset itself is unclear",
    ReviewReason.OTHER: "Other",
}


_OF_OBJECTS = frozenset({ReviewReason.MISSED_OBJECT, ReviewReason.FALSE_OBJECT, ReviewReason.WRONG_PLACE})


def reasons_for(kind: str | None) -> list[ReviewReason]:
    """The reasons that fit a kind of annotation; those that fit every kind without one.

    Raises:
        KindUnknown: no such kind.
    """
    of_objects = kind is not None and as_object_kind(kind_named(kind)) is not None
    return [reason for reason in ReviewReason if of_objects or reason not in _OF_OBJECTS]


class NewReview(Record):
    """A reviewer's decision on a task that they hold.

    Attributes:
        submission_id: the answer that is accepted, or the one that is fixed; None when rejecting all. For kinds of
            objects, accepting without one accepts what was proposed.
        annotations: the reviewer's own answer, for a fix.
    """

    review_id: UUID
    verdict: Verdict
    submission_id: UUID | None = None
    annotations: list[Annotation] | None = Field(default=None, max_length=10_000)
    reason: ReviewReason | None = None
    note: str | None = Field(default=None, max_length=2000)
    duration_s: float = Field(ge=0, le=86_400, allow_inf_nan=False)


class Review(Record):
    """A decision that was taken."""

    id: UUID
    task_id: UUID
    assignment_id: UUID
    verdict: Verdict
    at: datetime
