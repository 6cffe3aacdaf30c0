"""`image.box`: an upright rectangle around one thing in an image."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import StringConstraints

from karat.kit import Fault, Record
from karat.modalities.attributes import AttributeValues, merge_attributes
from karat.modalities.types import Media, check_modality
from karat.modalities.vocabulary import Vocabulary
from karat.modalities.votes import check_weights, most_votes, weighted_median

MIN_SIZE = 0.01
EDGE_ROUNDING = 1e-6


class BoxPayload(Record):
    """A box in pixels of the original image; the origin is the outer corner of its top left pixel.

    Attributes:
        label_class: the name of a label class of the project's ontology.
        x: from the left edge of the image to the left edge of the box.
        y: from the top edge of the image to the top edge of the box.
        attributes: what else is said, by the attribute's name.
    """

    label_class: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    x: float
    y: float
    width: float
    height: float
    attributes: AttributeValues

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Box:
    """A box around one thing; an image can have any number of them."""

    name: str = "image.box"
    modality: str = "image"
    title: str = "Boxes in the image"
    payload: type[BoxPayload] = field(default=BoxPayload)

    def check(self, payload: BoxPayload, media: Media, vocabulary: Vocabulary) -> list[Fault]:
        """The box must lie in the image and have a size; its class and attributes must be those of the vocabulary."""
        return [
            *check_modality(self, media),
            *vocabulary.check_class(payload.label_class),
            *box_faults(payload, media),
            *vocabulary.check_attributes(payload.label_class, payload.attributes),
        ]

    def class_of(self, payload: BoxPayload) -> str:
        """The name of the label class that the payload gives."""
        return payload.label_class

    def overlap(self, a: BoxPayload, b: BoxPayload) -> float:
        """Intersection over union of the two areas."""
        # Widths are taken from edge to edge on both sides of the fraction, so that a box overlaps itself by exactly 1.
        width = min(a.right, b.right) - max(a.x, b.x)
        height = min(a.bottom, b.bottom) - max(a.y, b.y)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (_area(a) + _area(b) - shared)

    def similarity(self, a: BoxPayload, b: BoxPayload) -> float:
        """Intersection over union of boxes of one label class; 0 for boxes of two. Attributes have no say."""
        return self.overlap(a, b) if a.label_class == b.label_class else 0.0

    def merge(self, payloads: Sequence[BoxPayload], weights: Sequence[float]) -> BoxPayload:
        """Each edge is the weighted median of the edges; class and attributes are voted for.

        The median and not the mean: of three boxes one that misses by far moves nothing, and boxes that are the same
        give exactly themselves. Attributes are those of the boxes with the class that won.
        """
        check_weights(payloads, weights)
        label_class = most_votes([one.label_class for one in payloads], weights)
        x, width = _merge_span([(one.x, one.width) for one in payloads], weights)
        y, height = _merge_span([(one.y, one.height) for one in payloads], weights)
        attributes = merge_attributes(label_class, payloads, weights)
        return BoxPayload(label_class=label_class, x=x, y=y, width=width, height=height, attributes=attributes)


def box_faults(box: BoxPayload, media: Media) -> list[Fault]:
    """What is wrong with the place and size of a box, whatever its class says."""
    numbers = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    faults = [_not_finite(name, number) for name, number in numbers.items() if not math.isfinite(number)]
    if faults:
        return faults
    faults = [_too_small(name, numbers[name]) for name in ("width", "height") if numbers[name] < MIN_SIZE]
    return faults or [*_outside("x", box.x, box.right, media.width), *_outside("y", box.y, box.bottom, media.height)]


def _not_finite(name: str, number: float) -> Fault:
    message = f"The box's {name} is {number}, not a number of pixels."
    return Fault(code="box.not_finite", message=message, where=f"payload.{name}", hint="Draw the box again.")


def _too_small(name: str, size: float) -> Fault:
    message = f"The box's {name} is {size:g} pixels; at least {MIN_SIZE:g} are needed."
    hint = "Give it an extent, or leave the box out."
    return Fault(code="box.too_small", message=message, where=f"payload.{name}", hint=hint)


def _outside(name: str, first: float, last: float, size: int | None) -> Iterator[Fault]:
    """On the edge is inside; beyond it is what floating point cannot have added."""
    if first < -EDGE_ROUNDING or (size is not None and last > size + EDGE_ROUNDING):
        message = f"The box reaches from {name} = {first:g} to {last:g}, beyond the image"
        message += "." if size is None else f": that ends at {size}."
        hint = "Positions are pixels of the original image; cut the box at its edge."
        yield Fault(code="box.outside", message=message, where=f"payload.{name}", hint=hint)


def _area(box: BoxPayload) -> float:
    return (box.right - box.x) * (box.bottom - box.y)


def _merge_span(spans: Sequence[tuple[float, float]], weights: Sequence[float]) -> tuple[float, float]:
    """From (start, size) of each the start and size whose two edges are the medians of the edges."""
    start = weighted_median([first for first, _ in spans], weights)
    end = weighted_median([first + size for first, size in spans], weights)
    # Where one box gave both edges its size is kept to the last digit: end - start may differ from it by rounding.
    kept = [size for first, size in spans if first == start and first + size == end]
    return start, min(kept, default=end - start)


IMAGE_BOX = Box()
