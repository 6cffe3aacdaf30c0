"""A CSV file: one asset a row, as text in a cell, as an address, or as the path of a file beside it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from karat.datasets.limits import DEFAULT_LIMITS, IngestLimits
from karat.datasets.readers.beside import CONTENT_COLUMNS, Beside, FolderBeside, lead, left_over
from karat.datasets.readers.found import Found, FoundAsset, FoundFault, Item, refuse

_FILES = ("file", "path", "key")
_MAX_CELL = 2**28
_MAX_ID = 500


def read_csv(
    source: BinaryIO,
    limits: IngestLimits = DEFAULT_LIMITS,
    *,
    folder: Path | None = None,
    beside: Beside | None = None,
    start: int = 0,
) -> Found:
    """The rows of a CSV in UTF-8, with or without a byte order mark, separated by comma, semicolon or tab.

    The first row names the columns: `text`, or `image`, `url`, `key`, `file` or `path` with addresses or paths of what
    came along; an `id` may be given, every other column becomes metadata. `row 1` is the header, as a spreadsheet
    counts. Blank rows are passed over.

    Args:
        folder: where paths lead; for tables in a folder of the server.
        beside: the same for files that came in another way.
        start: positions before it are counted but neither read nor reported.
    """
    beside = FolderBeside(folder) if folder else beside
    # The csv module's own limit is one for the whole process, and beyond it the place in the file is lost. It is raised
    # so far that a long text is a fault of its row, and only an absurd cell ends the reading.
    csv.field_size_limit(max(csv.field_size_limit(), _MAX_CELL))
    # Bytes that are not UTF-8 become lone surrogates: the row that holds them is at fault, not the file.
    lines = io.TextIOWrapper(source, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        yield from _read_lines(lines, limits, beside, start)
    finally:
        lines.detach()


def _read_lines(lines: io.TextIOWrapper, limits: IngestLimits, beside: Beside | None, start: int) -> Found:
    first = lines.readline()
    rows = _rows(chain([first], lines), _delimiter(first))
    table = _read_header(next(rows, (1, []))[1], beside)
    if isinstance(table, FoundFault):
        yield table
        return
    total, position = 0, -1
    for position, (row, cells) in enumerate(rows):
        where = f"row {row}"
        if position >= limits.max_assets:
            message = f"The table holds more than {limits.max_assets} rows."
            yield refuse(position, "csv.too_many_rows", message, where, "Import it in parts.", ends_reading=True)
            return
        fault = table.claim_id(position, row, cells)
        if position < start:
            table.mark(cells)
            continue
        found = fault or table.read(position, cells, where, limits)
        total += len(found.content) if isinstance(found, FoundAsset) else 0
        if total > limits.max_total_bytes:
            message = f"The assets together exceed {limits.max_total_bytes} bytes."
            yield refuse(position, "csv.too_large", message, where, "Import it in parts.", ends_reading=True)
            return
        yield found
    yield from left_over(position + 1, beside)


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """The rows with their numbers; a malformed one as the error that it is, and after an absurd cell nothing."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    row = 0
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield row, error
            if "limit" in str(error):
                return
            continue
        if cells or row == 1:
            yield row, cells


def _delimiter(first: str) -> str:
    return max(",;\t", key=first.count)


def _read_header(cells: list[str] | csv.Error, beside: Beside | None) -> "_Table | FoundFault":
    hint = "Begin with a row that names the columns: text, image or file; id if you have one; then anything else."
    if isinstance(cells, csv.Error):
        return _malformed(0, cells, "row 1", ends_reading=True)
    if "\udcff\udcfe" in "".join(cells[:1]) or any(_is_broken(cell) or "\0" in cell for cell in cells):
        message = "The header is not UTF-8 text."
        return refuse(0, "csv.encoding", message, "row 1", "Save the table as CSV UTF-8.", ends_reading=True)
    names = [cell.strip() for cell in cells]
    known = [name.lower() if name.lower() in (*CONTENT_COLUMNS, "id") else name for name in names]
    content = [name for name in known if name in CONTENT_COLUMNS]
    if not any(known):
        return refuse(0, "csv.empty", "The table has no header.", "row 1", hint, ends_reading=True)
    if "" in known or len(set(known)) < len(known):
        message = "A column has no name, or two have the same."
        return refuse(0, "csv.column_names", message, "row 1", "Give each column its own name.", ends_reading=True)
    if len(content) != 1:
        message = f"There is {'more than one' if content else 'no'} column that holds the asset: {', '.join(CONTENT_COLUMNS)}."
        return refuse(0, "csv.missing_column", message, "row 1", hint, ends_reading=True)
    if content[0] in _FILES and beside is None:
        message = "The rows name files, but none came with the table."
        return refuse(
            0,
            "csv.no_folder",
            message,
            "row 1",
            "Import a folder or a ZIP with the table named manifest.csv.",
            ends_reading=True,
        )
    return _Table(known, content[0], beside)


