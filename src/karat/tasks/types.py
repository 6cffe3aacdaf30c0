"""Projects, tasks and the work on them, as they travel."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from karat.datasets import Asset
from karat.kit import Record
from karat.modalities import Annotation, Attribute
from karat.ontology import LabelClass, OntologyVersion


class Stage(StrEnum):
    """Where a task is: with the router and its model, with people, in review, in the certificate check, or done."""

    MODEL = "model"
    PEOPLE = "people"
    REVIEW = "review"
    CHECK = "check"
    DONE = "done"


class Purpose(StrEnum):
    """What an assignment is for."""

    LABEL = "label"
    REVIEW = "review"
    CHECK = "check"


STAGE_OF: dict[Purpose, Stage] = {
    Purpose.LABEL: Stage.PEOPLE,
    Purpose.REVIEW: Stage.REVIEW,
    Purpose.CHECK: Stage.CHECK,
}


class ProjectState(StrEnum):
    """Whether work is given out."""

    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"


class Phase(StrEnum):
    """What the engine does with a project now."""

    COLLECTING = "collecting"
    ROUTING = "routing"
    CHECKING = "checking"
    CERTIFIED = "certified"
    REVIEW_NEEDED = "review_needed"


class QualityTarget(Record):
    """What the delivery must hold.

    Attributes:
        error: at most this fraction of the labels is wrong.
        confidence: of that statement.
            For kinds of objects: at most this is the mean loss of an asset, 1 - F1 of its matched objects.
        max_answers: people asked per task at most, before a reviewer decides.
        overlap: a fixed number of answers for every task; None lets the router ask only where it pays. Kinds of objects
            have no router: None is 1 for them, and 0 takes a model's predictions as the labels.
        match_overlap: two objects of one class are the same thing if they overlap at least this far.
        min_agreement: tasks whose answers agree less go to review; agreement is the mean F1 of two answers.
        min_score: with an overlap of 0, predicted objects with a lower score are no part of the label.
    """

    error: float = Field(default=0.01, gt=0, le=0.5)
    confidence: float = Field(default=0.95, ge=0.5, le=0.999)
    max_answers: int = Field(default=5, ge=1, le=25)
    overlap: int | None = Field(default=None, ge=0, le=25)
    match_overlap: float = Field(default=0.5, ge=0.05, le=0.95)
    min_agreement: float = Field(default=0.5, ge=0, le=1)
    min_score: float = Field(default=0.5, ge=0, le=1)


class NewProject(Record):
    """A project to create."""

    name: str = Field(min_length=1, max_length=200)
    dataset_id: UUID
    kind: str = Field(max_length=100)
    classes: tuple[LabelClass, ...] = Field(max_length=1000)
    attributes: tuple[Attribute, ...] = Field(default=(), max_length=1000)
    instructions: str = Field(default="", max_length=50_000)
    target: QualityTarget = QualityTarget()
    simulated: bool = Field(
        default=False, description="The people of this project are simulated; every screen says so."
    )


class ProjectPatch(Record):
    """What to change of a project; what is left out stays."""

    name: str | None = Field(default=None, min_length=1, max_length=200)
    instructions: str | None = Field(default=None, max_length=50_000)
    state: ProjectState | None = None


class Instructions(Record):
    """What annotators are told; every answer records the version that they saw."""

    version: int
    text: str


class Project(Record):
    """A dataset, a question about its assets, and the quality that the answer must have."""

    id: UUID
    name: str
    dataset_id: UUID
    state: ProjectState
    phase: Phase
    phase_sentence: str
    ontology: OntologyVersion
    instructions: Instructions
    target: QualityTarget
    simulated: bool
    n_tasks: int
    created_at: datetime


class TaskRow(Record):
    """A task in a list.

    Attributes:
        label: the class, for kinds whose whole answer is one; None where there is none.
        n_objects: objects of the label, for kinds of objects; None while there is no label.
    """

    id: UUID
    asset: Asset
    stage: Stage
    label: str | None
    n_objects: int | None = None
    confidence: float | None
    n_answers: int
    updated_at: datetime


class HistoryEntry(Record):
    """Something that happened to a task.

    Attributes:
        n_objects: that were said to be there, for kinds of objects.
    """

    at: datetime
    what: str
    by_id: UUID | None
    by_name: str | None
    label: str | None
    n_objects: int | None = None
    detail: str | None


class TaskDetail(TaskRow):
    """A task and everything that led to its label.

    Attributes:
        annotations: the label, for kinds of objects: none of them, and there is nothing on the asset. None without a label.
    """

    project_id: UUID
    annotations: list[Annotation] | None = None
    history: list[HistoryEntry]
