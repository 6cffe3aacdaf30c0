"""When the attributes of an ontology are right."""

import math
import unicodedata
from collections.abc import Collection, Iterator

from karat.kit import Fault
from karat.modalities import AnyKind, Attribute
from karat.ontology.texts import check_description, check_text, fault
from karat.ontology.types import OntologyContent

MAX_ATTRIBUTES = 100
MAX_OPTIONS = 200
MAX_NAME = 100
MAX_TITLE = 200


def check_attributes(content: OntologyContent) -> Iterator[Fault]:
    """Every fault of the attributes, each with its place; none where there are no attributes."""
    if len(content.attributes) > MAX_ATTRIBUTES:
        message = f"There are {len(content.attributes)} attributes; at most {MAX_ATTRIBUTES} are possible."
        yield fault("ontology.too_many_attributes", message, "attributes")
    names = {one.name for one in content.classes}
    first: dict[str, int] = {}
    for index, attribute in enumerate(content.attributes):
        where = f"attributes.{index}"
        yield from _check_words(attribute, where)
        yield from _check_options(attribute, f"{where}.options")
        yield from _check_limits(attribute, where)
        yield from _check_classes(attribute, names, f"{where}.applies_to")
        name = unicodedata.normalize("NFC", attribute.name)
        if name in first:
            message = f"The name is already that of attribute {first[name] + 1}."
            yield fault("name.repeated", message, f"{where}.name", "Choose another.")
        first.setdefault(name, index)


def check_attributes_fit(content: OntologyContent, kind: AnyKind) -> Iterator[Fault]:
    """A fault if annotations of this kind have no attributes and the ontology asks for some."""
    if content.attributes and "attributes" not in kind.payload.model_fields:
        message = f"An annotation of kind {kind.name} has no attributes."
        yield fault("attributes.not_in_kind", message, "attributes", "Leave them out, or choose another kind.")


def _check_words(attribute: Attribute, where: str) -> Iterator[Fault]:
    yield from check_text(attribute.name, f"{where}.name", MAX_NAME)
    if attribute.title is not None:
        yield from check_text(attribute.title, f"{where}.title", MAX_TITLE)
    yield from check_description(attribute.description, f"{where}.description")


def _check_options(attribute: Attribute, where: str) -> Iterator[Fault]:
    options = attribute.options
    if attribute.type == "select" and not options:
        yield fault("options.missing", "A select needs options to choose from.", where, "Add at least one.")
    if attribute.type in ("number", "text") and options:
        yield fault(
            "options.unused", f"A {attribute.type} has no options.", where, "Leave them out, or make it a select."
        )
        return
    if len(options) > MAX_OPTIONS:
        message = f"There are {len(options)} options; at most {MAX_OPTIONS} are possible."
        yield fault("options.too_many", message, where)
    first: dict[str, int] = {}
    for index, option in enumerate(options):
        yield from check_text(option, f"{where}.{index}", MAX_TITLE)
        name = unicodedata.normalize("NFC", option)
        if name in first:
            message = f"The option is already number {first[name] + 1}."
            yield fault("option.repeated", message, f"{where}.{index}", "Leave it out.")
        first.setdefault(name, index)


def _check_limits(attribute: Attribute, where: str) -> Iterator[Fault]:
    limits = {"minimum": attribute.minimum, "maximum": attribute.maximum}
    given = {name: limit for name, limit in limits.items() if limit is not None}
    for name, limit in given.items():
        if attribute.type != "number":
            message = f"A {attribute.type} has no {name}."
            yield fault("limit.unused", message, f"{where}.{name}", "Leave it out, or make it a number.")
        elif not math.isfinite(limit):
            yield fault("limit.not_finite", f"The {name} is not a finite number.", f"{where}.{name}", "Leave it out.")
    if attribute.minimum is not None and attribute.maximum is not None and attribute.minimum > attribute.maximum:
        message = f"The minimum {attribute.minimum:g} is above the maximum {attribute.maximum:g}."
        yield fault("limit.crossed", message, f"{where}.minimum", "Exchange them.")


def _check_classes(attribute: Attribute, names: Collection[str], where: str) -> Iterator[Fault]:
    if attribute.applies_to is None:
        return
    if not attribute.applies_to:
        message = "The attribute applies to no label class."
        yield fault("applies_to.empty", message, where, "Name one, or leave the list out to mean all.")
    for index, name in enumerate(attribute.applies_to):
        if name not in names:
            message = f"There is no label class {name!r}."
            yield fault("label_class.unknown", message, f"{where}.{index}", "Use the exact name of a label class.")
        elif name in attribute.applies_to[:index]:
            yield fault("applies_to.repeated", f"{name!r} is named twice.", f"{where}.{index}", "Once will do.")
