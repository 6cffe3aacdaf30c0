"""What is known about a project, gathered from the database into the plain lists that the arithmetic takes."""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from karat.database import Transaction
from karat.modalities import AnyKind, as_categorical, kind_named
from karat.quality import check_store, store
from karat.tasks import Project, presence

EVIDENCE_SEED_BYTES = 4


@dataclass(frozen=True, slots=True)
class Situation:
    """A project's tasks in a fixed order and everything said about them.

    Attributes:
        people: user ids by annotator index.
        written: the label on each task as people see it; None where there is none.
        exhausted: indexes of tasks that everybody who is there has answered or passed on.
        batch: the newest labelling batch; None before the first.
    """

    project: Project
    task_ids: list[UUID]
    asset_ids: list[UUID]
    labels: list[int]
    written: list[str | None]
    answers: list[tuple[int, int, int]]
    people: list[UUID]
    probabilities: "array[float] | None"
    verified: dict[int, int]
    exhausted: list[int]
    changes: list[int]
    alpha_spent: float
    n_given: int
    n_at_failure: int
    batch: asyncpg.Record | None
    version: asyncpg.Record | None

    def can_ask_more(self) -> bool:
        """Whether anybody who is there may still be asked about a task that the reference has not decided."""
        n_answers = Counter(task for task, _, _ in self.answers)
        closed = {*self.verified, *self.exhausted}
        most = self.project.target.max_answers
        return any(at not in closed and n_answers[at] < most for at in range(len(self.task_ids)))

    def facts(self) -> dict[str, Any]:
        """The fields of `turning.Evidence`; the record itself is made where numpy is."""
        return {
            "n_tasks": len(self.task_ids),
            "n_classes": len(self.project.ontology.names),
            "answers": self.answers,
            "n_annotators": len(self.people),
            "probabilities": self.probabilities,
            "verified": self.verified,
            "exhausted": self.exhausted,
            "labels": self.labels,
            "changes": self.changes,
            "alpha_spent": self.alpha_spent,
            "n_given": self.n_given,
            "n_at_failure": self.n_at_failure,
            "target_error": self.project.target.error,
            "confidence": self.project.target.confidence,
            "max_answers": self.project.target.max_answers,
            "seed": int.from_bytes(self.project.id.bytes[-EVIDENCE_SEED_BYTES:], "big"),
        }


async def gather(db: Transaction, project: Project) -> Situation:
    """Read everything; one snapshot, since a transaction's statements see what was committed before each."""
    tasks = await store.tasks_of(db, project.id)
    at = {row["id"]: index for index, row in enumerate(tasks)}
    reader = ClassReader(project)
    people: dict[UUID, int] = {}
    answers = []
    for row in await store.answers_of(db, project.id):
        label = reader.index(row["annotations"])
        if label is not None:
            answers.append((at[row["task_id"]], people.setdefault(row["user_id"], len(people)), label))
    verified = {}
    for row in await store.verified_of(db, project.id):
        label = reader.index(row["annotations"])
        if label is not None:
            verified[at[row["task_id"]]] = label
    draws = await check_store.draws(db, project.id)
    failed = [row for row in draws if row["state"] == "failed"]
    rounds = await store.rounds(db, project.id)
    return Situation(
        project=project,
        task_ids=[row["id"] for row in tasks],
        asset_ids=[row["asset_id"] for row in tasks],
        labels=[_largest(row["posterior"]) for row in tasks],
        written=[row["label"] for row in tasks],
        answers=answers,
        people=list(people),
        probabilities=_flatten(tasks, len(reader.names)),
        verified=verified,
        exhausted=[at[task_id] for task_id in await presence.exhausted_tasks(db, project.id)],
        changes=[row["n_changed"] for row in rounds if not failed or row["created_at"] > failed[-1]["created_at"]],
        alpha_spent=sum(row["alpha"] for row in failed),
        n_given=(await store.count_human_answers(db, project.id))["people"],
        n_at_failure=await store.count_answers_before(db, project.id, failed[-1]["created_at"]) if failed else 0,
        batch=await store.latest_batch(db, project.id),
        version=await store.model_version(db, project.id),
    )


class ClassReader:
    """Reads class indexes out of annotations, for any kind whose whole answer is one label class."""

    def __init__(self, project: Project) -> None:
        self.kind: AnyKind = kind_named(project.ontology.kind)
        self.names = {name: index for index, name in enumerate(project.ontology.names)}

    def name(self, annotations: list[dict[str, Any]]) -> str | None:
        """The label class of an answer; None when it has none of this kind."""
        categorical = as_categorical(self.kind)
        for one in annotations:
            if categorical is not None and one["kind"] == self.kind.name:
                return categorical.class_of(self.kind.payload.model_validate(one["payload"]))
        return None

    def index(self, annotations: list[dict[str, Any]]) -> int | None:
        """The class as its index in the ontology."""
        name = self.name(annotations)
        return None if name is None else self.names.get(name)

    def payload(self, label: str) -> dict[str, Any]:
        """The annotation that gives this label class."""
        categorical = as_categorical(self.kind)
        assert categorical is not None, "only categorical kinds have beliefs per class"
        return {"kind": self.kind.name, "payload": categorical.of_class(label).model_dump(mode="json")}


def _largest(posterior: Sequence[float] | None) -> int:
    return -1 if posterior is None else max(range(len(posterior)), key=posterior.__getitem__)


def _flatten(tasks: list[asyncpg.Record], n_classes: int) -> "array[float] | None":
    """Predictions row after row; a task made after the last prediction starts with every class alike."""
    if not any(row["probabilities"] for row in tasks):
        return None
    even = [1.0 / n_classes] * n_classes
    flat = array("f")
    for row in tasks:
        flat.extend(row["probabilities"] or even)
    return flat
