"""Lists that the server gives in pages."""

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from karat_client.decode import decode
from karat_client.errors import AnswerUnreadable
from karat_client.transport import Transport

T = TypeVar("T")
PAGE_SIZE = 200


class Listing(Generic[T]):
    """Items one after the other; a page is fetched when its first item is wanted. Each loop begins anew.

    What is added while you read may be missing; nothing comes twice.
    """

    def __init__(self, fetch: Callable[[str | None], dict[str, Any]], kind: type[T]) -> None:
        self._fetch, self._kind = fetch, kind

    def __iter__(self) -> Iterator[T]:
        cursor, seen = None, set()
        while True:
            page = self._fetch(cursor)
            try:
                items, cursor = page["items"], page.get("next_cursor")
            except (KeyError, AttributeError, TypeError) as error:
                raise AnswerUnreadable(detail="A page of a list has no items.") from error
            for item in items:
                yield decode(self._kind, item)
            if cursor is None:
                return
            if cursor in seen:
                raise AnswerUnreadable(detail="The pages of a list go round in a circle.")
            seen.add(cursor)

    def first(self) -> T | None:
        """The first item, None where there is none."""
        return next(iter(self), None)

    def to_list(self) -> list[T]:
        """All of them, in memory."""
        return [*self]


def listing(
    transport: Transport, method: str, path: str, kind: type[T], *, query: dict[str, Any] | None = None, **ids: Any
) -> Listing[T]:
    """The list behind a route."""

    def fetch(cursor: str | None) -> dict[str, Any]:
        asked = {**(query or {}), "limit": PAGE_SIZE, "cursor": cursor}
        return transport.call(method, path, dict[str, Any], query=asked, **ids)

    return Listing(fetch, kind)
