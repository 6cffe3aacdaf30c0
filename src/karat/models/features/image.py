"""Pictures as vectors without any weights: straightened, then histograms of oriented gradients.

Source: N. Dalal & B. Triggs, Histograms of oriented gradients for human detection, CVPR 2005; the straightening of
written digits by moments is that of OpenCV's digits sample.
"""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from karat.errors import Invalid

Image = NDArray[np.uint8]
Features = NDArray[np.float32]

SIDE = 28  # pixels of the square that every picture is brought to; four overlapping rows and columns of cells fit
LARGEST_DRAWING = 64  # pixels; what is larger is a photo, which stands as it was taken
MOST_SLANT = 1.5  # columns per row; beyond it the moments follow stray ink, not a stroke


class ImageUnreadable(Invalid):
    """The picture cannot be decoded."""

    code = "models.image_unreadable"


def image_features(images: Iterable[bytes | Image]) -> Features:
    """A vector for every picture, for small drawings and photos alike.

    Args:
        images: encoded files, or pixels (height, width) or (height, width, 3) in red, green, blue. Colour is dropped.

    Returns:
        (n_images, 432) float32; a picture of one even tone is all zeros.

    Raises:
        ImageUnreadable: at the first that is no picture; `index` says which.
    """
    # 14-pixel blocks of 2 x 2 cells, every 7 pixels; 12 directions over the full circle: an edge has two sides.
    hog = cv2.HOGDescriptor((SIDE, SIDE), (14, 14), (7, 7), (7, 7), 12, 1, -1.0, 0, 0.2, True, 64, True)
    rows = [np.asarray(hog.compute(_prepared(image, index))).ravel() for index, image in enumerate(images)]
    return np.array(rows, dtype=np.float32).reshape(len(rows), hog.getDescriptorSize())


def deskew(drawing: Image) -> Image:
    """Shear a drawing on a dark or light ground until its strokes stand upright."""
    ink = drawing if _border_tone(drawing) < 128 else cv2.bitwise_not(drawing)
    moments = cv2.moments(ink)
    if moments["mu02"] < 1e-2:
        return drawing
    slant = float(np.clip(moments["mu11"] / moments["mu02"], -MOST_SLANT, MOST_SLANT))
    height, width = drawing.shape
    shear = np.array([[1.0, slant, -slant * height / 2], [0.0, 1.0, 0.0]], dtype=np.float32)
    upright = cv2.warpAffine(
        drawing,
        shear,
        (width, height),
        flags=cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(upright, dtype=np.uint8)


def _prepared(image: bytes | Image, index: int) -> Image:
    pixels = _decoded(image, index) if isinstance(image, bytes) else _grey(image)
    if max(pixels.shape) <= LARGEST_DRAWING and _is_drawing(pixels):
        pixels = deskew(pixels)
    if pixels.shape != (SIDE, SIDE):
        shrinks = max(pixels.shape) > SIDE
        how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        pixels = np.asarray(cv2.resize(pixels, (SIDE, SIDE), interpolation=how), dtype=np.uint8)
    return np.ascontiguousarray(pixels)


def _decoded(image: bytes, index: int) -> Image:
    pixels = cv2.imdecode(np.frombuffer(image, dtype=np.uint8), cv2.IMREAD_GRAYSCALE) if image else None
    if pixels is None:
        raise ImageUnreadable(index=index)
    return np.asarray(pixels, dtype=np.uint8)


def _grey(pixels: Image) -> Image:
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _is_drawing(pixels: Image) -> bool:
    """Ink on an even ground: most of the border has one tone."""
    border = _border(pixels).astype(np.int16)
    return float((np.abs(border - np.median(border)) < 32).mean()) > 0.8


def _border_tone(pixels: Image) -> float:
    return float(np.median(_border(pixels)))


def _border(pixels: Image) -> Image:
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
