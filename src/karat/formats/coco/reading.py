"""Reading COCO: every image with its boxes, and a fault for each entry that is not right."""

from collections.abc import Iterator
from typing import Any, BinaryIO, TypeGuard
from uuid import UUID, uuid5

from pydantic import ValidationError

from karat.formats.coco.sections import DocumentMalformed, Sections
from karat.formats.coco.spool import Spool
from karat.formats.coco.writing import IMAGE_ID
from karat.formats.types import DeliveredLabel
from karat.kit import Fault
from karat.modalities import Annotation, Media
from karat.modalities.image.box import IMAGE_BOX, BoxPayload, box_faults

# Images of other tools have no id of ours: theirs follows from the file name, the same each time.
_NAMESPACE = UUID("6f1d1f1e-6f5a-5c0e-9d0e-1b0c5a2f7a10")
_LARGEST_ID = 2**63 - 1
_UNKNOWN_TYPE = "application/octet-stream"


class CocoReader:
    """One pass through the document into a spool, then image by image."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._spool = stream, Spool()
        self._categories: dict[int, str] = {}
        self._n_outlines, self._first_outline = 0, 0

    def read(self) -> Iterator[DeliveredLabel | Fault]:
        """Faults of the document first, then labels, each after the faults of its annotations."""
        try:
            yield from self._collect()
            for number, place, entry in self._spool.images():
                yield from self._image(number, place, entry)
            for place, image in self._spool.without_image():
                message = f"There is no image of id {image}."
                hint = "Add the image to `images`, or leave the annotation out."
                yield _fault("coco.image_unknown", message, f"annotations.{place}.image_id", hint)
            if self._n_outlines:
                message = f"{self._n_outlines} annotations have outlines or masks; only their boxes were read."
                yield _fault("coco.segmentation_left_out", message, f"annotations.{self._first_outline}.segmentation")
        finally:
            self._spool.close()

    def _collect(self) -> Iterator[Fault]:
        sections = Sections(self._stream)
        try:
            for section, place, entry in sections:
                where = f"{section}.{place}"
                if section not in ("images", "annotations", "categories"):
                    continue
                if place is None or not isinstance(entry, dict):
                    message = f"{section} must be a list of objects."
                    yield _fault("coco.malformed", message, section if place is None else where)
                elif section == "categories":
                    yield from self._add_category(entry, where)
                elif section == "images":
                    yield from self._add_image(entry, place, where)
                else:
                    yield from self._add_annotation(entry, place, where)
        except (DocumentMalformed, RecursionError) as error:
            hint = "Expected one JSON object with the lists images, annotations and categories."
            yield _fault("coco.malformed", f"The file is not a COCO document: {error}.", "document", hint)
            return
        for section in ("images", "annotations", "categories"):
            if section not in sections.names:
                message = f"The document has no list {section!r}."
                hint = "A list of results alone is no COCO document: it lacks images and categories."
                yield _fault("coco.section_missing", message, section, hint)

    def _add_category(self, entry: dict[str, Any], where: str) -> Iterator[Fault]:
        number, name = entry.get("id"), entry.get("name")
        if not _is_id(number):
            yield _id_fault(where)
        elif not isinstance(name, str) or not 1 <= len(name) <= 200:
            message = "The category's name must be a text of 1 to 200 characters."
            yield _fault("coco.category_malformed", message, f"{where}.name")
        elif number in self._categories or name in self._categories.values():
            message = f"There is already a category of id {number} or name {name!r}; this one was left out."
            yield _fault("coco.category_repeated", message, where, "Give each category an id and a name of its own.")
        else:
            self._categories[number] = name

    def _add_image(self, entry: dict[str, Any], place: int, where: str) -> Iterator[Fault]:
        sizes = {field: entry.get(field) for field in ("width", "height")}
        wrong = [field for field, size in sizes.items() if size is not None and not (_is_id(size) and size > 0)]
        if not _is_id(entry.get("id")):
            yield _id_fault(where)
        elif not isinstance(entry.get("file_name"), str) or not (entry["file_name"] or "karat" in entry):
            yield _fault("coco.image_malformed", "The image has no file name.", f"{where}.file_name", "Add it.")
        elif wrong:
            message = f"The image's {wrong[0]} is no whole number of pixels."
            yield _fault("coco.image_malformed", message, f"{where}.{wrong[0]}", "Correct it, or leave it out.")
        elif not self._spool.add_image(entry["id"], place, entry):
            yield _repeated("image", entry["id"], where)

    def _add_annotation(self, entry: dict[str, Any], place: int, where: str) -> Iterator[Fault]:
        number, image = entry.get("id"), entry.get("image_id")
        if number is not None and not _is_id(number):
            yield _id_fault(where)
        elif not _is_id(image):
            message = "image_id must be the whole number of an image."
            yield _fault("coco.image_unknown", message, f"{where}.image_id")
        elif not self._spool.add_annotation(number, image, place, _needed(entry)):
            yield _repeated("annotation", number, where)

    def _image(self, number: int, place: int, entry: dict[str, Any]) -> Iterator[DeliveredLabel | Fault]:
        width, height = entry.get("width"), entry.get("height")
        media = Media(modality="image", media_type=_UNKNOWN_TYPE, width=width, height=height)
        boxes: list[BoxPayload] = []
        n_told = 0
        for at, annotation in self._spool.annotations(number):
            n_told += 1
            found = self._box(annotation, media, f"annotations.{at}")
            if isinstance(found, BoxPayload):
                boxes.append(found)
                self._note_outline(annotation, at)
            else:
                yield from found
        file_name = entry["file_name"]
        plain = {
            "asset_id": uuid5(_NAMESPACE, file_name),
            "external_id": file_name,
            "name": file_name,
            "media": None if width is None or height is None else media,
            "metadata": {IMAGE_ID: str(number)},
            "is_empty": n_told == 0,
        }
        annotations = [Annotation(kind=IMAGE_BOX.name, payload=_payload(box)) for box in boxes]
        try:
            yield DeliveredLabel.model_validate({**entry.get("karat", plain), "annotations": annotations})
        except (ValidationError, TypeError):
            message = "What Karat wrote about the image was changed and cannot be read; only the rest was."
            yield _fault(
                "coco.karat_malformed", message, f"images.{place}.karat", "Leave it as it was, or take it out."
            )
            yield from self._plain(plain, annotations, place)

    def _plain(
        self, plain: dict[str, Any], annotations: list[Annotation], place: int
    ) -> Iterator[DeliveredLabel | Fault]:
        try:
            yield DeliveredLabel.model_validate({**plain, "annotations": annotations})
        except ValidationError as error:
            message = f"The image cannot be read: {error.errors()[0]['msg']}."
            yield _fault("coco.image_malformed", message, f"images.{place}")

    def _box(self, entry: dict[str, Any], media: Media, where: str) -> BoxPayload | list[Fault]:
        if entry.get("iscrowd"):
            message = "The annotation stands for a crowd, not for one thing; it was left out."
            return [_fault("coco.crowd", message, f"{where}.iscrowd", "Draw a box for each, or leave it out.")]
        name = self._categories.get(entry["category_id"]) if _is_id(entry.get("category_id")) else None
        if name is None:
            message = f"There is no category of id {entry.get('category_id')!r}."
            hint = "Add the category to `categories`, or correct the id."
            return [_fault("coco.category_unknown", message[:300], f"{where}.category_id", hint)]
        bbox = entry.get("bbox")
        if bbox is None or bbox == []:
            message = "The annotation has no box; outlines and masks are not read in its place."
            return [_fault("coco.bbox_missing", message, f"{where}.bbox", "Add bbox: [x, y, width, height].")]
        if not isinstance(bbox, list) or len(bbox) != 4 or not all(_is_number(one) for one in bbox):
            message = "bbox must be four numbers: x, y, width, height."
            return [_fault("coco.bbox_malformed", message, f"{where}.bbox")]
        return _read_box(name, bbox, entry.get("attributes", {}), media, where)

    def _note_outline(self, entry: dict[str, Any], place: int) -> None:
        if entry.get("segmentation"):
            self._first_outline = self._first_outline if self._n_outlines else place
            self._n_outlines += 1


def _read_box(name: str, bbox: list[float], attributes: Any, media: Media, where: str) -> BoxPayload | list[Fault]:
    try:
        x, y, width, height = map(float, bbox)
        fields = {"label_class": name, "x": x, "y": y, "width": width, "height": height, "attributes": attributes}
        box = BoxPayload.model_validate(fields, strict=True)
    except OverflowError:
        return [_fault("coco.bbox_malformed", "A number of the bbox is too large.", f"{where}.bbox")]
    except ValidationError as error:
        return [
            _fault("coco.attribute_malformed", one["msg"][:300], ".".join(map(str, (where, *one["loc"]))))
            for one in error.errors()
        ]
    return [one.model_copy(update={"where": f"{where}.bbox"}) for one in box_faults(box, media)] or box


def _needed(entry: dict[str, Any]) -> dict[str, Any]:
    """What is read of an annotation; of an outline, which can be long, only that there is one."""
    kept = {field: entry[field] for field in ("category_id", "bbox", "iscrowd", "attributes") if field in entry}
    return kept | {"segmentation": bool(entry.get("segmentation"))}


def _payload(box: BoxPayload) -> dict[str, Any]:
    return box.model_dump(mode="json", exclude_defaults=True)


def _is_id(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_ID


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _id_fault(where: str) -> Fault:
    return _fault("coco.id_malformed", "The id must be a whole number from 0.", f"{where}.id", "Number it anew.")


def _repeated(what: str, number: int | None, where: str) -> Fault:
    message = f"There is already an {what} of id {number}; this one was left out."
    return _fault("coco.id_repeated", message, f"{where}.id", "Give each an id of its own.")


def _fault(code: str, message: str, where: str, hint: str | None = None) -> Fault:
    return Fault(code=code, message=message, where=where, hint=hint)
