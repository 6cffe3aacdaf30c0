"""What leaves the house: a label with its provenance, and what a file format offers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, BinaryIO, Literal, Protocol
from uuid import UUID

from pydantic import Field

from karat.kit import Fault, Record
from karat.modalities import Annotation, Media

Probability = Annotated[float, Field(ge=0, le=1)]


class Provenance(Record):
    """Where a label came from.

    Attributes:
        posterior: belief per label class, for kinds that are categorical.
        confidence: the belief in the label that is delivered; a posterior, not a promise: that is the certificate.
        n_answers: of people, reviews and checks included.
        model_version: of the model whose prediction is part of the belief.
        reviewed: a reviewer had the last word.
        checked: the certificate's random check hit this asset, so the label is the reference's.
    """

    posterior: dict[str, Probability] | None = None
    confidence: Probability | None = None
    n_answers: Annotated[int, Field(ge=0)] = 0
    model_version: str | None = None
    reviewed: bool = False
    checked: bool = False

    @property
    def source(self) -> str:
        """The strongest evidence in one word: `check`, `review`, `people`, `model`, or `none`."""
        if self.checked:
            return "check"
        if self.reviewed:
            return "review"
        return "people" if self.n_answers else "model" if self.model_version else "none"


class DeliveredLabel(Record):
    """All that is said about one asset, complete in itself: one line of a delivery.

    Attributes:
        sha256: of the asset's content, hexadecimal.
        annotations: none when the asset was delivered without a label, or when that says that nothing is there.
        is_empty: it has a label, and that says that nothing is there to mark.
    """

    format: Literal["karat.label/1"] = "karat.label/1"
    asset_id: UUID
    external_id: str | None = None
    name: str
    sha256: str | None = None
    media: Media | None = None
    metadata: dict[str, str] = Field(default_factory=dict)
    annotations: tuple[Annotation, ...] = ()
    is_empty: bool = False
    provenance: Provenance = Provenance()
    ontology_version_id: UUID | None = None
    certificate_id: UUID | None = None


class ListedClass(Record):
    """A label class as formats list it that have a list of classes.

    Attributes:
        category_id: its number in formats that number classes; None numbers it by its place.
    """

    name: str
    category_id: int | None = None


class LabelWriter(Protocol):
    """Writes one file: once the head, a line for every label, once the tail. Memory does not grow with the labels."""

    def head(self) -> bytes:
        """What stands before the first label."""
        ...

    def line(self, label: DeliveredLabel) -> bytes:
        """What can be written as soon as this label is known.

        Raises:
            NotExpressible: the format has no place for these annotations.
        """
        ...

    def tail(self) -> Iterator[bytes]:
        """What stands after the last label, in pieces."""
        ...


@dataclass(frozen=True, slots=True)
class LineWriter:
    """Of a format in which every label is complete in itself."""

    before: bytes
    spell: Callable[[DeliveredLabel], bytes]

    def head(self) -> bytes:
        """What stands before the first label."""
        return self.before

    def line(self, label: DeliveredLabel) -> bytes:
        """One label."""
        return self.spell(label)

    def tail(self) -> Iterator[bytes]:
        """Nothing."""
        yield from ()


class Format(Protocol):
    """A file format for labels.

    Attributes:
        name: stable; what people ask for.
        suffix: of file names, with its dot.
        cannot_express: what is lost in it, in words for people; empty means lossless.
    """

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def suffix(self) -> str: ...
    @property
    def cannot_express(self) -> tuple[str, ...]: ...

    def takes(self, kind: str) -> bool:
        """Whether annotations of this kind have a place in it."""
        ...

    def writer(self, classes: Sequence[ListedClass] = ()) -> LabelWriter:
        """A writer for one file.

        Args:
            classes: of the ontology, in its order, for formats that list them.
        """
        ...

    def read(self, stream: BinaryIO) -> Iterator[DeliveredLabel | Fault]:
        """The labels of a file, and a fault for each entry that is none; never raises on what the file holds."""
        ...
