"""The whole loop in memory with simulated people: what the engine would cost and reach on data whose truth is known.

It runs the rules of `cycle` on the model, the aggregation and the certificate that the server uses; only the people and
the reference are made up. The demo over HTTP asks the same `SimulatedPerson`s (`simulated_people`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from karat.kit import Record
from karat.measure import Answers, CheckPlan, Decision, draw_checks, plan_checks
from karat.measure.arrays import BoolArray, FloatArray, IntArray
from karat.quality.beliefs import Beliefs, believe, lessons
from karat.quality.cycle import CycleSettings, answers_owed, assets_for_review, next_batch, next_step
from karat.quality.simulated_people import SimulatedPerson

Predict = Callable[[IntArray, FloatArray, int], FloatArray]
"""Labelled assets, their soft labels and a seed give (n_assets, n_classes), out of fold where labelled."""


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
        loop.n_routed_at_failure = len(loop.rows)


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
    n_routed_at_failure: int = 0
    model: FloatArray | None = None
    beliefs: Beliefs | None = None
    batches: list[BatchRecord] = field(default_factory=list)
    because: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        self.asked: BoolArray = np.zeros((len(self.truth), len(self.people)), dtype=np.bool_)

    def askable(self) -> BoolArray:
        """Assets about which the rules still allow a question."""
        may_ask: BoolArray = self.asked.sum(axis=1) < self.settings.max_answers
        return np.asarray(self.has_somebody() & ~self.is_verified() & may_ask, dtype=np.bool_)

    def has_somebody(self) -> BoolArray:
        """Assets that not everybody has answered."""
        is_open: BoolArray = self.asked.sum(axis=1) < len(self.people)
        return is_open

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
                n_unverified=plan.n_drawn_from,
                n_owed=answers_owed(len(self.rows), self.n_routed_at_failure),
            )
            self.because.append(step.because.text)
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
            askable=self.has_somebody(),
            verified=self.is_verified(),
        )

    def ask(self) -> int:
        """One batch, one person for each of its assets; the number of labels that it changed."""
        batch = next_batch(
            self.settings,
            self.beliefs,
            self.asked.sum(axis=1),
            askable=self.has_somebody(),
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
        n_classes = len(self.people[0].confusion)
        answers = Answers.of(self.rows, n_classes=n_classes, n_items=len(self.truth), n_annotators=len(self.people))
        before = believe(answers, verified=self.verified) if self.beliefs is None else self.beliefs
        learned = lessons(answers, self.model, verified=self.verified)
        self.model = self.predict(learned.asset, learned.labels, self.seed)
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
