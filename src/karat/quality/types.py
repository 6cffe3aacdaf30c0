"""What the quality engine tells: the overview of a project, certificates and their checks."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from karat.datasets import Asset
from karat.kit import Record
from karat.kit.sayings import Said
from karat.modalities import Annotation
from karat.tasks import BudgetState, Stage


class StageCounts(Record):
    """Tasks by stage."""

    model: int = 0
    people: int = 0
    review: int = 0
    check: int = 0
    done: int = 0


class AnswerCounts(Record):
    """Human answers and what they are compared with.

    Attributes:
        human: all answers by people: labels, reviews and checks.
        baseline: three answers for every task.
        saved, saved_vs_one: share of the baseline, or of one answer each, that was not needed. None before the end: what
            is not asked yet is not saved.
    """

    human: int
    people: int
    review: int
    check: int
    baseline: int
    saved: float | None
    saved_vs_one: float | None


class ErrorState(Record):
    """What is known about the share of wrong labels.

    Attributes:
        estimate: what the beliefs claim of themselves; no promise.
        upper_bound: what the certificate bounds, None without one.
        mean_loss: of the checked labels of objects, before they were put right; None before the first look.
        bound_so_far: what can be left after the checks made until the last look, for objects: it holds at any time.
    """

    estimate: float | None
    upper_bound: float | None
    confidence: float | None
    n_checked: int
    n_wrong: int
    mean_loss: float | None = None
    bound_so_far: float | None = None
    certified: bool
    certificate_id: UUID | None


class SeriesPoint(Record):
    """The state after a batch."""

    answers: int
    expected_error: float | None
    changed: int
    model_accuracy: float | None
    at: datetime


class Histogram(Record):
    """Counts between edges."""

    edges: list[float]
    counts: list[int]


class ReliabilityPoint(Record):
    """How often the model was right where it was about this sure, against what people said, out of fold."""

    confidence: float
    accuracy: float
    n: int


class ClassCount(Record):
    """Tasks by believed label, or objects by class."""

    name: str
    n: int


class PersonSummary(Record):
    """A person's work on the project; accuracy with its 95 % interval.

    Attributes:
        detection, false_share, overlap: of objects: share of the things there that they mark, share of their marks where
            nothing is, mean overlap with what was agreed. None where nobody else has said anything of the same.
    """

    user_id: UUID
    name: str
    simulated: bool
    n_answers: int
    accuracy: float | None
    low: float | None
    high: float | None
    detection: float | None = None
    false_share: float | None = None
    overlap: float | None = None
    median_seconds: float | None


class ObjectSummary(Record):
    """What the labels of objects say.

    Attributes:
        n_labels: tasks with a label; `n_empty` of them say that nothing is there.
        agreement: mean F1 of two answers to a task; None where no task has two.
        n_unsure: tasks whose answers leave the existence or class of something unsure.
    """

    n_labels: int
    n_objects: int
    n_empty: int
    agreement: float | None
    n_unsure: int


class ModelSummary(Record):
    """The newest version of the project's model; accuracy is out of fold on the asked, thus hard, assets."""

    version: int
    accuracy: float | None
    n_trained_on: int
    at: datetime


class Activity(Record):
    """What goes on right now."""

    answers_last_minute: int


class Need(Record):
    """Something that waits for a decision.

    Attributes:
        said: the sentence for clients that speak otherwise.
    """

    code: str
    sentence: str
    said: tuple[Said, ...] = ()
    n: int


class Overview(Record):
    """The answer to "how is it going?" on one screen.

    Attributes:
        beliefs: tasks by confidence; without edges for kinds of objects, which have no belief per task.
        classes: tasks by label, or objects by class.
        objects: for kinds of objects only.
        budget: what of it is used; None where the project has none.
    """

    project_id: UUID
    at: datetime
    phase: str
    phase_sentence: str
    phase_said: tuple[Said, ...] = ()
    stages: StageCounts
    answers: AnswerCounts
    error: ErrorState
    series: list[SeriesPoint]
    beliefs: Histogram
    reliability: list[ReliabilityPoint]
    classes: list[ClassCount]
    objects: ObjectSummary | None = None
    people: list[PersonSummary]
    model: ModelSummary | None
    activity: Activity
    needs: list[Need]
    budget: BudgetState | None = None


class LookSummary(Record):
    """A look of the plan, and what was found there if it was reached.

    Attributes:
        max_wrong: with which the plan certifies; None where any loss is bounded.
        mean_loss: of the checked labels of objects, before they were put right.
    """

    n_checked: int
    max_wrong: int | None
    n_wrong: int | None
    mean_loss: float | None = None
    error_upper_bound: float | None


class LossSummary(Record):
    """How the error of objects was measured, and what was found.

    Attributes:
        match_overlap: from which overlap two objects of one class are the same thing.
        mean_checked: mean loss of the checked labels before they were put right.
        n_replaced: checked labels that the reference changed, those without a loss included.
    """

    kind: str
    match_overlap: float
    mean_checked: float
    n_replaced: int


class CertificateSummary(Record):
    """A certificate as a page shows it; the signed document is behind `/file`.

    Attributes:
        method: how the bound was found.
        n_wrong: checked labels that were wrong; of objects, those with a loss.
        loss: of objects; None where a label is right or wrong.
    """

    id: UUID
    project_id: UUID
    issued_at: datetime
    statement: str
    error_upper_bound: float
    target_error: float
    confidence: float
    method: str
    n_labels: int
    n_checked: int
    n_wrong: int
    loss: LossSummary | None = None
    attempt: int
    reference: str
    simulated: bool
    sha256: str
    public_key: str
    looks: list[LookSummary]


class CheckedLabel(Record):
    """A label that was drawn, and what the reference said.

    Attributes:
        delivered, reference: the class, for kinds whose whole answer is one.
        frozen_annotations, reference_annotations: of objects, before the check and after it.
        loss: of objects.
        agreed: the label was right; of objects, it had no loss.
    """

    task_id: UUID
    asset: Asset
    delivered: str | None
    reference: str | None
    frozen_annotations: list[Annotation] | None = None
    reference_annotations: list[Annotation] | None = None
    loss: float | None = None
    agreed: bool | None


class ExplainedObject(Annotation):
    """Something that people marked.

    Attributes:
        existence: how likely it is there; the label has what is more likely there than not.
        classes: how likely it is of each class.
        n_marks: people who marked it.
    """

    existence: float
    classes: dict[str, float]
    n_marks: int


class Explanation(Record):
    """Why a task has its label.

    Attributes:
        posterior: per class, for kinds whose whole answer is one.
        objects: every candidate that somebody marked; empty where one person alone has answered.
        agreement: mean F1 of two answers.
        said: the sentence by sentence, for clients that speak otherwise.
    """

    task_id: UUID
    stage: Stage
    posterior: dict[str, float]
    objects: list[ExplainedObject] = Field(default_factory=list)
    agreement: float | None = None
    sentence: str
    said: tuple[Said, ...] = ()


class SigningKey(Record):
    """The public key that certificates and audit seals of this installation are verified with."""

    public_key: str
    fingerprint: str
