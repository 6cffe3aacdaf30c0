"""What every kind of annotation offers, and what it may know about the asset."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

from karat.kit import Fault, Record
from karat.modalities.vocabulary import Vocabulary

P = TypeVar("P", bound=Record)


class Media(Record):
    """What a kind may know about the asset that it describes.

    Attributes:
        modality: `image` or `text`; the first part of the kind's name.
        media_type: as found in the content, never as claimed by a file name.
        width: pixels as shown, after the orientation that a camera noted; None where there is no picture.
        height: as `width`.
        length: Unicode code points; None where there is no text.
    """

    modality: str
    media_type: str
    width: int | None = None
    height: int | None = None
    length: int | None = None


class Annotation(Record):
    """One thing that is said about an asset, as it travels: the payload is read by the kind that is named.

    Attributes:
        payload: the kind's own record as JSON.
    """

    kind: str
    payload: dict[str, Any]


class Kind(Protocol[P]):
    """One kind of annotation: what it holds, when it is right, how two of them compare.

    Attributes:
        name: `image.class`; stored with every annotation.
        modality: of the assets that it can describe.
        title: for people.
        payload: frozen record; its JSON schema makes the TypeScript type.
    """

    @property
    def name(self) -> str: ...
    @property
    def modality(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def payload(self) -> type[P]: ...

    def check(self, payload: P, media: Media, vocabulary: Vocabulary) -> list[Fault]:
        """Everything wrong with the payload on this asset, given the label classes and attributes that may be used."""
        ...

    def similarity(self, a: P, b: P) -> float:
        """1.0 the same … 0.0 nothing in common; symmetric."""
        ...

    def merge(self, payloads: Sequence[P], weights: Sequence[float]) -> P:
        """The one payload that stands for all; the order in which they come does not matter.

        Args:
            weights: one per payload, none negative, at least one above zero.

        Raises:
            ValueError: no payload, or weights that do not fit.
        """
        ...


@runtime_checkable
class CategoricalKind(Kind[P], Protocol[P]):
    """A kind whose whole answer is one label class, so that answers can be counted and beliefs kept per class."""

    def class_of(self, payload: P) -> str:
        """The name of the label class that the payload gives."""
        ...

    def of_class(self, label_class: str) -> P:
        """The payload that gives this label class; the inverse of `class_of`."""
        ...


@runtime_checkable
class ObjectKind(Kind[P], Protocol[P]):
    """A kind of which an asset can have any number, each a thing at a place: several answers are matched by overlap."""

    def class_of(self, payload: P) -> str:
        """The name of the label class that the payload gives."""
        ...

    def overlap(self, a: P, b: P) -> float:
        """How far two are at the same place, whatever their classes: 1.0 the same … 0.0 apart; symmetric."""
        ...


def check_modality(kind: Kind[Any], media: Media) -> list[Fault]:
    """A fault if the kind cannot describe assets of this modality."""
    if media.modality == kind.modality:
        return []
    message = f"{kind.name} cannot describe an asset of modality {media.modality}."
    return [Fault(code="kind.wrong_modality", message=message, where="kind")]
