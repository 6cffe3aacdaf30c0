"""What the bytes of a file say that it is, before any library reads it."""

import re

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x7fELF", "application/x-executable"),
)
_FTYP = {b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"mif1": "image/heic"}
_MARKUP = re.compile(rb"\s*<(?:[!?a-z])", re.IGNORECASE)
# Patterns of five bytes and more, so that compressed pixels hold one in the first 4 KiB of fewer than one in a million
# images; the four bytes of a ZIP are only looked for behind the image, where nothing should be.
_ACTIVE = re.compile(rb"<script|<iframe|<!doctype|<html|<\?php|<svg[\s>:]|%pdf-", re.IGNORECASE)

SNIFFED_BYTES = 4096


def media_type_of(data: bytes) -> str | None:
    """The media type that the first bytes show, or None for text and everything unknown."""
    for start, media_type in _STARTS:
        if data.startswith(start):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return _FTYP.get(data[8:12], "video/mp4")
    head = data[:SNIFFED_BYTES].removeprefix(b"\xef\xbb\xbf")
    if _MARKUP.match(head):
        return "image/svg+xml" if re.search(rb"<svg[\s>:]", head, re.IGNORECASE) else "text/html"
    return None


def hides_another_file(data: bytes, end: int) -> bool:
    """Whether an image that stops at `end` also holds the start of markup, a script, a PDF or a ZIP.

    A browser or reader that guesses looks at the first bytes of a file, a ZIP reader at its last.
    """
    if _ACTIVE.search(data, 0, SNIFFED_BYTES) or _ACTIVE.search(data, end):
        return True
    return data.find(b"PK\x03\x04", end) >= 0
