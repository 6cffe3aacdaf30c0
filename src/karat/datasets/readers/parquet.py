"""A Parquet file as lines of JSON; runs in the compute process, where pyarrow may meet hostile bytes."""

import base64
import json
import math
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from karat.datasets.limits import DEFAULT_LIMITS, IngestLimits

BATCH_ROWS = 256


def to_jsonl(source: str, target: str, limits: IngestLimits = DEFAULT_LIMITS) -> tuple[str, str] | None:
    """Write each row of a Parquet file as a line; code and message of what is wrong with the file, or None.

    Row group by row group and in small batches, so that memory holds one of them. Binary cells become
    `{"base64": …}`, as does the struct of bytes and path in which image tables carry their pictures.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_cpu_count(1)
    n_bytes = 0
    try:
        with pq.ParquetFile(source, memory_map=False, buffer_size=1 << 20) as file, open(target, "wb") as lines:
            if file.metadata.num_rows > limits.max_assets:
                return "rows.too_many", f"The table holds {file.metadata.num_rows} rows, more than {limits.max_assets}."
            for batch in file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
                for line in _lines(batch):
                    n_bytes += len(line)
                    if n_bytes > limits.max_total_bytes:
                        return "rows.too_large", f"The assets together exceed {limits.max_total_bytes} bytes."
                    lines.write(line)
    except (pa.ArrowException, OSError, ValueError, OverflowError):
        return "parquet.damaged", "The file is no Parquet table, or it is cut short or damaged."
    return None


def _lines(batch: Any) -> Iterator[bytes]:
    for row in batch.to_pylist():
        yield json.dumps(_plain(row), ensure_ascii=True, allow_nan=False).encode() + b"\n"


def _plain(value: object) -> object:
    """What JSON can say of a cell; what is no number becomes nothing."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int) else str(value)
