"""Reading a large JSON object piece by piece: its arrays come element by element, so memory holds one of them."""

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

PIECE_BYTES = 2**16
LONGEST_ELEMENT = 2**24
_SPACE = " \t\n\r"


class DocumentMalformed(ValueError):
    """What follows cannot be read; the message says why and where."""


class Sections:
    """The members of the JSON object in a stream.

    Iterating gives (name, index, element) for every element of an array and (name, None, value) for any other member.

    Attributes:
        names: of the members met so far; an empty array has a name and gives no element.

    Raises:
        DocumentMalformed: while iterating, at the first place that is not JSON; what came before stays good.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder()
        self._text, self._at, self._passed, self._is_over = "", 0, 0, False
        self.names: set[str] = set()

    def __iter__(self) -> Iterator[tuple[str, int | None, Any]]:
        try:
            yield from self._members()
        except UnicodeDecodeError as error:
            raise DocumentMalformed(f"not UTF-8 after character {self._passed + self._at}") from error
        except RecursionError as error:
            raise DocumentMalformed(f"nested too deeply after character {self._passed + self._at}") from error

    def _members(self) -> Iterator[tuple[str, int | None, Any]]:
        self._take("{")
        if self._next() == "}":
            return
        while True:
            name = self._value()
            if not isinstance(name, str):
                raise self._malformed("a name in quotes")
            self.names.add(name)
            self._take(":")
            if self._next() == "[":
                yield from ((name, index, element) for index, element in enumerate(self._elements()))
            else:
                yield name, None, self._value()
            if self._next() == "}":
                return
            self._take(",")

    def _elements(self) -> Iterator[Any]:
        self._take("[")
        if self._next() == "]":
            self._at += 1
            return
        while True:
            yield self._value()
            if self._next() == "]":
                self._at += 1
                return
            self._take(",")

    def _value(self) -> Any:
        self._next()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if self._is_over or len(self._text) - self._at > LONGEST_ELEMENT:
                    raise self._malformed("a whole JSON value of a bearable length") from None
            except ValueError as error:  # a whole number of thousands of digits
                raise self._malformed("a number that can be read") from error
            else:
                # A number at the end of what was read may go on.
                if end < len(self._text) or self._is_over:
                    self._at = end
                    return value
            self._read_on()

    def _take(self, expected: str) -> None:
        if self._next() != expected:
            raise self._malformed(f"{expected!r}")
        self._at += 1

    def _next(self) -> str:
        """The next character that is no white space; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if self._is_over:
                return ""
            self._read_on()

    def _read_on(self) -> None:
        rest = self._text[self._at :]
        self._passed += self._at
        # As much again as is there: a long element is read in few steps and tried few times.
        piece = self._stream.read(max(PIECE_BYTES, len(rest)))
        self._is_over = not piece
        self._text, self._at = rest + self._decode.decode(piece, final=self._is_over), 0

    def _malformed(self, expected: str) -> DocumentMalformed:
        found = "the end of the file" if not self._next() else repr(self._text[self._at : self._at + 20])
        return DocumentMalformed(f"expected {expected} at character {self._passed + self._at}, found {found}")
