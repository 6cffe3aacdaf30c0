"""When the label classes of an ontology are right, and what is filled in where a person left it open."""

import re
import unicodedata
from collections.abc import Callable, Iterator

from karat.kit import Fault
from karat.ontology.palette import PALETTE
from karat.ontology.types import LabelClass, OntologyContent

MAX_CLASSES = 1000
MAX_NAME = 100
MAX_TITLE = 200
MAX_DESCRIPTION = 2000
DEFAULT_HOTKEYS = "1234567890"

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
# They turn the reading direction of what follows, so one class could be shown under another's name.
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check_ontology(content: OntologyContent) -> list[Fault]:
    """Every fault of the label classes; none means that projects may use them."""
    classes = content.classes
    if not classes:
        return [_fault("ontology.empty", "There is no label class.", "classes", "Add at least one.")]
    faults = []
    if len(classes) > MAX_CLASSES:
        message = f"There are {len(classes)} label classes; at most {MAX_CLASSES} are possible."
        faults.append(_fault("ontology.too_many_classes", message, "classes"))
    for index, label_class in enumerate(classes):
        faults.extend(_check_class(label_class, f"classes.{index}"))
    faults.extend(_repeated(classes, "name", lambda one: unicodedata.normalize("NFC", one.name)))
    faults.extend(_repeated(classes, "hotkey", lambda one: one.hotkey and one.hotkey.casefold()))
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
    return OntologyContent(
        classes=tuple(
            one.model_copy(
                update={
                    "hotkey": one.hotkey or own.get(index) or next(free, None),
                    "color": (one.color or next(colors)).lower(),
                }
            )
            for index, one in enumerate(content.classes)
        )
    )


def _free_colors(content: OntologyContent) -> Iterator[str]:
    used = {one.color.lower() for one in content.classes if one.color}
    unused = [color for color in PALETTE if color not in used] or list(PALETTE)
    yield from unused
    while True:
        yield from PALETTE


def _check_class(one: LabelClass, where: str) -> Iterator[Fault]:
    yield from _check_text(one.name, f"{where}.name", MAX_NAME)
    if one.title is not None:
        yield from _check_text(one.title, f"{where}.title", MAX_TITLE)
    yield from _check_description(one.description, f"{where}.description")
    if one.color is not None and not _COLOR.fullmatch(one.color):
        message = "A colour is # and six hexadecimal digits, nothing else."
        yield _fault("color.malformed", message, f"{where}.color", "For example #4411ff.")
    if one.hotkey is not None and not (len(one.hotkey) == 1 and one.hotkey.isalnum()):
        message = "A hotkey is one letter or digit."
        yield _fault("hotkey.malformed", message, f"{where}.hotkey", "Leave it out to get the next free digit.")


def _check_text(text: str, where: str, longest: int) -> Iterator[Fault]:
    if not text.strip():
        yield _fault("text.empty", "The text is empty.", where)
    elif text != text.strip():
        yield _fault("text.white_space", "The text begins or ends with white space.", where, "Remove it.")
    if len(text) > longest:
        yield _fault("text.too_long", f"The text has {len(text)} characters; at most {longest} are possible.", where)
    if any(_is_control(character) for character in text):
        yield _fault("text.control_character", "The text holds a control character.", where, "Remove it.")


def _check_description(text: str, where: str) -> Iterator[Fault]:
    if len(text) > MAX_DESCRIPTION:
        message = f"The description has {len(text)} characters; at most {MAX_DESCRIPTION} are possible."
        yield _fault("text.too_long", message, where)
    if any(_is_control(character) for character in text if character not in "\n\t"):
        yield _fault("text.control_character", "The description holds a control character.", where, "Remove it.")


def _is_control(character: str) -> bool:
    # Cc: control, Cs: half of a surrogate pair, Zl and Zp: line breaks. Joiners (Cf) stay: emoji and scripts need them.
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in _BIDI_CONTROLS


def _repeated(classes: tuple[LabelClass, ...], field: str, key: Callable[[LabelClass], str | None]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for index, one in enumerate(classes):
        value = key(one)
        if value is None:
            continue
        if value in first:
            message = f"The {field} is already that of label class {first[value] + 1}."
            yield _fault(f"{field}.repeated", message, f"classes.{index}.{field}", "Choose another.")
        first.setdefault(value, index)


def _fault(code: str, message: str, where: str, hint: str | None = None) -> Fault:
    return Fault(code=code, message=message, where=where, hint=hint)
