"""A table of assets by the ending of its name: CSV, JSONL, tasks as JSON, or Parquet that became lines."""

from typing import BinaryIO

from karat.datasets.limits import DEFAULT_LIMITS, IngestLimits
from karat.datasets.readers.beside import Beside
from karat.datasets.readers.found import Found
from karat.datasets.readers.rows import read_jsonl, read_tasks
from karat.datasets.readers.table import read_csv


def read_manifest(
    source: BinaryIO,
    name: str,
    limits: IngestLimits = DEFAULT_LIMITS,
    *,
    beside: Beside | None = None,
    start: int = 0,
) -> Found:
    """The rows of a manifest.

    Args:
        name: its ending says what it is; of `.parquet`, `source` has the lines that `parquet.to_jsonl` made.
        beside: the files that came along.
    """
    ending = name.lower().rpartition(".")[2]
    if ending in {"csv", "tsv"}:
        yield from read_csv(source, limits, beside=beside, start=start)
    elif ending == "json":
        yield from read_tasks(source, limits, beside=beside, start=start)
    else:
        unit = "row" if ending == "parquet" else "line"
        yield from read_jsonl(source, limits, beside=beside, start=start, unit=unit)
