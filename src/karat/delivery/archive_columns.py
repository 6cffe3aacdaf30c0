"""How the values of columns are written in an archive, and how they are read back without trust."""

import base64
import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from karat.delivery.archive_ids import moved
from karat.kit.sayings import Said

_BIGGEST = 2**63 - 1
_SENTENCES = TypeAdapter(tuple[Said, ...])
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Reader = Callable[[Any, int], Any]


def _expect(is_so: bool, what: str) -> None:
    if not is_so:
        raise ValueError(f"not {what}")


def _id(value: Any, shift: int) -> UUID:
    _expect(isinstance(value, str) and _UUID.fullmatch(value) is not None, "an id")
    return moved(UUID(value), shift)


def _text(value: Any, _: int) -> str:
    _expect(isinstance(value, str) and "\0" not in value, "a text")
    return str(value)


def _int(value: Any, _: int) -> int:
    _expect(isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _BIGGEST, "a whole number")
    return int(value)


def _real(value: Any, _: int) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    _expect(is_number and math.isfinite(value), "a number")
    return float(value)


def _bool(value: Any, _: int) -> bool:
    _expect(isinstance(value, bool), "true or false")
    return bool(value)


def _moment(value: Any, _: int) -> datetime:
    _expect(isinstance(value, str), "a moment")
    moment = datetime.fromisoformat(value)
    _expect(moment.tzinfo is not None, "a moment with its zone")
    return moment


def _json(value: Any, _: int) -> Any:
    _expect(isinstance(value, dict | list), "an object or a list")
    return value


def _json_ids(value: Any, shift: int) -> Any:
    return _move_ids(_json(value, shift), shift)


def _said(value: Any, shift: int) -> Any:
    try:
        _SENTENCES.validate_python(_json(value, shift))
    except ValidationError as error:
        raise ValueError("not sentences") from error
    return value


def _bytes(value: Any, _: int) -> bytes:
    _expect(isinstance(value, str), "base64")
    return base64.b64decode(value, validate=True)


def _list_of(read: Reader) -> Reader:
    def read_all(value: Any, shift: int) -> list[Any]:
        _expect(isinstance(value, list), "a list")
        return [read(one, shift) for one in value]

    return read_all


# `ids` is JSON in which the fields whose names end in `_id` are ids.
READERS: Mapping[str, Reader] = {
    "id": _id,
    "text": _text,
    "int": _int,
    "real": _real,
    "bool": _bool,
    "moment": _moment,
    "json": _json,
    "ids": _json_ids,
    "said": _said,
    "bytes": _bytes,
    "texts": _list_of(_text),
    "ints": _list_of(_int),
    "reals": _list_of(_real),
}


def spell(value: Any) -> Any:
    """A column's value as JSON."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def read(kind: str, value: Any, shift: int) -> Any:
    """A column's value, its ids moved.

    Raises:
        ValueError: it is not of its kind; the text says of which.
    """
    return None if value is None else READERS[kind](value, shift)


def _move_ids(value: Any, shift: int) -> Any:
    if isinstance(value, list):
        return [_move_ids(one, shift) for one in value]
    if isinstance(value, dict):
        return {
            name: str(_id(one, shift))
            if name.endswith("_id") and isinstance(one, str) and _UUID.fullmatch(one)
            else _move_ids(one, shift)
            for name, one in value.items()
        }
    return value
