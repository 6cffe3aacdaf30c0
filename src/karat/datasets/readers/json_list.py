"""A JSON list, element by element, without the whole list in memory."""

import codecs
import json
from collections.abc import Iterator
from typing import BinaryIO

PIECE_CHARACTERS = 1 << 20
BLANK = " \t\r\n"


def elements_of_list(source: BinaryIO, longest: int) -> Iterator[object]:
    """The elements of the list that the file is.

    Args:
        longest: an element may have so many characters.

    Raises:
        ValueError: it is no list, or no JSON, or not UTF-8, from here on.
    """
    text = _Text(source)
    if text.next_character() != "[":
        raise ValueError("it does not begin with [")
    if text.peek() == "]":
        return
    while True:
        yield text.value(longest)
        if (character := text.next_character()) == "]":
            return
        if character != ",":
            raise ValueError("a comma is missing between two elements" if character else "it ends in the middle")


def no_constant(name: str) -> None:
    """Refuse NaN and the infinities, which Python reads and JSON does not know."""
    raise ValueError(f"{name} is no JSON")


class _Text:
    """The file from where it has been read to."""

    def __init__(self, source: BinaryIO) -> None:
        self._decoder = json.JSONDecoder(parse_constant=no_constant)
        self._pieces = codecs.getreader("utf-8-sig")(source)
        self._text, self._at, self._is_end = "", 0, False

    def peek(self) -> str:
        """The next character that is not blank; nothing at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in BLANK:
                self._at += 1
            if self._at < len(self._text) or self._is_end:
                return self._text[self._at : self._at + 1]
            self._fill()

    def next_character(self) -> str:
        """The same, and then it is past."""
        character = self.peek()
        self._at += len(character)
        return character

    def value(self, longest: int) -> object:
        """The next JSON value. One that touches the end of what was read may go on behind it."""
        self.peek()
        while True:
            try:
                value, after = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if self._is_end or len(self._text) - self._at > longest:
                    raise
            else:
                if after < len(self._text) or self._is_end:
                    self._at = after
                    return value
            self._fill()

    def _fill(self) -> None:
        """Read on; more at a time the longer the value is, so that it is not begun anew too often."""
        left = self._text[self._at :]
        more = self._pieces.read(max(PIECE_CHARACTERS, len(left)))
        self._text, self._at, self._is_end = left + more, 0, not more
