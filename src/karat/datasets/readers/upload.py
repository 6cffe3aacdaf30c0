"""Which reader an upload needs."""

from pathlib import Path

from karat.datasets.limits import DEFAULT_LIMITS, IngestLimits
from karat.datasets.readers.archive import read_zip
from karat.datasets.readers.folder import read_file
from karat.datasets.readers.found import Found
from karat.datasets.readers.table import read_csv
from karat.datasets.signatures import media_type_of

_TABLES = (".csv", ".tsv")


def read_upload(path: Path, filename: str, limits: IngestLimits = DEFAULT_LIMITS, *, start: int = 0) -> Found:
    """Read one uploaded file: a ZIP by its content, a table by its name, anything else as one asset.

    Args:
        filename: as the sender calls it; only its ending and, for a single asset, its last part are used.
        start: as in the other readers.
    """
    with path.open("rb") as stream:
        is_zip = media_type_of(stream.read(16)) == "application/zip" or filename.lower().endswith(".zip")
    if is_zip:
        yield from read_zip(path, limits, start=start)
    elif filename.lower().endswith(_TABLES):
        with path.open("rb") as stream:
            yield from read_csv(stream, limits, start=start)
    else:
        yield from read_file(path, filename, limits, start=start)
