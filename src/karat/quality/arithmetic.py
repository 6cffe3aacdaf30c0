"""The arithmetic of a turn. Imported in the compute process only: it needs numpy."""

from array import array
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import beta

from karat.measure import Answers, plan_checks
from karat.measure.arrays import BoolArray, FloatArray, IntArray
from karat.quality import sayings
from karat.quality.beliefs import USUAL_SKILL, Beliefs, believe
from karat.quality.cycle import CycleSettings, Step, answers_owed, assets_for_review, next_batch, next_step

SKILL_WEIGHT = 2.0  # imagined answers behind a person's accuracy before anything is known


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known about a project's tasks, in plain lists: they travel between processes.

    Attributes:
        answers: (task index, annotator index, class index), oldest first.
        probabilities: the model's, row after row; None before there is a model.
        verified: class index that the reference decided, by task index.
        exhausted: indexes of tasks that nobody who is there may be asked about again.
        labels: class index believed after the turn before, -1 where none.
        changes: labels that each finished batch changed since the start or the last failed check.
        alpha_spent: of the checks that failed before.
        n_given: answers of all people so far, of the reference too.
        n_at_failure: likewise, when the last check that failed began; 0 without one.
    """

    n_tasks: int
    n_classes: int
    answers: list[tuple[int, int, int]]
    n_annotators: int
    probabilities: "array[float] | None"
    verified: dict[int, int]
    exhausted: list[int]
    labels: list[int]
    changes: list[int]
    alpha_spent: float
    n_given: int
    n_at_failure: int
    target_error: float
    confidence: float
    max_answers: int
    seed: int


@dataclass(frozen=True, slots=True)
class Turn:
    """What follows from the evidence.

    Attributes:
        posterior: row after row.
        chosen: task indexes to ask about, or to review, in order; empty when the check comes.
        skills: per annotator index (answers, accuracy, low, high): a 95 % interval.
        expected_error: mean of 1 - largest posterior: what the beliefs claim of themselves, which is no promise.
    """

    step: Step
    chosen: list[int]
    posterior: "array[float]"
    labels: list[int]
    confidences: list[float]
    gaps: list[float]
    n_answers: list[int]
    n_changed: int
    expected_error: float
    skills: list[tuple[int, float, float, float]]
    reliability: list[tuple[float, float, int]]


def settings_of(evidence: Evidence) -> CycleSettings:
    """The loop's settings for this project."""
    usual = CycleSettings.for_project(
        evidence.n_tasks, target_error=evidence.target_error, confidence=evidence.confidence
    )
    return usual.model_copy(update={"max_answers": evidence.max_answers})


def refresh(facts: dict[str, Any]) -> Turn:
    """Beliefs as of now without a decision: what the model is to learn from."""
    evidence = Evidence(**facts)
    beliefs, answers, model = _believe(evidence)
    return _turn(evidence, beliefs, answers, model, Step(action="ask", because=sayings.LEARNING()), [])


def take_turn(facts: dict[str, Any], is_new_batch: bool) -> Turn:
    """Beliefs as of now and what comes next.

    Args:
        facts: the fields of `Evidence`.
        is_new_batch: this turn closes a batch, so the labels that it changes count as a sign of unrest.
    """
    evidence = Evidence(**facts)
    beliefs, answers, model = _believe(evidence)
    settings = settings_of(evidence)
    n_answers = _n_answers(evidence)
    verified: BoolArray = np.zeros(evidence.n_tasks, dtype=np.bool_)
    verified[list(evidence.verified)] = True
    askable: BoolArray = np.ones(evidence.n_tasks, dtype=np.bool_)
    askable[evidence.exhausted] = False
    may_ask = askable & ~verified & (n_answers < settings.max_answers)
    for_review = assets_for_review(settings, beliefs, n_answers, askable=askable, verified=verified)
    changes = [*evidence.changes, _n_changed(evidence, beliefs)] if is_new_batch else evidence.changes
    plan = plan_checks(
        evidence.n_tasks,
        settings.target_error,
        settings.alpha,
        alpha_spent=evidence.alpha_spent,
        n_known=len(evidence.verified),
    )
    step = next_step(
        settings,
        changes,
        n_askable=int(may_ask.sum()),
        n_for_review=len(for_review),
        n_for_check=plan.looks[0].n_checked,
        n_unverified=plan.n_drawn_from,
        n_owed=answers_owed(evidence.n_given, evidence.n_at_failure),
    )
    chosen: IntArray = np.empty(0, dtype=np.int64)
    if step.action == "review":
        chosen = for_review
    elif step.action == "ask":
        chosen = next_batch(
            settings,
            beliefs if changes else None,
            n_answers,
            askable=askable,
            verified=verified,
            rng=np.random.default_rng([evidence.seed, len(evidence.answers)]),
        )
    return _turn(evidence, beliefs, answers, model, step, chosen.tolist())


