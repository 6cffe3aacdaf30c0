"""Is the thing there, and what is it: beliefs about groups of objects, learned with the annotators' rates."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from karat.errors import Fault
from karat.measure.aggregation import Answers, AnswersInvalid, dawid_skene
from karat.measure.arrays import FloatArray, IntArray

# Answers imagined for every annotator before any: of ten things that are there nine are seen.
SEEN, MISSED = 9.0, 1.0
# Boxes around nothing imagined for every annotator, on as many occasions as everybody else's.
FALSE = 2.0
# Chance that one more annotator marks the very place where another saw what is not there.
COINCIDENCE = 0.05
# Candidates imagined for the share that are there: three of four.
THERE, NOT_THERE = 3.0, 1.0
# Classes: ten answers imagined for each truth, nine of them right and the tenth spread over the others.
RIGHT, WRONG = 9.0, 1.0


@dataclass(frozen=True, slots=True)
class Sightings:
    """Who marked which candidate, and who looked at its asset without marking it.

    Attributes:
        group, annotator, label: (n_marks,) indexes from 0; a row is one object as a member of its group.
        looked_group, looked_annotator: (n_looks,) every annotator who answered the group's asset, those who marked it
            included, each pair once.
    """

    group: IntArray
    annotator: IntArray
    label: IntArray
    looked_group: IntArray
    looked_annotator: IntArray
    n_groups: int
    n_annotators: int
    n_classes: int

    def __post_init__(self) -> None:
        marks = set(zip(self.group.tolist(), self.annotator.tolist(), strict=True))
        looks = set(zip(self.looked_group.tolist(), self.looked_annotator.tolist(), strict=True))
        faults = []
        if len(marks) != len(self.group) or len(looks) != len(self.looked_group):
            message = "An annotator marks and looks at a group at most once."
            faults.append(Fault(code="sightings.repeated", message=message, where="group"))
        if not marks <= looks:
            message = "Whoever marked a group has looked at it."
            faults.append(Fault(code="sightings.not_looked", message=message, where="looked_group"))
        if len({group for group, _ in marks}) != self.n_groups:
            message = "A group is what somebody marked: each needs a mark."
            faults.append(Fault(code="sightings.unmarked", message=message, where="n_groups"))
        if faults:
            raise AnswersInvalid(faults=faults)


@dataclass(frozen=True, slots=True)
class ObjectBeliefs:
    """What the marks say about the groups and the annotators.

    Attributes:
        existence: (n_groups,) chance that the thing is there.
        class_posterior: (n_groups, n_classes), rows sum to one; what it is if it is there.
        detection: (n_annotators,) chance that an annotator marks a thing that is there.
        false_alarm: (n_annotators,) how often an annotator sees what is not there, against the others: 1 is the mean.
        prior: share of the groups that are there.
        n_rounds: rounds of expectation and maximisation that were needed.
    """

    existence: FloatArray
    class_posterior: FloatArray
    detection: FloatArray
    false_alarm: FloatArray
    prior: float
    n_rounds: int


def believe_objects(sightings: Sightings, *, max_rounds: int = 200, tolerance: float = 1e-5) -> ObjectBeliefs:
    """Fit by expectation maximisation; the same input gives the same result.

    A candidate is a thing or nothing. A thing is marked by each who looked with an own chance, independently; as only
    candidates that somebody marked are known, each thing stands for Q / (1 - Q) more that nobody marked, Q being the
    chance of that, and detection is not overestimated. Nothing is seen by one annotator, each as often as the false alarms
    say, and by each of the others with the chance `COINCIDENCE`, which is fixed: the marks alone cannot tell a mistake that
    several share from a thing. All rates are smoothed by the imagined answers above. So a group of one mark is weighed by
    what its annotator's other marks were worth and by who looked without marking it.

    Classes are a Dawid-Skene fit on the members' classes, smoothed as above.

    Source: A. P. Dawid & A. M. Skene, Applied Statistics 28(1), 1979; for the unseen ones A. P. Dempster, N. M. Laird &
    D. B. Rubin, Journal of the Royal Statistical Society B 39(1), 1977, section 4.2 (truncated data);
    for false alarms D. R. Hunter, MM algorithms for generalized Bradley-Terry models, Annals of Statistics 32(1), 2004.
    """
    shape = (sightings.n_groups, sightings.n_annotators)
    marked = _matrix(sightings.group, sightings.annotator, shape)
    looked = _matrix(sightings.looked_group, sightings.looked_annotator, shape)
    n_marks, n_looks = marked.sum(axis=1), looked.sum(axis=1)
    # To begin with a thing is there as far as those who looked agree; a lone answer is believed as the prior says.
    existence: FloatArray = (n_marks + THERE - 1) / (n_looks + THERE + NOT_THERE - 1)
    prior, moved, n_rounds = THERE / (THERE + NOT_THERE), np.inf, 0
    detection = np.full(sightings.n_annotators, SEEN / (SEEN + MISSED))
    false_alarm = np.ones(sightings.n_annotators)
    while moved > tolerance and n_rounds < max_rounds:
        n_rounds += 1
        detection = _detection(marked, looked, existence, detection)
        false_alarm = _false_alarm(marked, looked, 1 - existence, false_alarm)
        prior = float((existence.sum() + THERE) / (len(existence) + THERE + NOT_THERE))
        before = existence
        existence = _expect(marked, looked, detection, false_alarm, prior)
        moved = float(np.abs(existence - before).max(initial=0.0))
    return ObjectBeliefs(existence, _classes(sightings), detection, false_alarm, prior, n_rounds)


def existence_posterior(
    sightings: Sightings, detection: FloatArray, false_alarm: FloatArray, prior: float
) -> FloatArray:
    """(n_groups,) chance that each thing is there, at known rates; what one round of `believe_objects` expects."""
    shape = (sightings.n_groups, sightings.n_annotators)
    marked = _matrix(sightings.group, sightings.annotator, shape)
    looked = _matrix(sightings.looked_group, sightings.looked_annotator, shape)
    return _expect(marked, looked, detection, false_alarm, prior)


def _matrix(group: IntArray, annotator: IntArray, shape: tuple[int, int]) -> Any:
    return csr_array((np.ones(len(group)), (group, annotator)), shape=shape)


def _expect(marked: Any, looked: Any, detection: FloatArray, false_alarm: FloatArray, prior: float) -> FloatArray:
    nobody = looked @ np.log1p(-detection)
    there = np.log(prior) + marked @ (np.log(detection) - np.log1p(-detection)) + nobody - np.log(-np.expm1(nobody))
    n_others, n_joined = looked.sum(axis=1) - 1, marked.sum(axis=1) - 1
    joined = n_joined * np.log(COINCIDENCE) + (n_others - n_joined) * np.log1p(-COINCIDENCE)
    nothing = np.log1p(-prior) + np.log(marked @ false_alarm) - np.log(looked @ false_alarm) + joined
    posterior: FloatArray = 1 / (1 + np.exp(np.clip(nothing - there, -700, 700)))
    return posterior


def _detection(marked: Any, looked: Any, existence: FloatArray, rates: FloatArray) -> FloatArray:
    """Things marked of things looked at, those counted in that nobody marked."""
    with_unseen = existence / -np.expm1(looked @ np.log1p(-rates))  # 1 + Q / (1 - Q) each
    smoothed: FloatArray = (marked.T @ existence + SEEN) / (looked.T @ with_unseen + SEEN + MISSED)
    return smoothed


def _false_alarm(marked: Any, looked: Any, nothing: FloatArray, rates: FloatArray) -> FloatArray:
    """Times that an annotator saw what is not there, of the occasions at which somebody did."""
    saw_it_first = rates * (marked.T @ (nothing / (marked @ rates)))
    expected = looked.T @ (nothing / (looked @ rates))
    smoothed: FloatArray = (saw_it_first + FALSE) / (expected + FALSE)
    return smoothed / smoothed.mean() if len(smoothed) else smoothed


def _classes(sightings: Sightings) -> FloatArray:
    n = sightings.n_classes
    pseudo_counts = np.full((n, n), WRONG / max(n - 1, 1))
    np.fill_diagonal(pseudo_counts, RIGHT)
    answers = Answers(
        item=sightings.group,
        annotator=sightings.annotator,
        label=sightings.label,
        n_items=sightings.n_groups,
        n_annotators=sightings.n_annotators,
        n_classes=n,
    )
    return dawid_skene(answers, pseudo_counts=pseudo_counts).posterior
