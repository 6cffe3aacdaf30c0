"""The table of formats, and writing a stream in one of them."""

from collections.abc import Iterable, Iterator, Sequence

from karat.formats.coco import COCO
from karat.formats.csv_table import CSV
from karat.formats.errors import FormatUnknown
from karat.formats.karat_jsonl import KARAT_JSONL
from karat.formats.types import DeliveredLabel, Format, ListedClass

FORMATS: tuple[Format, ...] = (KARAT_JSONL, CSV, COCO)

_CHUNK = 2**16


def format_named(name: str, formats: Iterable[Format] = FORMATS) -> Format:
    """The format of that name.

    Raises:
        FormatUnknown: with the names that there are.
    """
    for one in formats:
        if one.name == name:
            return one
    raise FormatUnknown(format=name, known=[one.name for one in formats])


def write(labels: Iterable[DeliveredLabel], form: Format, classes: Sequence[ListedClass] = ()) -> Iterator[bytes]:
    """The file in chunks of about 64 KiB, while the labels still come; memory does not grow with their number."""
    writer = form.writer(classes)
    chunk = bytearray(writer.head())
    for label in labels:
        chunk += writer.line(label)
        if len(chunk) >= _CHUNK:
            yield bytes(chunk)
            chunk.clear()
    for piece in writer.tail():
        chunk += piece
        if len(chunk) >= _CHUNK:
            yield bytes(chunk)
            chunk.clear()
    if chunk:
        yield bytes(chunk)
