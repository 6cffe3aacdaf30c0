"""Labels and rows as tables of pandas and Arrow, which are imported only here and only when used."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from karat_client.errors import SourceUnusable
from karat_client.labels import Label, Labels

if TYPE_CHECKING:
    import pandas
    import pyarrow

ROWS = 10_000
ROWS_OF_A_PIECE = 1000


def labels_to_pandas(labels: Labels) -> "pandas.DataFrame":
    """One row an asset; columns as in `COLUMNS`."""
    import pandas

    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for label in labels:
        for name, read in COLUMNS.items():
            columns[name].append(read(label))
    frame = pandas.DataFrame(columns)
    return frame.astype({"confidence": "float64", "n_answers": "int64", "reviewed": "bool", "checked": "bool"})


def objects_to_pandas(labels: Labels) -> "pandas.DataFrame":
    """One row an annotation; an asset without any has none."""
    import pandas

    rows = [
        {"asset_id": str(label.asset_id), "external_id": label.external_id, "name": label.name, "kind": one.kind}
        | dict(one.payload)
        for label in labels
        for one in label.annotations
    ]
    return pandas.DataFrame(rows, columns=None if rows else ["asset_id", "external_id", "name", "kind"])


def labels_to_arrow(labels: Labels) -> "pyarrow.Table":
    """One row an asset, in batches, so that Python objects never hold more than one batch."""
    import pyarrow

    return pyarrow.Table.from_batches(_batches(labels), schema=_schema())


def labels_to_parquet(labels: Labels, path: Path) -> Path:
    """A Parquet file, written batch by batch."""
    from pyarrow import parquet

    with parquet.ParquetWriter(path, _schema()) as writer:
        for batch in _batches(labels):
            writer.write_batch(batch)
    return path


def _batches(labels: Iterable[Label]) -> "Iterator[pyarrow.RecordBatch]":
    import pyarrow

    schema, rest = _schema(), iter(labels)
    while some := list(islice(rest, ROWS)):
        arrays = [
            pyarrow.array([_for_arrow(name, read(label)) for label in some], type=schema.field(name).type)
            for name, read in COLUMNS.items()
        ]
        yield pyarrow.RecordBatch.from_arrays(arrays, schema=schema)


def _schema() -> "pyarrow.Schema":
    import pyarrow

    text, number = pyarrow.string(), pyarrow.float64()
    kinds = {
        "confidence": number,
        "posterior": pyarrow.map_(text, number),
        "n_answers": pyarrow.int64(),
        "reviewed": pyarrow.bool_(),
        "checked": pyarrow.bool_(),
        "is_empty": pyarrow.bool_(),
        "metadata": pyarrow.map_(text, text),
        "annotations": pyarrow.list_(pyarrow.struct([("kind", text), ("payload", text)])),
    }
    return pyarrow.schema([(name, kinds.get(name, text)) for name in COLUMNS])


def _for_arrow(name: str, value: Any) -> Any:
    """Payloads differ from kind to kind, so Arrow gets them as JSON; its maps are pairs."""
    if name == "annotations":
        return [{"kind": one["kind"], "payload": json.dumps(one["payload"], ensure_ascii=False)} for one in value]
    return list(value.items()) if isinstance(value, dict) else value


def _id(value: object) -> str | None:
    return None if value is None else str(value)


COLUMNS: dict[str, Callable[[Label], Any]] = {
    "asset_id": lambda label: str(label.asset_id),
    "external_id": lambda label: label.external_id,
    "name": lambda label: label.name,
    "label": lambda label: label.label_class,
    "confidence": lambda label: label.provenance.confidence,
    "posterior": lambda label: label.provenance.posterior,
    "n_answers": lambda label: label.provenance.n_answers,
    "source": lambda label: label.provenance.source,
    "reviewed": lambda label: label.provenance.reviewed,
    "checked": lambda label: label.provenance.checked,
    "model_version": lambda label: label.provenance.model_version,
    "certificate_id": lambda label: _id(label.certificate_id),
    "sha256": lambda label: label.sha256,
    "metadata": lambda label: label.metadata,
    "annotations": lambda label: [{"kind": one.kind, "payload": one.payload} for one in label.annotations],
    "is_empty": lambda label: label.is_empty,
}


def frame_to_csv(frame: "pandas.DataFrame", text: str, id_: str | None) -> Callable[[], Iterator[bytes]]:
    """The rows of a data frame as the CSV that imports take; made anew at every call, a piece at a time.

    Args:
        text: column that holds the asset; called `text` in the CSV.
        id_: column with the caller's own ids; called `id`. Every other column becomes metadata.
    """
    header = _header([str(one) for one in frame.columns], text, id_)

    def pieces() -> Iterator[bytes]:
        yield _csv([header])
        for start in range(0, len(frame), ROWS_OF_A_PIECE):
            some = frame.iloc[start : start + ROWS_OF_A_PIECE]
            yield _csv(some.astype(object).where(some.notna(), "").itertuples(index=False, name=None))

    return pieces


def arrow_to_csv(table: "pyarrow.Table", text: str, id_: str | None) -> Callable[[], Iterator[bytes]]:
    """The same for an Arrow table."""
    header = _header(list(table.column_names), text, id_)

    def pieces() -> Iterator[bytes]:
        yield _csv([header])
        for batch in table.to_batches(max_chunksize=ROWS_OF_A_PIECE):
            columns = [[("" if one is None else one) for one in column.to_pylist()] for column in batch.columns]
            yield _csv(zip(*columns, strict=True))

    return pieces


def _header(names: list[str], text: str, id_: str | None) -> list[str]:
    for wanted in (text, id_):
        if wanted is not None and wanted not in names:
            raise SourceUnusable(f"The table has no column {wanted!r}.", detail=f"It has {', '.join(names)}.")
    header = ["text" if name == text else "id" if name == id_ else name for name in names]
    taken = {"text", "file", "path"} | ({"id"} if id_ is not None else set())
    for name, old in zip(header, names, strict=True):
        if name.lower() in taken and old not in (text, id_):
            raise SourceUnusable(
                f"The column {old!r} has a name that an import reads as something else.", hint="Rename or drop it."
            )
    if len(set(header)) < len(header):
        raise SourceUnusable("Two columns of the table have the same name.", hint="Rename one of them.")
    return header


def _csv(rows: Iterable[Iterable[Any]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
