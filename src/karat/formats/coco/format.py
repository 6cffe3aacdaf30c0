"""COCO instances, boxes only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from karat.formats.coco.reading import CocoReader
from karat.formats.coco.writing import CocoWriter
from karat.formats.types import DeliveredLabel, LabelWriter, ListedClass
from karat.kit import Fault
from karat.modalities.image.box import IMAGE_BOX


@dataclass(frozen=True, slots=True)
class Coco:
    """Images, their boxes, and the categories; what COCO has no place for stands under `karat` in each image."""

    name: str = "coco"
    title: str = "COCO (boxes)"
    media_type: str = "application/json"
    suffix: str = ".json"
    cannot_express: tuple[str, ...] = ("annotations other than boxes in images (`image.box`)",)

    def takes(self, kind: str) -> bool:
        """Boxes."""
        return kind == IMAGE_BOX.name

    def writer(self, classes: Sequence[ListedClass] = ()) -> LabelWriter:
        """Writes one document."""
        return CocoWriter(classes)

    def read(self, stream: BinaryIO) -> Iterator[DeliveredLabel | Fault]:
        """One label an image, with its boxes; memory does not grow with their number."""
        yield from CocoReader(stream).read()


COCO = Coco()
