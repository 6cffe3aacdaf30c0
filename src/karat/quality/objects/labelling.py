"""Which label each task has, for the compute process: it reads every annotation by its kind."""

from karat.quality.objects.reading import classes_of, object_kind, spell
from karat.quality.objects.types import Agreed, Annotations


def choose_labels(
    kind_name: str,
    verified: dict[int, Annotations],
    answered: list[int],
    agreed: Agreed,
    predicted: dict[int, Annotations],
) -> tuple[dict[int, Annotations], dict[int, list[str]], dict[int, float | None]]:
    """Labels, the classes in them and how sure they are, by task index: the reference's, else people's, else the model's.

    Returns:
        The confidence is 1 for what the reference decided, the expected F1 where several have answered, and None where
        nothing is known of it.
    """
    kind = object_kind(kind_name)
    labels = dict(predicted)
    confidences: dict[int, float | None] = dict.fromkeys(predicted)
    for at, one in zip(answered, agreed.tasks, strict=True):
        labels[at] = one.annotations
        confidences[at] = None if one.expected_loss is None else 1 - one.expected_loss
    labels |= verified
    confidences |= dict.fromkeys(verified, 1.0)
    spelled = {at: spell(kind, said) for at, said in labels.items()}
    return spelled, {at: classes_of(kind, said) for at, said in spelled.items()}, confidences
