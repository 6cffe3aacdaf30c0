"""Values as they travel."""

import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


def to_json(record: Any) -> Any:
    """A record as it travels, without what is not set; lists of records, and anything else, as they are."""
    if is_dataclass(record) and not isinstance(record, type):
        values = {one.name: to_json(getattr(record, one.name)) for one in fields(record)}
        return {name: value for name, value in values.items() if value is not None}
    if isinstance(record, list | tuple):
        return [to_json(one) for one in record]
    return record


def given(**values: Any) -> dict[str, Any]:
    """What was given, as it travels; None says nothing."""
    return {name: to_json(value) for name, value in values.items() if value is not None}


def of_query(query: Mapping[str, Any] | None) -> dict[str, Any]:
    """What stands behind the question mark; several values of one name are a list of them."""
    return {name: _one(value) for name, value in (query or {}).items() if value is not None}


def _one(value: Any) -> Any:
    return [_one(one) for one in value] if isinstance(value, list | tuple) else plain(value)


def plain(value: Any) -> Any:
    """Ids as text; what else JSON does not know is a mistake of the caller."""
    if isinstance(value, UUID | os.PathLike):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return value
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")
