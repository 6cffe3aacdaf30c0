"""What a pilot shows. Runs in the compute process: matching objects needs numpy and SciPy."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from statistics import fmean, median
from typing import Any

from karat.kit.sayings import Words
from karat.measure import loss_left_upper_bound, mean_upper_bound, plan_checks
from karat.modalities import AnyKind, as_categorical, as_object_kind, kind_named
from karat.quality import sayings
from karat.quality.objects.loss import asset_loss
from karat.quality.objects.reading import read_objects
from karat.tasks import Expected, Learnt, QualityTarget

ALPHA = 0.05  # of what the agreement is at least


def learn(
    kind_name: str,
    answers: Sequence[tuple[int, int, list[dict[str, Any]], float]],
    n_tasks: int,
    target: dict[str, Any],
) -> dict[str, Any]:
    """What the answers of a pilot say about the rest.

    Args:
        answers: (task, person, annotations, seconds); tasks and people by number.
        n_tasks: of the whole project.
    """
    terms = QualityTarget.model_validate(target)
    by_task: dict[int, list[list[dict[str, Any]]]] = defaultdict(list)
    for task, _, said, _ in answers:
        by_task[task].append(said)
    kind = kind_named(kind_name)
    apart = [1 - _agreement(kind, said, terms.match_overlap) for said in by_task.values() if len(said) > 1]
    expected = _expected(kind, terms, n_tasks, len(by_task), len(answers))
    facts = Learnt(
        n_tasks=len(by_task),
        n_answers=len(answers),
        n_people=len({person for _, person, _, _ in answers}),
        agreement=1 - fmean(apart) if apart else None,
        agreement_at_least=1 - mean_upper_bound(apart, max(n_tasks, len(apart)), ALPHA) if apart else None,
        median_seconds=median(seconds for _, _, _, seconds in answers) if answers else None,
        expected=expected,
        sentence="",
    )
    words = words_of(facts)
    return facts.model_copy(update={"sentence": words.text, "said": words.said}).model_dump(mode="json")


def words_of(facts: Learnt) -> Words:
    """What the pilot has shown, for people."""
    if not facts.n_answers:
        return sayings.PILOT_EMPTY()
    words = sayings.PILOT_DONE(n_answers=facts.n_answers, n_tasks=facts.n_tasks)
    if facts.median_seconds is not None:
        words += sayings.PILOT_TOOK(seconds=facts.median_seconds)
    if facts.agreement is None or facts.agreement_at_least is None:
        words += sayings.PILOT_ALONE()
    else:
        words += sayings.PILOT_AGREEMENT(agreement=facts.agreement, at_least=facts.agreement_at_least)
    if facts.expected is None:
        words += sayings.PILOT_UNFORESEEN()
    else:
        rest = facts.expected
        words += sayings.PILOT_REST(n_labels=rest.labels, n_low=rest.checks_low, n_high=rest.checks_high)
    return words + sayings.PILOT_START()


def least_checks(n_labels: int, error: float, confidence: float, has_objects: bool) -> int:
    """The fewest checks after which labels can be certified: all of them without a fault."""
    return _checks(n_labels, error, confidence, has_objects=has_objects)[0]


def _expected(kind: AnyKind, target: QualityTarget, n_tasks: int, n_piloted: int, n_answers: int) -> Expected | None:
    """Where every task gets a fixed number of answers, the plan says what is left. Where a model decides whom to ask about
    what, a few dozen answers do not show it, and nothing is said.
    """
    if not target.overlap or not n_answers or not n_tasks:
        return None
    has_objects = as_object_kind(kind) is not None
    labels = max(0, n_tasks - n_piloted) * target.overlap
    low, high = _checks(n_tasks, target.error, target.confidence, has_objects=has_objects)
    price = target.budget.price if target.budget else None
    return Expected(
        labels=labels,
        checks_low=low,
        checks_high=high,
        cost_low=None if price is None else (labels + low) * price,
        cost_high=None if price is None else (labels + high) * price,
    )


def _checks(n_labels: int, error: float, confidence: float, *, has_objects: bool) -> tuple[int, int]:
    """From the fewest to the most checks of a first attempt."""
    alpha = round(1 - confidence, 12)
    if not has_objects:
        looks = plan_checks(n_labels, error, alpha).looks
        return looks[0].n_checked, looks[-1].n_checked
    low, high = 0, n_labels
    while low < high:
        middle = (low + high) // 2
        if loss_left_upper_bound([0.0] * middle, n_labels, alpha) <= error:
            high = middle
        else:
            low = middle + 1
    return low, n_labels


def _agreement(kind: AnyKind, said: Sequence[list[dict[str, Any]]], match_overlap: float) -> float:
    """Mean over the pairs of answers to one task."""
    of_objects, of_classes = as_object_kind(kind), as_categorical(kind)
    if of_objects is not None:
        read = [read_objects(of_objects, one) for one in said]
        return fmean(1 - asset_loss(of_objects, a, b, match_overlap) for a, b in combinations(read, 2))
    assert of_classes is not None, "a kind is of objects or categorical"
    labels = [of_classes.class_of(kind.payload.model_validate(one[0]["payload"])) for one in said if one]
    pairs = list(combinations(labels, 2))
    return fmean(float(a == b) for a, b in pairs) if pairs else 1.0
