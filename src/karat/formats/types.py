"""What leaves the house: a label with its provenance, and what a file format offers."""

from collections.abc import Iterator
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
        annotations: none when the asset was delivered without a label.
    """

    format: Literal["karat.label/1"] = "karat.label/1"
    asset_id: UUID
    external_id: str | None = None
    name: str
    sha256: str | None = None
    media: Media | None = None
    metadata: dict[str, str] = Field(default_factory=dict)
    annotations: tuple[Annotation, ...] = ()
    provenance: Provenance = Provenance()
    ontology_version_id: UUID | None = None
    certificate_id: UUID | None = None


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

    def head(self) -> bytes:
        """What stands before the first label."""
        ...

    def line(self, label: DeliveredLabel) -> bytes:
        """One label.

        Raises:
            NotExpressible: the format has no place for these annotations.
        """
        ...

    def read(self, stream: BinaryIO) -> Iterator[DeliveredLabel | Fault]:
        """The labels of a file, and a fault for each line that is none; never raises on what the file holds."""
        ...
