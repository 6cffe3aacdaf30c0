"""The whole loop in memory with simulated people: what the engine would cost and reach on data whose truth is known.

It runs the rules of `cycle` on the model, the aggregation and the certificate that the server uses; only the people and
the reference are made up. The demo over HTTP asks the same `SimulatedPerson`s.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np

from karat.kit import Record
from karat.measure import Answers, CheckPlan, Decision, draw_checks, plan_checks
from karat.measure.arrays import BoolArray, FloatArray, IntArray
from karat.quality.beliefs import Beliefs, believe
from karat.quality.cycle import CycleSettings, assets_for_review, next_batch, next_step

# The digits that people take for each other in handwriting, with no order of importance.
DIGIT_PAIRS = ((4, 9), (1, 7), (3, 5), (3, 8), (5, 6), (0, 6), (7, 9), (2, 7), (5, 8), (2, 3))
# Share of wrong answers of the people of the demo: careful ones and hasty ones, 3.1 % on average.
DEMO_ERROR_RATES = (0.01, 0.015, 0.02, 0.025, 0.03, 0.035, 0.05, 0.06)
ALIKE_SHARE = 0.8  # of the mistakes are between classes that look alike, the rest is anything

Predict = Callable[[IntArray, FloatArray, int], FloatArray]
"""Labelled assets, their soft labels and a seed give (n_assets, n_classes), out of fold where labelled."""


class SimulatedPerson(Record):
    """Somebody who errs in a known way.

    Attributes:
        confusion: by true class, the chance of each answer.
    """

    name: str
    confusion: tuple[tuple[float, ...], ...]

    def answer(self, asset: str, truth: int, seed: int) -> int:
        """What the person says about this asset: always the same, whenever and however often it is asked."""
        digest = sha256(f"{seed}:{self.name}:{asset}".encode()).digest()
        draw, reached = int.from_bytes(digest[:8], "big") / 2**64, 0.0
        for label, chance in enumerate(self.confusion[truth]):
            reached += chance
            if draw < reached:
                return label
        return truth


class BatchRecord(Record):
    """The state after a batch; `error` is known only because the truth is."""

    n_answers: int
    n_changed: int
    error: float


class SimulationReport(Record):
    """What the loop cost and reached.

    Attributes:
        n_answers: human answers in all: routing, review and checks.
        true_error: share of wrong labels after repair.
        error_upper_bound: what the certificate says; 1.0 without one.
        saved, saved_vs_one: share of answers saved against three answers each, and against one each.
        because: why each step was taken, in order.
    """

    is_certified: bool
    n_answers: int
    n_routed: int
    n_reviewed: int
    n_checked: int
    n_attempts: int
    error_upper_bound: float
    true_error: float
    saved: float
    saved_vs_one: float
    batches: tuple[BatchRecord, ...]
    because: tuple[str, ...]


def make_people(
    error_rates: Sequence[float] = DEMO_ERROR_RATES,
    *,
    n_classes: int = 10,
    alike: Sequence[tuple[int, int]] = DIGIT_PAIRS,
) -> tuple[SimulatedPerson, ...]:
    """People with these shares of wrong answers, who mostly mistake classes that look alike."""
    partners = [[b if a == c else a for a, b in alike if c in (a, b)] for c in range(n_classes)]
    people = []
    for number, error in enumerate(error_rates, start=1):
        rows = []
        for truth in range(n_classes):
            near = partners[truth]
            anything = error * (1 - ALIKE_SHARE if near else 1.0) / (n_classes - 1)
            row = [anything + (error * ALIKE_SHARE / len(near) if c in near else 0.0) for c in range(n_classes)]
            row[truth] = 1 - error
            rows.append(tuple(row))
        people.append(SimulatedPerson(name=f"Simulated person {number}", confusion=tuple(rows)))
    return tuple(people)


def simulate(
    predict: Predict, truth: IntArray, people: Sequence[SimulatedPerson], settings: CycleSettings, *, seed: int
) -> SimulationReport:
    """Run the loop to its certificate, or until nothing is left to ask and to check."""
    loop = _Loop(predict, truth, people, settings, seed)
    alpha_spent, attempts = 0.0, 0
    while True:
        loop.route()
        attempts += 1
        plan = plan_checks(
            len(truth), settings.target_error, settings.alpha, alpha_spent=alpha_spent, n_known=len(loop.verified)
        )
        alpha_spent += plan.alpha
        decision = loop.check(plan, f"{seed}:{attempts}")
        if decision.outcome == "certified" or not loop.askable().any():
            return loop.report(decision, attempts)


@dataclass
class _Loop:
    """The moving state of one simulated project."""

    predict: Predict
    truth: IntArray
    people: Sequence[SimulatedPerson]
    settings: CycleSettings
    seed: int
    rows: list[tuple[int, int, int]] = field(default_factory=list)
    verified: dict[int, int] = field(default_factory=dict)
    n_reviewed: int = 0
    n_checked: int = 0
    beliefs: Beliefs | None = None
    batches: list[BatchRecord] = field(default_factory=list)
    because: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        self.asked: BoolArray = np.zeros((len(self.truth), len(self.people)), dtype=np.bool_)

    def askable(self) -> BoolArray:
        n_answers = self.asked.sum(axis=1)
        return ~self.is_verified() & ~self.asked.all(axis=1) & (n_answers < self.settings.max_answers)

    def is_verified(self) -> BoolArray:
        mask = np.zeros(len(self.truth), dtype=np.bool_)
        mask[list(self.verified)] = True
        return mask

    def route(self) -> None:
        """Ask batch by batch until the rules say check; unsure rest goes to the reference."""
        changes: list[int] = []
        while True:
            for_review = self.for_review()
            plan = plan_checks(
                len(self.truth), self.settings.target_error, self.settings.alpha, n_known=len(self.verified)
            )
            step = next_step(
                self.settings,
                changes,
                n_askable=int(self.askable().sum()),
                n_for_review=len(for_review),
                n_for_check=plan.looks[0].n_checked,
            )
            self.because.append(step.because)
            if step.action == "check":
                return
            if step.action == "review":
                self.verified |= {int(asset): int(self.truth[asset]) for asset in for_review}
                self.n_reviewed += len(for_review)
                self.refresh()
            else:
                changes.append(self.ask())

    def for_review(self) -> IntArray:
        if self.beliefs is None:
            return np.zeros(0, dtype=np.int64)
        return assets_for_review(
            self.settings,
            self.beliefs,
            self.asked.sum(axis=1),
            askable=~self.asked.all(axis=1),
            verified=self.is_verified(),
        )

    def ask(self) -> int:
        """One batch, one person for each of its assets; the number of labels that it changed."""
        batch = next_batch(
            self.settings,
            self.beliefs,
            self.asked.sum(axis=1),
            askable=~self.asked.all(axis=1),
            verified=self.is_verified(),
            rng=self.rng,
        )
        for asset in batch.tolist():
            person = int(self.rng.choice(np.flatnonzero(~self.asked[asset])))
            said = self.people[person].answer(str(asset), int(self.truth[asset]), self.seed)
            self.asked[asset, person] = True
            self.rows.append((asset, person, said))
        return self.refresh()

    def refresh(self) -> int:
        """Learn again and believe again; the number of labels that moved."""
        n_items, n_classes = len(self.truth), len(self.people[0].confusion)
        answers = Answers.of(self.rows, n_classes=n_classes, n_items=n_items, n_annotators=len(self.people))
        before = believe(answers, verified=self.verified) if self.beliefs is None else self.beliefs
        # What people said, weighed by what the model knew before, is what the model learns from.
        model = None if self.beliefs is None else self.model
        labels = believe(answers, model, verified=self.verified).posterior
        labelled = np.union1d(np.unique(answers.item), np.array(sorted(self.verified), dtype=np.int64)).astype(np.int64)
        self.model = self.predict(labelled, labels[labelled], self.seed)
        self.beliefs = believe(answers, self.model, verified=self.verified)
        n_changed = int((self.beliefs.label != before.label).sum())
        error = float((self.beliefs.label != self.truth).mean())
        self.batches.append(BatchRecord(n_answers=self.n_answers(), n_changed=n_changed, error=error))
        return n_changed

    def n_answers(self) -> int:
        return len(self.rows) + self.n_reviewed + self.n_checked

    def check(self, plan: CheckPlan, seed: str) -> Decision:
        """Freeze, draw and check look by look; what is found wrong is repaired, and all that was checked is known."""
        assert self.beliefs is not None
        frozen = self.beliefs.label.copy()
        unknown = np.flatnonzero(~self.is_verified())
        drawn = unknown[np.array(draw_checks(len(unknown), len(unknown), seed), dtype=np.int64)]
        give_up, done, n_wrong = bool(self.askable().any()), 0, 0
        decision = plan.decision(0, 0, give_up=give_up)
        while decision.outcome == "continue":
            upto = decision.next_n_checked or len(drawn)
            looked_at = drawn[done:upto]
            n_wrong += int((frozen[looked_at] != self.truth[looked_at]).sum())
            self.verified |= {int(asset): int(self.truth[asset]) for asset in looked_at}
            self.n_checked += upto - done
            done = upto
            decision = plan.decision(done, n_wrong, give_up=give_up)
        self.final = frozen
        self.final[list(self.verified)] = self.truth[list(self.verified)]
        self.because.append(f"{n_wrong} of {done} checked labels were wrong: {decision.outcome}.")
        return decision

    def report(self, decision: Decision, n_attempts: int) -> SimulationReport:
        is_certified, n = decision.outcome == "certified", len(self.truth)
        return SimulationReport(
            is_certified=is_certified,
            n_answers=self.n_answers(),
            n_routed=len(self.rows),
            n_reviewed=self.n_reviewed,
            n_checked=self.n_checked,
            n_attempts=n_attempts,
            error_upper_bound=decision.error_upper_bound if is_certified else 1.0,
            true_error=float((self.final != self.truth).mean()),
            saved=1 - self.n_answers() / (3 * n),
            saved_vs_one=1 - self.n_answers() / n,
            batches=tuple(self.batches),
            because=tuple(self.because),
        )
