"""What may be said: label classes, and the attributes that an annotation of each class has."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field

from karat.kit import Fault, Record

MAX_TEXT = 2000

AttributeValue: TypeAlias = str | float | bool | list[str]
AttributeType: TypeAlias = Literal["select", "checkbox", "number", "text"]


class Attribute(Record):
    """One more thing that is said about an annotation, beside its label class.

    Attributes:
        name: the key in an annotation's `attributes`; never changed by a new title.
        title: what people read instead of the name.
        type: `select` takes one of the options; `checkbox` any number of them, or yes and no where it has none;
            `number` a number; `text` anything that is typed.
        required: an annotation without it is not right.
        minimum: of a number, itself allowed; None where there is none. `maximum` likewise.
        description: when to say what, for annotators; plain text.
        applies_to: names of the label classes that have it; None for all.
    """

    name: str
    title: str | None = None
    type: AttributeType
    options: Annotated[tuple[str, ...], Field(max_length=1000)] = ()
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    description: str = ""
    applies_to: Annotated[tuple[str, ...], Field(max_length=10_000)] | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The label classes that may be used, each with the attributes that it has.

    Attributes:
        classes: attributes by the exact name of the class, in the ontology's order.
    """

    classes: Mapping[str, tuple[Attribute, ...]]

    @classmethod
    def of_names(cls, names: Iterable[str]) -> Self:
        """Label classes without attributes."""
        return cls(dict.fromkeys(names, ()))

    @classmethod
    def of(cls, names: Iterable[str], attributes: Sequence[Attribute]) -> Self:
        """Label classes with those of the attributes that apply to each."""
        return cls(
            {
                name: tuple(one for one in attributes if one.applies_to is None or name in one.applies_to)
                for name in names
            }
        )

    def check_class(self, label_class: str) -> list[Fault]:
        """A fault if there is no such label class."""
        if label_class in self.classes:
            return []
        return [
            Fault(
                code="label_class.unknown",
                message=f"The ontology has no label class {label_class!r}.",
                where="payload.label_class",
                hint="Use the exact name of one of its label classes.",
            )
        ]

    def check_attributes(self, label_class: str, values: Mapping[str, AttributeValue]) -> list[Fault]:
        """Everything wrong with the attributes of an annotation; nothing is known of those of an unknown class."""
        if label_class not in self.classes:
            return []
        expected = {one.name: one for one in self.classes[label_class]}
        faults = [_unknown(name, label_class, expected) for name in values if name not in expected]
        for name, attribute in expected.items():
            faults += _check_attribute(attribute, values.get(name), f"payload.attributes.{name}")
        return faults


def _unknown(name: str, label_class: str, expected: Mapping[str, Attribute]) -> Fault:
    message = f"The label class {label_class!r} has no attribute {name!r}."
    hint = f"It has {', '.join(expected)}." if expected else "It has none."
    return Fault(code="attribute.unknown", message=message, where=f"payload.attributes.{name}", hint=hint)


def _check_attribute(attribute: Attribute, value: AttributeValue | None, where: str) -> Iterator[Fault]:
    said = attribute.title or attribute.name
    if value is None or (attribute.required and _is_blank(value)):
        if attribute.required:
            message = f"{said!r} is required."
            yield Fault(code="attribute.missing", message=message, where=where, hint=_expectation(attribute))
        return
    if not _has_type(attribute, value):
        message = f"{said!r} has a value of the wrong type."
        yield Fault(code="attribute.wrong_type", message=message, where=where, hint=_expectation(attribute))
    elif isinstance(value, float):
        yield from _check_number(attribute, value, where)
    elif isinstance(value, list):
        yield from _check_choices(attribute, value, where)
    elif attribute.type == "select" and value not in attribute.options:
        message = f"{said!r} has no option {value!r}."
        yield Fault(code="attribute.option_unknown", message=message, where=where, hint=_expectation(attribute))
    elif isinstance(value, str) and len(value) > MAX_TEXT and attribute.type == "text":
        message = f"{said!r} has {len(value)} characters; at most {MAX_TEXT} are possible."
        yield Fault(code="attribute.too_long", message=message, where=where)


def _check_number(attribute: Attribute, value: float, where: str) -> Iterator[Fault]:
    low = -math.inf if attribute.minimum is None else attribute.minimum
    high = math.inf if attribute.maximum is None else attribute.maximum
    if not (math.isfinite(value) and low <= value <= high):
        message = f"{value:g} is not possible for {attribute.title or attribute.name!r}."
        yield Fault(code="attribute.out_of_range", message=message, where=where, hint=_expectation(attribute))


def _check_choices(attribute: Attribute, values: list[str], where: str) -> Iterator[Fault]:
    for index, value in enumerate(values):
        if value not in attribute.options:
            message = f"{attribute.title or attribute.name!r} has no option {value!r}."
            hint = _expectation(attribute)
            yield Fault(code="attribute.option_unknown", message=message, where=f"{where}.{index}", hint=hint)
        elif value in values[:index]:
            message = f"The option {value!r} is chosen twice."
            yield Fault(
                code="attribute.option_repeated", message=message, where=f"{where}.{index}", hint="Once will do."
            )


def _has_type(attribute: Attribute, value: AttributeValue) -> bool:
    if attribute.type == "number":
        return isinstance(value, float)
    if attribute.type == "checkbox":
        return isinstance(value, list if attribute.options else bool)
    return isinstance(value, str)


def _is_blank(value: AttributeValue) -> bool:
    return (isinstance(value, str) and not value.strip()) or value == []


def _expectation(attribute: Attribute) -> str:
    if attribute.type == "number":
        parts = [
            f"at least {attribute.minimum:g}" if attribute.minimum is not None else "",
            f"at most {attribute.maximum:g}" if attribute.maximum is not None else "",
        ]
        return f"Give a number{', ' if any(parts) else ''}{' and '.join(filter(None, parts))}."
    if attribute.type == "text":
        return "Give a text."
    if not attribute.options:
        return "Give true or false."
    options = ", ".join(attribute.options[:20]) + (" …" if len(attribute.options) > 20 else "")
    return f"Give {'one' if attribute.type == 'select' else 'some'} of: {options}."
