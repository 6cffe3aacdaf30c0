"""Karat JSONL: lossless, one label a line, each line complete in itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from pydantic import ValidationError

from karat.formats.types import DeliveredLabel, LabelWriter, LineWriter, ListedClass
from karat.kit import Fault

_LONGEST_LINE = 64 * 2**20


@dataclass(frozen=True, slots=True)
class KaratJsonl:
    """The house's own format; what it writes it reads back the same."""

    name: str = "karat-jsonl"
    title: str = "Karat JSONL"
    media_type: str = "application/jsonl"
    suffix: str = ".jsonl"
    cannot_express: tuple[str, ...] = ()

    def takes(self, kind: str) -> bool:
        """All."""
        return True

    def writer(self, classes: Sequence[ListedClass] = ()) -> LabelWriter:
        """Labels one after the other; label classes are not listed."""
        return LineWriter(self.head(), self.line)

    def head(self) -> bytes:
        """Nothing: the file may be cut and joined between any two lines."""
        return b""

    def line(self, label: DeliveredLabel) -> bytes:
        """One label as JSON in UTF-8."""
        return label.model_dump_json().encode() + b"\n"

    def read(self, stream: BinaryIO) -> Iterator[DeliveredLabel | Fault]:
        """The labels of the lines; blank lines are passed over."""
        number = 0
        while data := stream.readline(_LONGEST_LINE):
            number += 1
            where = f"line {number}"
            if len(data) == _LONGEST_LINE and not data.endswith(b"\n"):
                yield Fault(code="line.too_long", message=f"The line has more than {_LONGEST_LINE} bytes.", where=where)
                return
            if data.strip():
                yield _read_line(data.removeprefix(b"\xef\xbb\xbf") if number == 1 else data, where)


def _read_line(data: bytes, where: str) -> DeliveredLabel | Fault:
    try:
        return DeliveredLabel.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        message = f"{field}: {first['msg']}" if field else first["msg"]
        return Fault(
            code="line.malformed",
            message=message[:500],
            where=where,
            hint="Each line is one label as docs/reference/formats/karat-jsonl.md describes it.",
        )


KARAT_JSONL = KaratJsonl()
