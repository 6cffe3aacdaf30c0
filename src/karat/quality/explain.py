"""Why a task has its label, in one sentence that anybody can follow."""

from collections.abc import Sequence

from karat.kit.sayings import Fact, Words
from karat.quality import sayings
from karat.quality.types import ExplainedObject

LIKELY = 0.5


def explain_belief(
    classes: Sequence[str], posterior: Sequence[float], model: Sequence[float] | None, said: Sequence[str]
) -> Words:
    """What the model expected, what people said, and what is believed now.

    Args:
        posterior: one probability per class, after all answers.
        model: likewise, before them; None where no model has looked.
        said: the class that each person gave.
    """
    best = _largest(posterior)
    believed: dict[str, Fact] = {"label": classes[best], "share": posterior[best]}
    first = _largest(model) if model else 0
    expected: dict[str, Fact] = {"expected": classes[first], "expected_share": model[first]} if model else {}
    counted: dict[str, Fact] = {"n_agreeing": sum(label == classes[best] for label in said), "n_people": len(said)}
    if model and said:
        return sayings.WHY_BOTH(**believed, **expected, **counted)
    if model:
        return sayings.WHY_MODEL(**believed, **expected)
    return sayings.WHY_PEOPLE(**believed, **counted) if said else sayings.WHY_NOTHING(**believed)


def explain_objects(
    n_answers: int, agreement: float | None, objects: Sequence[ExplainedObject], n_predicted: int | None
) -> Words:
    """How many answered, how far they agree, and what of it became the label.

    Args:
        objects: every candidate, of several answers.
        n_predicted: objects that a model predicted; None where no model has looked.
    """
    if n_answers == 0:
        return sayings.WHY_NOBODY() if n_predicted is None else sayings.WHY_PREDICTED(n=n_predicted)
    if n_answers == 1 or agreement is None:
        return sayings.WHY_ONE_ANSWER()
    kept = sum(one.existence >= LIKELY for one in objects)
    return sayings.WHY_OBJECTS(n_people=n_answers, agreement=agreement, n_objects=len(objects), n_kept=kept)


def _largest(values: Sequence[float]) -> int:
    return max(range(len(values)), key=values.__getitem__)
