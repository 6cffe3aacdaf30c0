"""Why a task has its label, in one sentence that anybody can follow."""

from collections.abc import Sequence


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


def _largest(values: Sequence[float]) -> int:
    return max(range(len(values)), key=values.__getitem__)
