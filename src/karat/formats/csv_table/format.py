"""CSV (RFC 4180, UTF-8): one row an asset with its label class, for spreadsheets and small scripts."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from pydantic import ValidationError

from karat.formats.csv_table.cells import disarm, rearm
from karat.formats.errors import NotExpressible
from karat.formats.types import DeliveredLabel, LabelWriter, LineWriter, ListedClass, Provenance
from karat.kit import Fault
from karat.modalities import Annotation, KindUnknown, as_categorical, kind_named

COLUMNS = ("id", "external_id", "name", "kind", "label", "confidence", "n_answers", "source")


@dataclass(frozen=True, slots=True)
class CsvTable:
    """One label class an asset, and how sure it is."""

    name: str = "csv"
    title: str = "CSV"
    media_type: str = "text/csv"
    suffix: str = ".csv"
    cannot_express: tuple[str, ...] = (
        "annotations other than one label class per asset",
        "the belief in the other label classes",
        "metadata, media type and content hash of the asset",
        "the ids of model version, ontology version and certificate",
    )

    def takes(self, kind: str) -> bool:
        """Kinds whose whole answer is one label class."""
        return as_categorical(kind_named(kind)) is not None

    def writer(self, classes: Sequence[ListedClass] = ()) -> LabelWriter:
        """Labels one after the other; label classes are not listed."""
        return LineWriter(self.head(), self.line)

    def head(self) -> bytes:
        """The names of the columns."""
        return _row(COLUMNS)

    def line(self, label: DeliveredLabel) -> bytes:
        """One row. Cells that a spreadsheet would take for a formula are disarmed, see `cells.py`."""
        kind, label_class = _label_class(label)
        confidence = label.provenance.confidence
        cells = (
            str(label.asset_id),
            label.external_id or "",
            label.name,
            kind,
            label_class,
            "" if confidence is None else repr(confidence),
            str(label.provenance.n_answers),
            label.provenance.source,
        )
        return _row([disarm(cell) for cell in cells])

    def read(self, stream: BinaryIO) -> Iterator[DeliveredLabel | Fault]:
        """The labels of the rows; columns may stand in any order."""
        lines = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
        reader = csv.DictReader(lines, strict=True)
        try:
            yield from _read_rows(reader)
        finally:
            lines.detach()


def _read_rows(reader: "csv.DictReader[str]") -> Iterator[DeliveredLabel | Fault]:
    try:
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    except csv.Error as error:
        yield Fault(code="csv.malformed", message=f"The header is not CSV: {error}.", where="row 1")
        return
    if missing:
        message = f"The header lacks {', '.join(missing)}."
        yield Fault(code="csv.missing_column", message=message, where="row 1")
        return
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Fault(code="row.malformed", message=f"The row is not CSV: {error}.", where=f"row {number}")
            continue
        yield _read_row(cells, f"row {number}")


def _read_row(cells: Mapping[str | None, str | list[str] | None], where: str) -> DeliveredLabel | Fault:
    if None in cells or None in cells.values():
        return Fault(code="row.ragged", message="The row has more or fewer cells than the header.", where=where)
    values = {column: rearm(str(cells[column])) for column in COLUMNS}
    source = values["source"]
    try:
        annotations = [_annotation(values["kind"], values["label"])] if values["kind"] else []
        provenance = {
            "confidence": values["confidence"] or None,
            "n_answers": values["n_answers"],
            "reviewed": source == "review",
            "checked": source == "check",
        }
        return DeliveredLabel.model_validate(
            {
                "asset_id": values["id"],
                "external_id": values["external_id"] or None,
                "name": values["name"],
                "annotations": annotations,
                "provenance": Provenance.model_validate(provenance),
            }
        )
    except (KindUnknown, NotExpressible) as error:
        return Fault(code=error.code, message=error.title(), where=where)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        message = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        return Fault(code="row.malformed", message=message[:500], where=where)


def _annotation(kind_name: str, label_class: str) -> Annotation:
    kind = as_categorical(kind_named(kind_name))
    if kind is None:
        raise NotExpressible(kind=kind_name)
    return Annotation(kind=kind_name, payload=kind.of_class(label_class).model_dump(mode="json"))


def _label_class(label: DeliveredLabel) -> tuple[str, str]:
    if label.is_empty:
        raise NotExpressible(asset_id=str(label.asset_id), n_annotations=0)
    if not label.annotations:
        return "", ""
    if len(label.annotations) > 1:
        raise NotExpressible(asset_id=str(label.asset_id), n_annotations=len(label.annotations))
    annotation = label.annotations[0]
    kind = as_categorical(kind_named(annotation.kind))
    if kind is None:
        raise NotExpressible(asset_id=str(label.asset_id), kind=annotation.kind)
    return annotation.kind, kind.class_of(kind.payload.model_validate(annotation.payload))


def _row(cells: tuple[str, ...] | list[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()


CSV = CsvTable()
