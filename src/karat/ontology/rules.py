"""When the label classes of an ontology are right, and what is filled in where a person left it open."""

import re
import unicodedata
from collections.abc import Callable, Iterator

from karat.kit import Fault
from karat.ontology.attribute_rules import check_attributes
from karat.ontology.palette import PALETTE
from karat.ontology.texts import check_description, check_text, fault
from karat.ontology.types import LabelClass, OntologyContent

MAX_CLASSES = 1000
MAX_NAME = 100
MAX_TITLE = 200
MAX_CATEGORY_ID = 2**31 - 1
DEFAULT_HOTKEYS = "1234567890"

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def check_ontology(content: OntologyContent) -> list[Fault]:
    """Every fault of the label classes; none means that projects may use them."""
    classes = content.classes
    if not classes:
        return [fault("ontology.empty", "There is no label class.", "classes", "Add at least one.")]
    faults = []
    if len(classes) > MAX_CLASSES:
        message = f"There are {len(classes)} label classes; at most {MAX_CLASSES} are possible."
        faults.append(fault("ontology.too_many_classes", message, "classes"))
    for index, label_class in enumerate(classes):
        faults.extend(_check_class(label_class, f"classes.{index}"))
    faults.extend(_repeated(classes, "name", lambda one: unicodedata.normalize("NFC", one.name)))
    faults.extend(_repeated(classes, "hotkey", lambda one: one.hotkey and one.hotkey.casefold()))
    faults.extend(
        _repeated(classes, "category_id", lambda one: None if one.category_id is None else str(one.category_id))
    )
    faults.extend(check_attributes(content))
    return faults


def with_defaults(content: OntologyContent) -> OntologyContent:
    """The same classes with a colour each and, as far as they reach, the keys 1 … 9 and 0.

    A class whose name or title is a single digit gets that digit, so that handwritten digits are typed as they look;
    the others get the keys that are left, in order. What a person chose is kept. Colours repeat after ten classes.
    """
    taken = {one.hotkey.casefold() for one in content.classes if one.hotkey}
    own = {}
    for index, one in enumerate(content.classes):
        digit = next((text for text in (one.name, one.title) if text in set(DEFAULT_HOTKEYS)), None)
        if one.hotkey is None and digit and digit not in taken:
            own[index] = digit
            taken.add(digit)
    free = iter([key for key in DEFAULT_HOTKEYS if key not in taken])
    colors = _free_colors(content)
    classes = tuple(
        one.model_copy(
            update={
                "hotkey": one.hotkey or own.get(index) or next(free, None),
                "color": (one.color or next(colors)).lower(),
            }
        )
        for index, one in enumerate(content.classes)
    )
    return content.model_copy(update={"classes": classes})


def _free_colors(content: OntologyContent) -> Iterator[str]:
    used = {one.color.lower() for one in content.classes if one.color}
    unused = [color for color in PALETTE if color not in used] or list(PALETTE)
    yield from unused
    while True:
        yield from PALETTE


def _check_class(one: LabelClass, where: str) -> Iterator[Fault]:
    yield from check_text(one.name, f"{where}.name", MAX_NAME)
    if one.title is not None:
        yield from check_text(one.title, f"{where}.title", MAX_TITLE)
    yield from check_description(one.description, f"{where}.description")
    if one.color is not None and not _COLOR.fullmatch(one.color):
        message = "A colour is # and six hexadecimal digits, nothing else."
        yield fault("color.malformed", message, f"{where}.color", "For example #4411ff.")
    if one.hotkey is not None and not (len(one.hotkey) == 1 and one.hotkey.isalnum()):
        message = "A hotkey is one letter or digit."
        yield fault("hotkey.malformed", message, f"{where}.hotkey", "Leave it out to get the next free digit.")
    if one.category_id is not None and not 0 <= one.category_id <= MAX_CATEGORY_ID:
        message = f"A category id is a whole number from 0 to {MAX_CATEGORY_ID}."
        yield fault("category_id.out_of_range", message, f"{where}.category_id", "Leave it out to number by place.")


def _repeated(classes: tuple[LabelClass, ...], field: str, key: Callable[[LabelClass], str | None]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for index, one in enumerate(classes):
        value = key(one)
        if value is None:
            continue
        if value in first:
            message = f"The {field} is already that of label class {first[value] + 1}."
            yield fault(f"{field}.repeated", message, f"classes.{index}.{field}", "Choose another.")
        first.setdefault(value, index)
