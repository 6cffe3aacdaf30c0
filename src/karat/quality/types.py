"""What the quality engine tells: the overview of a project, certificates and their checks."""

from datetime import datetime
from uuid import UUID

from karat.datasets import Asset
from karat.kit import Record
from karat.tasks import Stage


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
    """

    estimate: float | None
    upper_bound: float | None
    confidence: float | None
    n_checked: int
    n_wrong: int
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
    """Tasks by believed label."""

    name: str
    n: int


class PersonSummary(Record):
    """A person's work on the project; accuracy with its 95 % interval."""

    user_id: UUID
    name: str
    simulated: bool
    n_answers: int
    accuracy: float | None
    low: float | None
    high: float | None
    median_seconds: float | None


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
    """Something that waits for a decision."""

    code: str
    sentence: str
    n: int


class Overview(Record):
    """The answer to "how is it going?" on one screen."""

    project_id: UUID
    at: datetime
    phase: str
    phase_sentence: str
    stages: StageCounts
    answers: AnswerCounts
    error: ErrorState
    series: list[SeriesPoint]
    beliefs: Histogram
    reliability: list[ReliabilityPoint]
    classes: list[ClassCount]
    people: list[PersonSummary]
    model: ModelSummary | None
    activity: Activity
    needs: list[Need]


class LookSummary(Record):
    """A look of the plan, and what was found there if it was reached."""

    n_checked: int
    max_wrong: int
    n_wrong: int | None
    error_upper_bound: float | None


class CertificateSummary(Record):
    """A certificate as a page shows it; the signed document is behind `/file`."""

    id: UUID
    project_id: UUID
    issued_at: datetime
    statement: str
    error_upper_bound: float
    target_error: float
    confidence: float
    n_labels: int
    n_checked: int
    n_wrong: int
    attempt: int
    reference: str
    simulated: bool
    sha256: str
    public_key: str
    looks: list[LookSummary]


class CheckedLabel(Record):
    """A label that was drawn, and what the reference said."""

    task_id: UUID
    asset: Asset
    delivered: str
    reference: str | None
    agreed: bool | None


class Explanation(Record):
    """Why a task has its label."""

    task_id: UUID
    stage: Stage
    posterior: dict[str, float]
    sentence: str


class SigningKey(Record):
    """The public key that certificates and audit seals of this installation are verified with."""

    public_key: str
    fingerprint: str
