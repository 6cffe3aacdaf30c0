"""Projects, tasks and the work on them, as they travel."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from karat.datasets import Asset
from karat.kit import Record
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
        max_answers: people asked per task at most, before a reviewer decides.
        overlap: a fixed number of answers for every task; None lets the router ask only where it pays.
    """

    error: float = Field(default=0.01, gt=0, le=0.5)
    confidence: float = Field(default=0.95, ge=0.5, le=0.999)
    max_answers: int = Field(default=5, ge=1, le=25)
    overlap: int | None = Field(default=None, ge=1, le=25)


class NewProject(Record):
    """A project to create."""

    name: str = Field(min_length=1, max_length=200)
    dataset_id: UUID
    kind: str = Field(max_length=100)
    classes: tuple[LabelClass, ...] = Field(max_length=1000)
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
    """A task in a list."""

    id: UUID
    asset: Asset
    stage: Stage
    label: str | None
    confidence: float | None
    n_answers: int
    updated_at: datetime


class HistoryEntry(Record):
    """Something that happened to a task."""

    at: datetime
    what: str
    by_id: UUID | None
    by_name: str | None
    label: str | None
    detail: str | None


class TaskDetail(TaskRow):
    """A task and everything that led to its label."""

    project_id: UUID
    history: list[HistoryEntry]
