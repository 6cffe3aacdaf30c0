"""Attributes in a payload: reading them, and what several people's together say."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Protocol, TypeAlias

from pydantic import Field, ValidationError, WrapValidator
from pydantic_core import PydanticCustomError

from karat.kit.canonical import canonical_json
from karat.modalities.vocabulary import AttributeValue
from karat.modalities.votes import most_votes, weighted_median


def _read_value(value: Any, read: Callable[[Any], AttributeValue]) -> AttributeValue:
    """One fault a value, not one for each type that it could have had."""
    try:
        return read(value)
    except ValidationError as error:
        message = "Expected a text, a number, true or false, or a list of texts."
        raise PydanticCustomError("attribute_value", "{expected}", {"expected": message}) from error


# The type of a payload's field `attributes`; what may be in it is the vocabulary's to say.
AttributeValues: TypeAlias = Annotated[
    dict[str, Annotated[AttributeValue, WrapValidator(_read_value)]], Field(default_factory=dict, max_length=100)
]


class Described(Protocol):
    """A payload of one label class with attributes."""

    @property
    def label_class(self) -> str: ...
    @property
    def attributes(self) -> Mapping[str, AttributeValue]: ...


def merge_attributes(
    label_class: str, payloads: Sequence[Described], weights: Sequence[float]
) -> dict[str, AttributeValue]:
    """What the payloads of the label class that won say together, since another class has other attributes.

    An attribute stays if at least half of their weight gives it. Numbers become their weighted median; other values are
    voted for.
    """
    told = [
        (one.attributes, weight)
        for one, weight in zip(payloads, weights, strict=True)
        if one.label_class == label_class and weight > 0
    ]
    return dict(_merge(told))


def _merge(
    told: Sequence[tuple[Mapping[str, AttributeValue], float]],
) -> Iterator[tuple[str, AttributeValue]]:
    half = math.fsum(weight for _, weight in told) / 2
    for name in sorted({name for values, _ in told for name in values}):
        given = [(values[name], weight) for values, weight in told if name in values]
        weights = [weight for _, weight in given]
        if math.fsum(weights) >= half:
            yield name, _merge_values([value for value, _ in given], weights)


def _merge_values(values: Sequence[AttributeValue], weights: Sequence[float]) -> AttributeValue:
    numbers = [value for value in values if isinstance(value, float)]
    if len(numbers) == len(values):
        return weighted_median(numbers, weights)
    # A list is a set of options: one order for all, so that who chose the same says the same.
    plain = [sorted(value) if isinstance(value, list) else value for value in values]
    spelled = [canonical_json(value).decode() for value in plain]
    return plain[spelled.index(most_votes(spelled, weights))]
