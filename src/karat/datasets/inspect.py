"""What a file really is: decided from its content, never from its name, and decoded once to its end.

Pure: bytes in, facts or a fault out; nothing is written and nothing outside the bytes is read, so it may run in a
process that has neither network nor files. Pillow is imported with this module: import it when an ingest begins.
"""

import io
from dataclasses import dataclass

from PIL import Image

from karat.datasets.image_end import ImageCutShortError, end_of_image
from karat.datasets.limits import DEFAULT_LIMITS, IngestLimits
from karat.datasets.signatures import hides_another_file, media_type_of
from karat.kit import Fault
from karat.modalities import Media

# What every browser shows by itself. TIFF is left out for that reason; SVG because it is a program, not a picture.
IMAGE_FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/bmp": "BMP",
}
_ORIENTATION = 0x0112
_TURNED = {5, 6, 7, 8}


@dataclass(frozen=True, slots=True)
class Facts:
    """What an accepted file is.

    Attributes:
        orientation: EXIF orientation 1 … 8; width and height in `media` are those of the picture as shown with it.
        n_frames: of an animation, of which only the first is looked at; 0 for text.
        text: the whole text, without a byte order mark; None for an image.
    """

    media: Media
    orientation: int = 1
    n_frames: int = 0
    text: str | None = None


def inspect(data: bytes, modality: str, where: str, limits: IngestLimits = DEFAULT_LIMITS) -> Facts | Fault:
    """Decide whether the bytes are an asset of the modality (`image` or `text`).

    Args:
        where: what a fault calls the file: `row 7`, `entry a/b.png`.
    """
    judged = _inspect_text(data, limits) if modality == "text" else _inspect_image(data, limits)
    return judged if isinstance(judged, Facts) else judged.model_copy(update={"where": where})


def _inspect_image(data: bytes, limits: IngestLimits) -> Facts | Fault:
    media_type = media_type_of(data)
    if not data:
        return _fault("file.empty", "The file is empty.")
    if len(data) > limits.max_asset_bytes:
        message = f"The file has {len(data)} bytes; at most {limits.max_asset_bytes} are possible."
        return _fault("file.too_large", message)
    if media_type not in IMAGE_FORMATS:
        return _not_an_image(media_type)
    try:
        end = end_of_image(media_type, data)
    except ImageCutShortError:
        return _fault("image.truncated", "The image file is cut short.", "Copy it again from its source.")
    if hides_another_file(data, end):
        message = "The file is an image and something else at once: it also holds markup, a script, a PDF or a ZIP."
        return _fault("image.polyglot", message, "Save it again with an image editor.")
    return _decode(data, media_type, limits)


def _decode(data: bytes, media_type: str, limits: IngestLimits) -> Facts | Fault:
    try:
        with Image.open(io.BytesIO(data), formats=(IMAGE_FORMATS[media_type],)) as image:
            width, height = image.size
            if width * height > limits.max_pixels:
                return _too_many_pixels(f"The image has {width} x {height} pixels; ", limits)
            orientation = _orientation(image)
            n_frames = getattr(image, "n_frames", 1)
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _too_many_pixels("The image announces far too many pixels; ", limits)
    except OSError as error:
        code = "image.truncated" if "truncated" in str(error) else "image.damaged"
        return _fault(code, f"The image cannot be decoded: {_plain(error)}.", "Copy it again from its source.")
    except Exception as error:
        return _fault("image.damaged", f"The image cannot be decoded: {_plain(error)}.", "Save it again.")
    if orientation in _TURNED:
        width, height = height, width
    media = Media(modality="image", media_type=media_type, width=width, height=height)
    return Facts(media=media, orientation=orientation, n_frames=n_frames)


def _orientation(image: Image.Image) -> int:
    if "exif" not in image.info:  # most images: parsing an empty EXIF would cost as much as decoding a small one
        return 1
    orientation = image.getexif().get(_ORIENTATION, 1)
    return orientation if orientation in range(1, 9) else 1


def _inspect_text(data: bytes, limits: IngestLimits) -> Facts | Fault:
    if len(data) > limits.max_text_bytes:
        message = f"The text has {len(data)} bytes; at most {limits.max_text_bytes} are possible."
        return _fault("text.too_long", message)
    media_type = media_type_of(data)
    if media_type is not None and media_type not in {"text/html", "image/svg+xml", "image/bmp"}:
        return _fault("text.wrong_type", f"The file is not a text but {media_type}.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The text is not UTF-8 at byte {error.start}."
        return _fault("text.encoding", message, "Save it with the encoding UTF-8.")
    if not text.strip():
        return _fault("text.empty", "The text is empty.")
    if "\0" in text:
        return _fault("text.nul", "The text holds a NUL character.", "Remove it.")
    return Facts(media=Media(modality="text", media_type="text/plain", length=len(text)), text=text)


def _not_an_image(media_type: str | None) -> Fault:
    if media_type in {"image/svg+xml", "text/html"}:
        message = "The file is not a picture but markup (SVG or HTML), which can hold a program."
        return _fault("image.markup", message, "Export it as PNG.")
    kinds = ", ".join(IMAGE_FORMATS.values())
    what = f"The file is {media_type}" if media_type else "The content is not that of an image"
    return _fault("image.wrong_type", f"{what}; images can be {kinds}.", "Convert it to PNG or JPEG.")


def _too_many_pixels(start: str, limits: IngestLimits) -> Fault:
    message = f"{start}at most {limits.max_pixels} are possible."
    return _fault("image.too_many_pixels", message, "Scale it down, or cut it into tiles.")


def _plain(error: Exception) -> str:
    return "".join(filter(str.isprintable, str(error)))[:200] or type(error).__name__


def _fault(code: str, message: str, hint: str | None = None) -> Fault:
    return Fault(code=code, message=message, where="", hint=hint)
