"""What may be said about an asset: the label classes of one ontology version."""

from uuid import UUID

from pydantic import Field

from karat.kit import Record


class LabelClass(Record):
    """One class that a label can have. The rules of `rules.py` say what is right; the record itself takes any text.

    Attributes:
        name: what labels hold; unique within the ontology and never changed by a new title.
        title: what people read instead of the name.
        color: `#rrggbb`.
        hotkey: the one letter or digit that answers with this class.
        description: when to use the class, for annotators; plain text.
    """

    name: str
    title: str | None = None
    color: str | None = None
    hotkey: str | None = None
    description: str = ""


class OntologyContent(Record):
    """All that one ontology version says; immutable once used.

    Attributes:
        classes: in the order in which people see them.
    """

    classes: tuple[LabelClass, ...] = Field(max_length=10_000)


class OntologyVersion(Record):
    """One version as stored. It never changes, so whoever has read it may keep it.

    Attributes:
        kind: the kind of annotation that the classes are for; `image.class`.
    """

    id: UUID
    version: int
    kind: str
    classes: tuple[LabelClass, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The label classes' names in order: the index of a name is its index in every posterior."""
        return tuple(one.name for one in self.classes)
