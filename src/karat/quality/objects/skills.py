"""What is known of annotators of objects: what they find, what they see that is not there, how well they place it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.kit import Record
from karat.measure import ObjectConsensus, match_objects
from karat.modalities import ObjectKind
from karat.quality.objects.reading import read_objects
from karat.quality.objects.types import Evidence, ObjectSkill


@dataclass(slots=True)
class _Tally:
    """Sums of one annotator; places are counted where there was something to compare with."""

    there: float = 0.0
    found: float = 0.0
    marked: float = 0.0
    false: float = 0.0
    overlap: float = 0.0
    n_overlaps: int = 0

    def skill(self, n_answers: int) -> ObjectSkill:
        return ObjectSkill(
            n_answers=n_answers,
            detection=self.found / self.there if self.there else None,
            false_share=self.false / self.marked if self.marked else None,
            overlap=self.overlap / self.n_overlaps if self.n_overlaps else None,
        )


def skills_of(
    kind: ObjectKind[Any],
    evidence: Evidence,
    payloads: Sequence[Sequence[tuple[int, list[Record]]]],
    found: ObjectConsensus,
) -> list[ObjectSkill]:
    """Each annotator against the reference where it has decided, else against what all who answered make together.

    Tasks with one answer and no decision say nothing. Classes are left out: this is about places.
    """
    tallies = [_Tally() for _ in range(evidence.n_annotators)]
    for at, (task, answers) in enumerate(zip(evidence.tasks, payloads, strict=True)):
        if task.verified is not None:
            truth = read_objects(kind, task.verified)
            for who, said in answers:
                _against_reference(kind, tallies[who], said, truth, evidence.match_overlap)
        elif len(answers) > 1:
            for row in found.of_asset(at):
                _against_consensus(kind, tallies, answers, found, row)
    counts = Counter(who for task in evidence.tasks for who, _ in task.answers)
    return [tally.skill(counts[who]) for who, tally in enumerate(tallies)]


def _against_reference(
    kind: ObjectKind[Any], tally: _Tally, said: Sequence[Record], truth: Sequence[Record], at_least: float
) -> None:
    tally.there += len(truth)
    tally.marked += len(said)
    tally.false += len(said)
    if not said or not truth:
        return
    overlap = np.array([[kind.overlap(one, other) for other in truth] for one in said], dtype=np.float64)
    for row, column in match_objects(overlap, at_least=at_least):
        tally.found += 1
        tally.false -= 1
        tally.overlap += float(overlap[row, column])
        tally.n_overlaps += 1


def _against_consensus(
    kind: ObjectKind[Any],
    tallies: Sequence[_Tally],
    answers: Sequence[tuple[int, list[Record]]],
    found: ObjectConsensus,
    row: int,
) -> None:
    members, existence = found.groups[row].members, float(found.beliefs.existence[row])
    for who, _ in answers:
        tallies[who].there += existence
    shared = [answers[who][1][which] for who, which in members.items()]
    merged = kind.merge(shared, [1.0] * len(shared)) if len(shared) > 1 else None
    for (position, _), payload in zip(members.items(), shared, strict=True):
        tally = tallies[answers[position][0]]
        tally.found += existence
        tally.marked += 1
        tally.false += 1 - existence
        if merged is not None:
            tally.overlap += kind.overlap(payload, merged)
            tally.n_overlaps += 1
