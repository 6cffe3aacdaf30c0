"""What travels between the server and the compute process, in plain lists."""

from dataclasses import dataclass
from typing import Any

Annotations = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TaskAnswers:
    """What people said about one task.

    Attributes:
        answers: (annotator index, annotations), each annotator once.
        verified: what the reference decided; None where it has not.
    """

    answers: list[tuple[int, Annotations]]
    verified: Annotations | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What people said about a project's tasks.

    Attributes:
        tasks: those that somebody has answered.
    """

    kind: str
    class_names: list[str]
    match_overlap: float
    min_agreement: float
    n_annotators: int
    tasks: list[TaskAnswers]


@dataclass(frozen=True, slots=True)
class TaskConsensus:
    """What the answers to one task make together.

    Attributes:
        annotations: the label that follows; `classes` has the class of each.
        objects: every candidate, also those that are no part of the label, with `existence`, `classes` (probabilities
            where they are not nearly zero) and `n_marks`; empty when there is one answer.
        agreement: mean F1 of two answers; None when there is one.
        expected_loss: what the beliefs claim of themselves; None when there is one answer.
    """

    annotations: Annotations
    classes: list[str]
    objects: Annotations
    agreement: float | None
    n_unsure: int
    n_answers: int
    expected_loss: float | None
    needs_review: bool


@dataclass(frozen=True, slots=True)
class ObjectSkill:
    """What is known of an annotator from tasks that others have answered or the reference has decided.

    Attributes:
        detection: share of the things there that they marked.
        false_share: share of what they marked that is not there.
        overlap: mean overlap of their objects with what was agreed or decided.
    """

    n_answers: int
    detection: float | None
    false_share: float | None
    overlap: float | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """The consensus of the tasks of an `Evidence`, in its order, and the skill of every annotator."""

    tasks: list[TaskConsensus]
    skills: list[ObjectSkill]