@dataclass(slots=True)
class _Table:
    """Reads rows under one header, and remembers the ids that have been used."""

    columns: list[str]
    content: str
    beside: Beside | None
    _rows_of_ids: dict[str, int] = field(default_factory=dict)

    def claim_id(self, position: int, row: int, cells: list[str] | csv.Error) -> FoundFault | None:
        """Note the row's id, also for rows that are not wanted; a fault if a row before has it."""
        if "id" not in self.columns or isinstance(cells, csv.Error) or len(cells) != len(self.columns):
            return None
        external_id = cells[self.columns.index("id")]
        first = self._rows_of_ids.setdefault(external_id, row)
        if not external_id or first == row:
            return None
        message = f"The id {external_id[:100]!r} is already that of row {first}."
        return refuse(position, "row.repeated_id", message, f"row {row}", "Give each row its own id.")

    def read(self, position: int, cells: list[str] | csv.Error, where: str, limits: IngestLimits) -> Item:
        """The asset of one row, or what is wrong with it."""
        if isinstance(cells, csv.Error):
            return _malformed(position, cells, where)
        if fault := self._cell_fault(position, cells, where, limits):
            return fault
        values = dict(zip(self.columns, cells, strict=True))
        external_id = values.pop("id", "") or None
        cell = values.pop(self.content)
        if self.content == "text":
            return FoundAsset(position, external_id, external_id or where, cell.encode(), where, values)
        return lead(position, external_id, self.content, cell, where, values, self.beside, limits)

    def mark(self, cells: list[str] | csv.Error) -> None:
        """A row that is not wanted now; the file that it names is named all the same."""
        if self.beside and not isinstance(cells, csv.Error) and len(cells) == len(self.columns):
            self.beside.mark(cells[self.columns.index(self.content)])

    def _cell_fault(self, position: int, cells: list[str], where: str, limits: IngestLimits) -> FoundFault | None:
        if len(cells) != len(self.columns):
            message = f"The row has {len(cells)} cells and the header {len(self.columns)}."
            return refuse(position, "row.ragged", message, where, "Text that holds the separator stands in quotes.")
        for column, cell in zip(self.columns, cells, strict=True):
            if _is_broken(cell):
                message = f"The cell {column} is not UTF-8."
                return refuse(position, "row.encoding", message, where, "Save the table as CSV UTF-8.")
            if "\0" in cell:
                return refuse(position, "row.nul", f"The cell {column} holds a NUL character.", where, "Remove it.")
            longest = _MAX_ID if column == "id" else limits.max_text_bytes
            if len(cell) > longest or len(cell.encode()) > longest:
                message = f"The cell {column} is longer than {longest} bytes."
                return refuse(position, "row.too_long", message, where)
        if self.content == "text" and not cells[self.columns.index("text")].strip():
            return refuse(position, "row.no_text", "The text is empty.", where)
        return None


def _is_broken(cell: str) -> bool:
    return not cell.isascii() and any("\ud800" <= character <= "\udfff" for character in cell)


def _malformed(position: int, error: csv.Error, where: str, *, ends_reading: bool = False) -> FoundFault:
    if "unexpected end" in str(error):
        message, hint = "A quote is opened in this row and never closed.", "The rows after it could not be told apart."
        return refuse(position, "csv.open_quote", message, where, hint, ends_reading=True)
    if "limit" in str(error):
        message, hint = (
            f"A cell has more than {_MAX_CELL} characters.",
            "A quote may be missing; nothing after was read.",
        )
        return refuse(position, "csv.cell_too_long", message, where, hint, ends_reading=True)
    hint = "A quote inside a quoted cell is written twice."
    return refuse(position, "row.malformed", f"The row is not CSV: {error}.", where, hint, ends_reading=ends_reading)