def _believe(evidence: Evidence) -> tuple[Beliefs, Answers, FloatArray | None]:
    answers = Answers.of(
        evidence.answers,
        n_items=evidence.n_tasks,
        n_annotators=max(evidence.n_annotators, 1),
        n_classes=evidence.n_classes,
    )
    model = None
    if evidence.probabilities is not None:
        model = np.array(evidence.probabilities, dtype=np.float64).reshape(evidence.n_tasks, evidence.n_classes)
        model /= model.sum(axis=1, keepdims=True)
    return believe(answers, model, verified=evidence.verified), answers, model


def _n_answers(evidence: Evidence) -> IntArray:
    tasks = [task for task, _, _ in evidence.answers]
    counts: IntArray = np.bincount(tasks, minlength=evidence.n_tasks).astype(np.int64)
    return counts


def _n_changed(evidence: Evidence, beliefs: Beliefs) -> int:
    return int((np.asarray(evidence.labels) != beliefs.label).sum())


def _turn(
    evidence: Evidence, beliefs: Beliefs, answers: Answers, model: FloatArray | None, step: Step, chosen: list[int]
) -> Turn:
    top = beliefs.posterior.max(axis=1)
    return Turn(
        step=step,
        chosen=chosen,
        posterior=array("f", beliefs.posterior.astype(np.float32).tobytes()),
        labels=beliefs.label.tolist(),
        confidences=top.tolist(),
        gaps=beliefs.gap.tolist(),
        n_answers=_n_answers(evidence).tolist(),
        n_changed=_n_changed(evidence, beliefs),
        expected_error=float((1 - top).mean()),
        skills=[_skill(answers, beliefs, one) for one in range(evidence.n_annotators)],
        reliability=_reliability(evidence, beliefs, model),
    )


def _skill(answers: Answers, beliefs: Beliefs, annotator: int) -> tuple[int, float, float, float]:
    """How often a person's answers agree with what is believed with their own answer counted in; Jeffreys-like interval."""
    own = answers.annotator == annotator
    n = int(own.sum())
    right = float(beliefs.posterior[answers.item[own], answers.label[own]].sum())
    a, b = right + SKILL_WEIGHT * USUAL_SKILL, n - right + SKILL_WEIGHT * (1 - USUAL_SKILL)
    return n, a / (a + b), float(beta.ppf(0.025, a, b)), float(beta.ppf(0.975, a, b))


def _reliability(evidence: Evidence, beliefs: Beliefs, model: FloatArray | None) -> list[tuple[float, float, int]]:
    """By tenths of the model's confidence: mean confidence, share that people confirm, and how many."""
    if model is None:
        return []
    asked: IntArray = np.array(
        sorted({task for task, _, _ in evidence.answers} | set(evidence.verified)), dtype=np.int64
    )
    confidence, agrees = model[asked].max(axis=1), model[asked].argmax(axis=1) == beliefs.label[asked]
    band = np.minimum((confidence * 10).astype(int), 9)
    return [
        (float(confidence[band == one].mean()), float(agrees[band == one].mean()), int((band == one).sum()))
        for one in range(10)
        if (band == one).any()
    ]
