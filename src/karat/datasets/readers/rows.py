"""Rows of JSON: a line each (JSONL), tasks as Label Studio writes them, and lists of addresses."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from karat.datasets.limits import DEFAULT_LIMITS, IngestLimits
from karat.datasets.readers.beside import CONTENT_COLUMNS, Beside, lead, left_over
from karat.datasets.readers.found import Found, FoundAsset, FoundFault, Item, refuse
from karat.datasets.readers.json_list import elements_of_list, no_constant

MAX_ID = 500
ROW_HINT = 'A row looks like {"id": "1", "text": "…"} or {"id": "1", "image": "https://… or a path"}.'
LABELS = ("annotations", "completions", "predictions")


@dataclass(slots=True)
class Rows:
    """Reads rows one by one, and remembers the ids that have been used.

    Attributes:
        start: rows before it are counted and their ids remembered; nothing else is done with them.
    """

    limits: IngestLimits
    beside: Beside | None
    start: int
    n_bytes: int = 0
    _rows_of_ids: dict[str, str] = field(default_factory=dict)

    def take(self, position: int, where: str, row: object) -> Item | None:
        """What a row brings; None for one before the start."""
        if position >= self.limits.max_assets:
            message = f"The manifest holds more than {self.limits.max_assets} rows."
            return refuse(position, "rows.too_many", message, where, "Import it in parts.", ends_reading=True)
        found = self._take(position, where, row)
        if found is None or position < self.start:
            return None
        self.n_bytes += len(found.content) if isinstance(found, FoundAsset) else 0
        if self.n_bytes > self.limits.max_total_bytes:
            message = f"The assets together exceed {self.limits.max_total_bytes} bytes."
            return refuse(position, "rows.too_large", message, where, "Import it in parts.", ends_reading=True)
        return found

    def _take(self, position: int, where: str, row: object) -> Item | None:
        if not isinstance(row, dict):
            return refuse(position, "row.not_an_object", "The row is not a JSON object.", where, ROW_HINT)
        values = {str(name): value for name, value in row.items() if value is not None and value != ""}
        external_id = values.pop("id", None)
        external_id = None if external_id is None else _text(external_id)
        if fault := self._id_fault(position, where, external_id):
            return fault
        named = [column for column in CONTENT_COLUMNS if column in values]
        if len(named) != 1:
            several = f"The row has {' and '.join(named)}; only one of them can be the asset."
            nothing = "The row has none of the fields that hold an asset: text, image, url, key, file, path."
            return refuse(position, "row.no_content", several if named else nothing, where, ROW_HINT)
        content = values.pop(named[0])
        inner = values.pop("metadata", {})
        values = {**values, **inner} if isinstance(inner, dict) else {**values, "metadata": inner}
        metadata = {name: _text(value) for name, value in values.items() if value is not None}
        if fault := self._text_fault(position, where, external_id, metadata):
            return fault
        if position < self.start:
            if self.beside and isinstance(content, str):
                self.beside.mark(content)
            return None
        return self._content(position, external_id, named[0], content, where, metadata)

    def _content(
        self, position: int, external_id: str | None, column: str, content: Any, where: str, metadata: dict[str, str]
    ) -> Item:
        if column == "text":
            return self._inline(position, external_id, content, where, metadata)
        if isinstance(content, dict):
            if isinstance(content.get("bytes"), dict):
                content = {**content["bytes"], "path": content.get("path")}
            if "base64" in content:
                return self._packed(position, external_id, content, where, metadata)
            content = content.get("path") or content.get("url")
        if not isinstance(content, str):
            message = f"The field {column} is neither a path nor an address."
            return refuse(position, "row.wrong_type", message, where, ROW_HINT)
        if _is_broken(content) or len(content) > 4000:
            return refuse(position, "row.encoding", f"The field {column} is no readable path or address.", where)
        return lead(position, external_id, column, content, where, metadata, self.beside, self.limits)

    def _inline(
        self, position: int, external_id: str | None, content: object, where: str, metadata: dict[str, str]
    ) -> Item:
        if not isinstance(content, str):
            return refuse(position, "row.wrong_type", "The field text is not a string.", where, ROW_HINT)
        if not content.strip():
            return refuse(position, "row.no_text", "The text is empty.", where)
        if _is_broken(content):
            return refuse(position, "row.encoding", "The text holds half a character.", where)
        return FoundAsset(position, external_id, external_id or where, content.encode(), where, metadata)

    def _packed(
        self, position: int, external_id: str | None, content: dict[str, Any], where: str, metadata: dict[str, str]
    ) -> Item:
        """Bytes within the row, as tables of images carry them."""
        packed, name = content["base64"], _text(content.get("path") or external_id or where)
        if not isinstance(packed, str) or len(packed) > self.limits.max_asset_bytes * 4 // 3 + 4:
            message = f"The content is not text, or more than {self.limits.max_asset_bytes} bytes."
            return refuse(position, "file.too_large", message, where)
        try:
            data = base64.b64decode(packed, validate=True)
        except (binascii.Error, ValueError):
            return refuse(position, "row.wrong_type", "The content is not Base64.", where)
        return FoundAsset(position, external_id or content.get("path"), name, data, where, metadata)

    def _id_fault(self, position: int, where: str, external_id: str | None) -> FoundFault | None:
        if not external_id:
            return None
        if len(external_id) > MAX_ID or _is_broken(external_id):
            return refuse(position, "row.too_long", f"The id is longer than {MAX_ID} characters.", where)
        first = self._rows_of_ids.setdefault(external_id, where)
        if first == where:
            return None
        message = f"The id {external_id[:100]!r} is already that of {first}."
        return refuse(position, "row.repeated_id", message, where, "Give each row its own id.")

    def _text_fault(
        self, position: int, where: str, external_id: str | None, metadata: Mapping[str, str]
    ) -> FoundFault | None:
        for name, value in ((None, external_id), *metadata.items()):
            if value is not None and (_is_broken(value) or "\0" in value or (name and _is_broken(name))):
                message = f"The field {_printable(name or 'id')} holds NUL or half a character."
                return refuse(position, "row.nul", message, where, "Remove it.")
            if value is not None and len(value) > self.limits.max_text_bytes:
                return refuse(position, "row.too_long", f"The field {_printable(name or 'id')} is too long.", where)
        return None


def read_jsonl(
    source: BinaryIO,
    limits: IngestLimits = DEFAULT_LIMITS,
    *,
    beside: Beside | None = None,
    start: int = 0,
    unit: str = "line",
) -> Found:
    """The rows of a JSONL file in UTF-8: one JSON object a line, blank lines passed over.

    Args:
        unit: what a fault calls a row; `row` for a table that was turned into lines.
    """
    rows, position = Rows(limits, beside, start), 0
    for number, line in _lines(source, limits.max_asset_bytes * 4 // 3 + limits.max_text_bytes):
        where = f"{unit} {number}"
        if line is None:
            message = "The line is longer than any asset can be; what comes after it was not read."
            yield refuse(position, "line.too_long", message, where, "One JSON object a line.", ends_reading=True)
            return
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8-sig"), parse_constant=no_constant)
            found = rows.take(position, where, row)
        except UnicodeDecodeError:
            found = refuse(position, "row.encoding", "The line is not UTF-8.", where, "Save the file as UTF-8.")
        except (ValueError, RecursionError) as error:
            hint = "Each line is one JSON object; a list of objects belongs into a .json file."
            found = refuse(position, "row.malformed", f"The line is not JSON: {_why(error)}.", where, hint)
        if found is not None and position >= start:
            yield found
        if isinstance(found, FoundFault) and found.ends_reading:
            return
        position += 1
    if position == 0:
        yield refuse(0, "rows.empty", "The file has no rows.", f"{unit} 1", ROW_HINT, ends_reading=True)
    yield from left_over(position, beside)


def read_tasks(
    source: BinaryIO, limits: IngestLimits = DEFAULT_LIMITS, *, beside: Beside | None = None, start: int = 0
) -> Found:
    """A JSON list of tasks as Label Studio writes them, `{"id": 1, "data": {"image": …}, …}`, or of plain rows.

    Annotations and predictions are not read; that is said once, at the first task that has some.
    """
    rows, position, has_told = Rows(limits, beside, start), 0, False
    try:
        for position, task in enumerate(elements_of_list(source, limits.max_text_bytes * 2)):
            where = f"task {position + 1}"
            has_labels = isinstance(task, dict) and any(task.get(name) for name in LABELS)
            found = rows.take(position, where, _row_of_task(task))
            if found is not None:
                yield found
            if isinstance(found, FoundFault) and found.ends_reading:
                return
            if has_labels and not has_told:
                has_told = True
                if position >= start and not isinstance(found, FoundFault):
                    yield _labels_not_taken(position, where)
    except (ValueError, RecursionError, EOFError) as error:
        hint = "Export it again as JSON: a list of tasks, each with its data."
        message = f"The file is not a JSON list of tasks: {_why(error)}."
        yield refuse(position, "tasks.malformed", message, f"task {position + 1}", hint, ends_reading=True)
        return
    yield from left_over(position + 1, beside)


def read_addresses(source: BinaryIO, limits: IngestLimits = DEFAULT_LIMITS, *, start: int = 0) -> Found:
    """A text file with one address a line; blank lines and those that begin with # are passed over."""
    position = 0
    for number, line in _lines(source, 8000):
        where = f"line {number}"
        text = "" if line is None else line.decode("utf-8", "replace").removeprefix("\ufeff").strip()
        if line is not None and (not text or text.startswith("#")):
            continue
        if position >= limits.max_assets or line is None:
            message = "The list is too long, or has a line that is no address."
            yield refuse(position, "rows.too_many", message, where, "Import it in parts.", ends_reading=True)
            return
        if position >= start:
            yield lead(position, None, "url", text, where, {}, None, limits)
        position += 1


