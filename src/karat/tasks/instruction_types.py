"""Instructions in sections: what to do, per label class where it matters, with assets as good and bad examples."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from karat.datasets import Asset
from karat.kit import Record

MAX_SECTIONS = 200
MAX_EXAMPLES = 20


class Example(Record):
    """An asset of the project's dataset that shows something.

    Attributes:
        caption: what it shows; plain text.
    """

    asset_id: UUID
    caption: str = Field(default="", max_length=500)


class Section(Record):
    """A part of the instructions.

    Attributes:
        title: needed where the section is about no label class.
        label_class: the name of the label class that the section is about; each has one section at most.
        text: plain text.
        good: how it is done.
        bad: what is often taken for it, or done wrong.
    """

    title: str = Field(default="", max_length=200)
    label_class: str | None = Field(default=None, max_length=200)
    text: str = Field(default="", max_length=10_000)
    good: tuple[Example, ...] = Field(default=(), max_length=MAX_EXAMPLES)
    bad: tuple[Example, ...] = Field(default=(), max_length=MAX_EXAMPLES)


class ShownExample(Record):
    """An example with its asset; the link to its content is the reader's own."""

    asset: Asset
    caption: str


class ShownSection(Record):
    """A section as it is read."""

    title: str
    label_class: str | None
    text: str
    good: list[ShownExample]
    bad: list[ShownExample]


class InstructionsVersion(Record):
    """One version of a project's instructions, whole. It never changes: every answer tells which one was seen."""

    version: int
    text: str
    sections: list[ShownSection]
    is_current: bool
    created_at: datetime
