"""Texts that people write into an ontology: what none of them may hold."""

import unicodedata
from collections.abc import Iterator

from karat.kit import Fault

MAX_DESCRIPTION = 2000

# They turn the reading direction of what follows, so one class could be shown under another's name.
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check_text(text: str, where: str, longest: int) -> Iterator[Fault]:
    """A name or title: one line, not empty, no white space around it."""
    if not text.strip():
        yield fault("text.empty", "The text is empty.", where)
    elif text != text.strip():
        yield fault("text.white_space", "The text begins or ends with white space.", where, "Remove it.")
    if len(text) > longest:
        yield fault("text.too_long", f"The text has {len(text)} characters; at most {longest} are possible.", where)
    if any(_is_control(character) for character in text):
        yield fault("text.control_character", "The text holds a control character.", where, "Remove it.")


def check_description(text: str, where: str) -> Iterator[Fault]:
    """Several lines, or none."""
    if len(text) > MAX_DESCRIPTION:
        message = f"The description has {len(text)} characters; at most {MAX_DESCRIPTION} are possible."
        yield fault("text.too_long", message, where)
    if any(_is_control(character) for character in text if character not in "\n\t"):
        yield fault("text.control_character", "The description holds a control character.", where, "Remove it.")


def _is_control(character: str) -> bool:
    # Cc: control, Cs: half of a surrogate pair, Zl and Zp: line breaks. Joiners (Cf) stay: emoji and scripts need them.
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in _BIDI_CONTROLS


def fault(code: str, message: str, where: str, hint: str | None = None) -> Fault:
    """A fault of an ontology."""
    return Fault(code=code, message=message, where=where, hint=hint)
