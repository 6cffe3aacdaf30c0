"""Projects, tasks and the work on them, as they travel."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from karat.datasets import Asset
from karat.kit import Record
from karat.kit.sayings import Said
from karat.modalities import Annotation, Attribute
from karat.ontology import LabelClass, OntologyVersion
from karat.tasks.instruction_types import MAX_SECTIONS, Section


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

    PILOT = "pilot"
    COLLECTING = "collecting"
    ROUTING = "routing"
    CHECKING = "checking"
    CERTIFIED = "certified"
    REVIEW_NEEDED = "review_needed"


class Budget(Record):
    """What a project may cost. Every human answer counts: labels, reviews and checks.

    Attributes:
        max_answers: human answers.
        max_cost: money, in minor units of the currency; needs a price.
        price: of one answer, in minor units.
        currency: ISO 4217.
    """

    max_answers: int | None = Field(default=None, ge=1, le=1_000_000_000)
    max_cost: int | None = Field(default=None, ge=1, le=1_000_000_000_000)
    price: int | None = Field(default=None, ge=1, le=1_000_000_000)
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")

    @property
    def allowed(self) -> int | None:
        """The answers that it pays for, whichever limit comes first; None without a limit."""
        by_cost = None if self.max_cost is None or self.price is None else self.max_cost // self.price
        return min((one for one in (self.max_answers, by_cost) if one is not None), default=None)


class QualityTarget(Record):
    """What the delivery must hold, and what it may cost.

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
        budget: when it is used up nobody is asked any more, not even for the check; None for no limit.
    """

    error: float = Field(default=0.01, gt=0, le=0.5)
    confidence: float = Field(default=0.95, ge=0.5, le=0.999)
    max_answers: int = Field(default=5, ge=1, le=25)
    overlap: int | None = Field(default=None, ge=0, le=25)
    match_overlap: float = Field(default=0.5, ge=0.05, le=0.95)
    min_agreement: float = Field(default=0.5, ge=0, le=1)
    min_score: float = Field(default=0.5, ge=0, le=1)
    budget: Budget | None = None


class TargetPatch(Record):
    """What to change of a quality target; what is left out stays. A budget is replaced whole, and null takes it away."""

    error: float | None = Field(default=None, gt=0, le=0.5)
    confidence: float | None = Field(default=None, ge=0.5, le=0.999)
    max_answers: int | None = Field(default=None, ge=1, le=25)
    overlap: int | None = Field(default=None, ge=0, le=25)
    match_overlap: float | None = Field(default=None, ge=0.05, le=0.95)
    min_agreement: float | None = Field(default=None, ge=0, le=1)
    min_score: float | None = Field(default=None, ge=0, le=1)
    budget: Budget | None = None


class NewPilot(Record):
    """Tasks to label before the rest is asked for, so that one sees what the rest will take.

    Attributes:
        n_tasks: drawn at random.
        overlap: people who label each; two or more show how far they agree.
    """

    n_tasks: int = Field(default=30, ge=5, le=500)
    overlap: int = Field(default=2, ge=1, le=10)


class PilotState(StrEnum):
    """Where a pilot is: its tasks are being made, people label them, its lead is to decide, the rest is asked for."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STARTED = "started"


class Expected(Record):
    """Human answers that the rest takes if the first check succeeds. A range of the plan, not of chance.

    Attributes:
        labels: answers that are still to be given.
        checks_low, checks_high: to the plan's first look, and to its last; of objects: without any loss, and of everything.
        cost_low, cost_high: in minor units of the budget's currency, where it names a price.
    """

    labels: int
    checks_low: int
    checks_high: int
    cost_low: int | None = None
    cost_high: int | None = None


class Learnt(Record):
    """What a pilot has shown.

    Attributes:
        agreement: mean over the tasks with two answers or more of how far they agree: 1 the same, 0 nothing in common.
        agreement_at_least: what it is at least over all tasks, with 95 % confidence.
        median_seconds: of an answer.
        expected: None where nothing can honestly be said; `sentence` says why.
        said: the sentence by sentence, as of `Project.phase_said`.
    """

    n_tasks: int
    n_answers: int
    n_people: int
    agreement: float | None
    agreement_at_least: float | None
    median_seconds: float | None
    expected: Expected | None
    sentence: str
    said: tuple[Said, ...] = ()


class Pilot(NewPilot):
    """A project's pilot as it is now."""

    state: PilotState
    learnt: Learnt | None


class NewProject(Record):
    """A project to create.

    Attributes:
        template: one of `/api/project-templates`; whatever is given beside it takes the place of the template's.
        kind, classes: needed without a template.
        sections: of the instructions.
        pilot: label some tasks first; the rest waits until the lead starts it.
    """

    name: str = Field(min_length=1, max_length=200)
    dataset_id: UUID
    template: str | None = Field(default=None, max_length=100)
    kind: str | None = Field(default=None, max_length=100)
    classes: tuple[LabelClass, ...] = Field(default=(), max_length=1000)
    attributes: tuple[Attribute, ...] = Field(default=(), max_length=1000)
    instructions: str = Field(default="", max_length=50_000)
    sections: tuple[Section, ...] = Field(default=(), max_length=MAX_SECTIONS)
    target: QualityTarget = QualityTarget()
    pilot: NewPilot | None = None
    simulated: bool = Field(
        default=False, description="The people of this project are simulated; every screen says so."
    )


class ProjectPatch(Record):
    """What to change of a project; what is left out stays."""

    name: str | None = Field(default=None, min_length=1, max_length=200)
    instructions: str | None = Field(default=None, max_length=50_000)
    sections: tuple[Section, ...] | None = Field(default=None, max_length=MAX_SECTIONS)
    target: TargetPatch | None = None
    state: ProjectState | None = None


class Instructions(Record):
    """What annotators are told; every answer records the version that they saw."""

    version: int
    text: str


class Project(Record):
    """A dataset, a question about its assets, and the quality that the answer must have.

    Attributes:
        phase_sentence: what the engine does now and why, in English.
        phase_said: the same sentence by sentence, for clients that speak otherwise; empty where that is not known.
    """

    id: UUID
    name: str
    dataset_id: UUID
    state: ProjectState
    phase: Phase
    phase_sentence: str
    phase_said: tuple[Said, ...] = ()
    ontology: OntologyVersion
    instructions: Instructions
    target: QualityTarget
    pilot: Pilot | None = None
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
        annotations: these objects; None where nothing was said of them.
    """

    at: datetime
    what: str
    by_id: UUID | None
    by_name: str | None
    label: str | None
    n_objects: int | None = None
    annotations: list[Annotation] | None = None
    detail: str | None


class TaskDetail(TaskRow):
    """A task and everything that led to its label.

    Attributes:
        annotations: the label, for kinds of objects: none of them, and there is nothing on the asset. None without a label.
    """

    project_id: UUID
    annotations: list[Annotation] | None = None
    history: list[HistoryEntry]
