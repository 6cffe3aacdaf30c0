"""Why a task has its label, in one sentence that anybody can follow."""

from collections.abc import Sequence

from karat.quality.types import ExplainedObject

LIKELY = 0.5


def explain_belief(
    classes: Sequence[str], posterior: Sequence[float], model: Sequence[float] | None, said: Sequence[str]
) -> str:
    """What the model expected, what people said, and what is believed now.

    Args:
        posterior: one probability per class, after all answers.
        model: likewise, before them; None where no model has looked.
        said: the class that each person gave.
    """
    best = _largest(posterior)
    parts = []
    if model:
        first = _largest(model)
        parts.append(f"the model expected {classes[first]} ({model[first]:.1%})")
    if said:
        agreeing = sum(label == classes[best] for label in said)
        people = "person" if len(said) == 1 else "people"
        parts.append(f"{agreeing} of {len(said)} {people} said {classes[best]}")
    grounds = " and ".join(parts) or "nobody has looked yet"
    return f"{classes[best]} with {posterior[best]:.1%}: {grounds}."


def explain_objects(
    n_answers: int, agreement: float | None, objects: Sequence[ExplainedObject], n_predicted: int | None
) -> str:
    """How many answered, how far they agree, and what of it became the label.

    Args:
        objects: every candidate, of several answers.
        n_predicted: objects that a model predicted; None where no model has looked.
    """
    if n_answers == 0:
        if n_predicted is None:
            return "Nobody has looked at it yet."
        return f"A model predicted {_objects(n_predicted)}; nobody has looked at it yet."
    if n_answers == 1 or agreement is None:
        return "One person has answered; the label is that answer."
    kept = sum(one.existence >= LIKELY for one in objects)
    return (
        f"{n_answers} people answered and agree by {agreement:.0%}; of {_objects(len(objects))} that somebody marked,"
        f" {kept} are more likely there than not."
    )


def _objects(n: int) -> str:
    return "1 object" if n == 1 else f"{n} objects"


def _largest(values: Sequence[float]) -> int:
    return max(range(len(values)), key=values.__getitem__)
