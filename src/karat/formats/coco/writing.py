"""Writing COCO while the labels still come: images go out at once, annotations wait in a temporary file."""

import json
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any

from karat.formats.errors import NotExpressible
from karat.formats.types import DeliveredLabel, ListedClass
from karat.modalities.image.box import IMAGE_BOX, BoxPayload

IMAGE_ID = "coco.image_id"
_IN_MEMORY = 2**20
_PIECE_BYTES = 2**16
_LARGEST_ID = 2**53 - 1  # what every reader of JSON can carry


class CocoWriter:
    """One document. Classes are numbered as listed or, where they have no number, by their place; others follow."""

    def __init__(self, classes: Sequence[ListedClass]) -> None:
        # Closed by itself when the writer goes, also if the export broke off.
        self._annotations = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self._n_images = self._n_annotations = self._last_id = 0
        self._given: set[int] = set()
        self._categories: dict[str, int] = {}
        for one in classes:
            if one.category_id is not None:
                self._categories[one.name] = one.category_id
        for place, one in enumerate(classes, start=1):
            self._categories.setdefault(one.name, self._free_category(place))

    def head(self) -> bytes:
        """Up to the first image."""
        return b'{"info":{"description":"Labels from Karat"},"licenses":[],"images":['

    def line(self, label: DeliveredLabel) -> bytes:
        """The image; its boxes are kept for the tail."""
        if label.media is not None and label.media.modality != IMAGE_BOX.modality:
            raise NotExpressible(asset_id=str(label.asset_id), modality=label.media.modality)
        boxes = [_box(label, one.kind, one.payload) for one in label.annotations]
        image_id = self._image_id(label)
        for box in boxes:
            self._keep(image_id, box)
        entry: dict[str, Any] = {"id": image_id, "file_name": label.external_id or label.name}
        if label.media is not None:
            entry |= {"width": label.media.width, "height": label.media.height}
        entry["karat"] = label.model_dump(mode="json", exclude={"annotations"}, exclude_defaults=True)
        self._n_images += 1
        return b"," * (self._n_images > 1) + b"\n" + _json(entry)

    def tail(self) -> Iterator[bytes]:
        """Annotations and categories."""
        yield b'\n],"annotations":['
        self._annotations.seek(0)
        while piece := self._annotations.read(_PIECE_BYTES):
            yield piece
        self._annotations.close()
        rows = [_json({"id": number, "name": name}) for name, number in self._categories.items()]
        yield b'\n],"categories":[\n' + b",\n".join(rows) + b"\n]}\n"

    def _keep(self, image_id: int, box: BoxPayload) -> None:
        self._n_annotations += 1
        if box.label_class not in self._categories:
            self._categories[box.label_class] = self._free_category(len(self._categories) + 1)
        row: dict[str, Any] = {
            "id": self._n_annotations,
            "image_id": image_id,
            "category_id": self._categories[box.label_class],
            "bbox": [box.x, box.y, box.width, box.height],
            "area": box.width * box.height,
            "iscrowd": 0,
        }
        if box.attributes:
            row["attributes"] = box.attributes
        self._annotations.write(b"," * (self._n_annotations > 1) + b"\n" + _json(row))

    def _image_id(self, label: DeliveredLabel) -> int:
        """The number that the image had in the COCO file that it came from, where it is free."""
        told = label.metadata.get(IMAGE_ID, "")
        if told.isascii() and told.isdecimal() and len(told) < 17 and 0 <= int(told) <= _LARGEST_ID:
            number = int(told)
            if number not in self._given and not 0 < number <= self._last_id:
                self._given.add(number)
                return number
        self._last_id += 1
        while self._last_id in self._given:
            self._last_id += 1
        return self._last_id

    def _free_category(self, wanted: int) -> int:
        taken = set(self._categories.values())
        return wanted if wanted not in taken else next(n for n in range(1, len(taken) + 2) if n not in taken)


def _box(label: DeliveredLabel, kind_name: str, payload: dict[str, Any]) -> BoxPayload:
    if kind_name != IMAGE_BOX.name:
        raise NotExpressible(asset_id=str(label.asset_id), kind=kind_name)
    return BoxPayload.model_validate(payload)


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
