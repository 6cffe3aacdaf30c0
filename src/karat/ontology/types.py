"""What may be said about an asset: the label classes of one ontology version."""

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
