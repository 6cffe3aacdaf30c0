"""Sentences for people that can be said in other languages as well: what they mean beside how they read in English.

A capability writes its sentences down in its `sayings.py`. Clients that speak English show the text; others look the code up
among their own words, and where they do not know it they show the text too.
"""

from string import Formatter
from typing import Any, Self

from pydantic import Field

from karat.kit.record import Record

Fact = int | float | str


class Said(Record):
    """One sentence as a client can say it in its own words.

    Attributes:
        code: which sentence; stable.
        facts: what it is about. Shares are floats from 0 to 1.
    """

    code: str = Field(max_length=100)
    facts: dict[str, Fact] = Field(default_factory=dict)


class Words(Record):
    """Something to tell people: the English text, and the same sentence by sentence."""

    text: str
    said: tuple[Said, ...] = ()

    def __add__(self, other: Self) -> Self:
        """The one and then the other."""
        return self.model_copy(update={"text": f"{self.text} {other.text}", "said": (*self.said, *other.said)})


class Saying:
    """A sentence with places for facts, as `str.format` has them, and two ways to write them besides.

    `{n:answer|answers}` is the word for one or for more; `{share:.4g%}` a percentage to so many digits.
    """

    def __init__(self, code: str, english: str) -> None:
        self.code, self.english = code, english

    def __call__(self, **facts: Fact) -> Words:
        """The sentence about these facts."""
        text = _ENGLISH.vformat(self.english, (), facts)
        return Words(text=text, said=(Said(code=self.code, facts=facts),))

    def places(self) -> dict[str, str]:
        """The names of its facts, each with how it is written."""
        found: dict[str, str] = {}
        for _, name, how, _ in Formatter().parse(self.english):
            if name and not found.get(name):
                found[name] = how or ""
        return found


class _English(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        one, is_word, more = format_spec.partition("|")
        if is_word:
            return one if value == 1 else more
        if format_spec.endswith("g%"):
            return f"{value * 100:{format_spec[:-1]}}%"
        return str(super().format_field(value, format_spec))


_ENGLISH = _English()
