"""Where an image ends by the rules of its own format, so that a second file behind it is seen."""

import re
import struct
from collections.abc import Callable

_JPEG_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]", re.DOTALL)
_EOI, _SOS = 0xD9, 0xDA
_BARE_MARKERS = {0x01, 0xD8}


class ImageCutShortError(ValueError):
    """The file stops before the image does."""


def end_of_image(media_type: str, data: bytes) -> int:
    """Offset of the first byte behind the image.

    Raises:
        ImageCutShortError: the parts announce more bytes than there are, or the end marker is missing.
    """
    try:
        end = _ENDS[media_type](data)
    except (struct.error, IndexError) as error:
        raise ImageCutShortError from error
    if end > len(data):
        raise ImageCutShortError
    return end


def _end_of_png(data: bytes) -> int:
    at = 8
    while True:
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if len(name) < 4:
            raise ImageCutShortError
        at += 12 + length
        if name == b"IEND":
            return at


def _end_of_jpeg(data: bytes) -> int:
    at = 2
    while True:
        found = _JPEG_MARKER.search(data, at)
        if found is None:
            raise ImageCutShortError
        marker, at = data[found.end() - 1], found.end()
        if marker == _EOI:
            return at
        if marker not in _BARE_MARKERS:
            # The search for the next marker then runs through the entropy-coded bytes of a scan, where FF is followed
            # by 00 or by a restart marker, both of which the pattern passes over.
            at += int(struct.unpack_from(">H", data, at)[0])


def _end_of_gif(data: bytes) -> int:
    at = 13 + _table_size(data[10])
    while data[at] != 0x3B:
        if data[at] == 0x21:
            at += 2
        elif data[at] == 0x2C:
            at += 11 + _table_size(data[at + 9])
        else:
            raise ImageCutShortError
        while data[at]:
            at += 1 + data[at]
        at += 1
    return at + 1


def _table_size(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_riff(data: bytes) -> int:
    size = int(struct.unpack_from("<I", data, 4)[0])
    return 8 + size + size % 2 if 8 + size < len(data) else 8 + size


def _end_of_bmp(data: bytes) -> int:
    # Some writers leave the size at 0; the full decode then says whether all pixels are there.
    return int(struct.unpack_from("<I", data, 2)[0]) or len(data)


_ENDS: dict[str, Callable[[bytes], int]] = {
    "image/png": _end_of_png,
    "image/jpeg": _end_of_jpeg,
    "image/gif": _end_of_gif,
    "image/webp": _end_of_riff,
    "image/bmp": _end_of_bmp,
}
