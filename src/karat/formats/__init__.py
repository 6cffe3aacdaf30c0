"""File formats for labels: reading and writing, without a database."""

from karat.formats.errors import FormatUnknown, NotExpressible
from karat.formats.table import FORMATS, format_named, write
from karat.formats.types import DeliveredLabel, Format, LabelWriter, ListedClass, Provenance

__all__ = [
    "FORMATS",
    "DeliveredLabel",
    "Format",
    "FormatUnknown",
    "LabelWriter",
    "ListedClass",
    "NotExpressible",
    "Provenance",
    "format_named",
    "write",
]
