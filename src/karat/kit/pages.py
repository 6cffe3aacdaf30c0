"""Cursor pages: the one way to list things."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query

from karat.errors import CursorInvalid
from karat.kit.record import Record

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=500, description="How many items to return at most.")]
Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before.", max_length=500)]


class Page(Record, Generic[T]):
    """Some items, newest first unless the route says otherwise, and where to go on."""

    items: list[T]
    next_cursor: str | None = None


def encode_cursor(*position: object) -> str:
    """The position of the last item of a page, opaque to clients."""
    return base64.urlsafe_b64encode(json.dumps([str(part) for part in position]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, *parsers: Callable[[str], Any]) -> list[Any]:
    """The parts of a cursor, or Nones for the first page.

    Raises:
        CursorInvalid: the text is not a cursor that `encode_cursor` made for this list.
    """
    if cursor is None:
        return [None] * len(parsers)
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [parse(part) for parse, part in zip(parsers, parts, strict=True)]
    except (ValueError, TypeError) as error:
        raise CursorInvalid(cursor=cursor) from error


def make_page(rows: Sequence[T], limit: int, position: Callable[[T], tuple[object, ...]]) -> Page[T]:
    """A page from `limit + 1` fetched rows: the extra one only tells that there is more."""
    items = list(rows[:limit])
    return Page(items=items, next_cursor=encode_cursor(*position(items[-1])) if len(rows) > limit else None)