def looks_like_addresses(head: bytes) -> bool:
    """Whether a text begins with a web address, so that an image dataset can only mean a list of them."""
    lines = (line.strip() for line in head.decode("utf-8", "replace").removeprefix("\ufeff").splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return first.lower().startswith(("http://", "https://"))


def _row_of_task(task: object) -> object:
    """A task as a row: what stands in its `data`, under its id. A field of any name that holds an address counts."""
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        return task
    data = dict(task["data"])
    if not any(column in data for column in CONTENT_COLUMNS):
        addresses = [name for name, value in data.items() if isinstance(value, str) and "://" in value[:12]]
        if len(addresses) == 1:
            address = data.pop(addresses[0])
            data["url" if address.lower().startswith("http") else "key"] = address
    if "id" not in data and task.get("id") is not None:
        data["id"] = task["id"]
    meta = task.get("meta")
    return {**meta, **data} if isinstance(meta, dict) else data


def _labels_not_taken(position: int, where: str) -> FoundFault:
    message = "This task carries annotations or predictions; the import takes the data of tasks, not their labels."
    hint = "The assets are there. The same holds for all tasks after this one; labels come in by an import of labels."
    return refuse(position, "task.labels_not_taken", message, where, hint)


def _lines(source: BinaryIO, longest: int) -> Iterator[tuple[int, bytes | None]]:
    """The lines with their numbers; after one that is too long, which comes as None, nothing."""
    number = 0
    while line := source.readline(longest + 1):
        number += 1
        if len(line) > longest:
            yield number, None
            return
        yield number, line


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _is_broken(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)


def _printable(name: str) -> str:
    return "".join(islice(filter(str.isprintable, name), 60))


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return "".join(filter(str.isprintable, str(error)))[:150]
