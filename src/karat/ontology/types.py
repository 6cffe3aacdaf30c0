"""What may be said about an asset: the label classes and attributes of one ontology version."""

from functools import cached_property
from uuid import UUID

from pydantic import Field

from karat.kit import Record
from karat.modalities import Attribute, Vocabulary


class LabelClass(Record):
    """One class that a label can have. The rules of `rules.py` say what is right; the record itself takes any text.

    Attributes:
        name: what labels hold; unique within the ontology and never changed by a new title.
        title: what people read instead of the name.
        color: `#rrggbb`.
        hotkey: the one letter or digit that answers with this class.
        description: when to use the class, for annotators; plain text.
        category_id: the number of the class in files that number classes (COCO); None numbers it by its place.
    """

    name: str
    title: str | None = None
    color: str | None = None
    hotkey: str | None = None
    description: str = ""
    category_id: int | None = None


class OntologyContent(Record):
    """All that one ontology version says; immutable once used.

    Attributes:
        classes: in the order in which people see them.
        attributes: what else is said about an annotation, for all classes or for some.
    """

    classes: tuple[LabelClass, ...] = Field(max_length=10_000)
    attributes: tuple[Attribute, ...] = Field(default=(), max_length=1000)


class OntologyVersion(Record):
    """One version as stored. It never changes, so whoever has read it may keep it.

    Attributes:
        kind: the kind of annotation that the classes are for; `image.class`.
    """

    id: UUID
    version: int
    kind: str
    classes: tuple[LabelClass, ...]
    attributes: tuple[Attribute, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The label classes' names in order: the index of a name is its index in every posterior."""
        return tuple(one.name for one in self.classes)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What kinds check payloads against."""
        return Vocabulary.of(self.names, self.attributes)
