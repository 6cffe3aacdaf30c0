"""What the answers to each task make together. Imported in the compute process only: it needs numpy and SciPy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.kit import Record
from karat.measure import AssetAnswers, ObjectConsensus, expected_object_loss, reach_consensus
from karat.measure.arrays import FloatArray
from karat.modalities import ObjectKind
from karat.quality.objects.loss import asset_loss
from karat.quality.objects.reading import object_kind, read_objects
from karat.quality.objects.skills import skills_of
from karat.quality.objects.types import Agreed, Evidence, TaskConsensus

DELIVERED_FROM = 0.5  # existence: what is more likely there than not is part of the label
SURE = 0.8  # that it is there, or not, and of its class; what is less sure goes to review


def agree(evidence: Evidence) -> Agreed:
    """The consensus of every task that people have answered, and what is known of the people.

    Objects are grouped by overlap alone; existence and class of all groups are believed in one fit, so that what an
    annotator says in one task tells how much to believe in another. A label has the objects that are more likely there
    than not, fused by their kind, each annotator weighed by the chance to find a thing. What one person alone has
    answered is taken as it is: nothing is known of it but that it was said.
    """
    kind = object_kind(evidence.kind)
    payloads = [[(who, read_objects(kind, said)) for who, said in task.answers] for task in evidence.tasks]
    names = {name: index for index, name in enumerate(evidence.class_names)}
    answers = [
        AssetAnswers(
            annotators=[who for who, _ in task],
            labels=[[names[kind.class_of(one)] for one in said] for _, said in task],
            overlap=_overlap_of(kind, [said for _, said in task]),
        )
        for task in payloads
    ]
    found = reach_consensus(
        answers,
        n_annotators=max(evidence.n_annotators, 1),
        n_classes=len(names),
        at_least=evidence.match_overlap,
    )
    tasks = [
        _merge_task(kind, evidence, task, found, at) if len(task) > 1 else _take_alone(kind, task[0][1])
        for at, task in enumerate(payloads)
    ]
    return Agreed(tasks=tasks, skills=skills_of(kind, evidence, payloads, found))


@dataclass(frozen=True, slots=True)
class _Believed:
    """A group with what is believed of it."""

    payload: Record
    existence: float
    classes: FloatArray
    class_confidence: float
    n_marks: int

    @property
    def is_delivered(self) -> bool:
        return self.existence >= DELIVERED_FROM

    @property
    def is_unsure(self) -> bool:
        return 1 - SURE < self.existence < SURE or (self.is_delivered and self.class_confidence < SURE)


def _merge_task(
    kind: ObjectKind[Any],
    evidence: Evidence,
    answers: Sequence[tuple[int, list[Record]]],
    found: ObjectConsensus,
    at: int,
) -> TaskConsensus:
    groups = [_merge_group(kind, evidence, answers, found, row) for row in found.of_asset(at)]
    delivered = [group.payload for group in groups if group.is_delivered]
    losses = [
        asset_loss(kind, one, other, evidence.match_overlap)
        for position, (_, one) in enumerate(answers)
        for _, other in answers[:position]
    ]
    agreement, n_unsure = 1 - float(np.mean(losses)), sum(group.is_unsure for group in groups)
    return TaskConsensus(
        annotations=[_annotation(kind, one) for one in delivered],
        classes=[kind.class_of(one) for one in delivered],
        objects=[
            _annotation(kind, group.payload)
            | {
                "existence": round(group.existence, 4),
                "classes": {
                    name: round(float(p), 4)
                    for name, p in zip(evidence.class_names, group.classes, strict=True)
                    if p >= 0.001
                },
                "n_marks": group.n_marks,
            }
            for group in groups
        ],
        agreement=agreement,
        n_unsure=n_unsure,
        n_answers=len(answers),
        expected_loss=expected_object_loss(
            np.array([group.existence for group in groups], dtype=np.float64),
            np.array([group.class_confidence for group in groups], dtype=np.float64),
            at_least=DELIVERED_FROM,
        ),
        needs_review=n_unsure > 0 or agreement < evidence.min_agreement,
    )


def _merge_group(
    kind: ObjectKind[Any],
    evidence: Evidence,
    answers: Sequence[tuple[int, list[Record]]],
    found: ObjectConsensus,
    row: int,
) -> _Believed:
    members = found.groups[row].members
    payloads = [answers[who][1][which] for who, which in members.items()]
    weights = [float(found.beliefs.detection[answers[who][0]]) for who in members]
    classes = found.beliefs.class_posterior[row]
    best = evidence.class_names[int(classes.argmax())]
    merged = kind.merge(payloads, weights)
    if kind.class_of(merged) != best:  # the vote inside the kind does not know who mistakes which class for which
        alike = [at for at, one in enumerate(payloads) if kind.class_of(one) == best]
        if alike:
            merged = kind.merge([payloads[at] for at in alike], [weights[at] for at in alike])
    confidence = float(classes[evidence.class_names.index(kind.class_of(merged))])
    return _Believed(merged, float(found.beliefs.existence[row]), classes, confidence, len(members))


def _take_alone(kind: ObjectKind[Any], said: Sequence[Record]) -> TaskConsensus:
    return TaskConsensus(
        annotations=[_annotation(kind, one) for one in said],
        classes=[kind.class_of(one) for one in said],
        objects=[],
        agreement=None,
        n_unsure=0,
        n_answers=1,
        expected_loss=None,
        needs_review=False,
    )


def _annotation(kind: ObjectKind[Any], payload: Record) -> dict[str, Any]:
    return {"kind": kind.name, "payload": payload.model_dump(mode="json")}


def _overlap_of(kind: ObjectKind[Any], answers: Sequence[Sequence[Record]]) -> Callable[[int, int], FloatArray]:
    def overlap(a: int, b: int) -> FloatArray:
        rows = [[kind.overlap(one, other) for other in answers[b]] for one in answers[a]]
        return np.array(rows, dtype=np.float64).reshape(len(answers[a]), len(answers[b]))

    return overlap
