"""What all resources share."""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar
from uuid import UUID

from karat_client.listing import Listing, listing
from karat_client.transport import Transport

T = TypeVar("T")


class HasId(Protocol):
    """A record with an id."""

    @property
    def id(self) -> UUID: ...


Ref = HasId | UUID | str
"""A record, or its id."""


def id_of(ref: Ref) -> str:
    """The id of what is meant.

    Raises:
        ValueError: a text that is no id.
    """
    return str(UUID(ref)) if isinstance(ref, str) else str(ref if isinstance(ref, UUID) else ref.id)


class Resource:
    """Part of a client."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _call(
        self,
        method: str,
        path: str,
        into: type[T],
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        **ids: Any,
    ) -> T:
        return self._transport.call(method, path, into, query=query, body=body, **ids)

    def _listing(
        self, method: str, path: str, kind: type[T], *, query: Mapping[str, Any] | None = None, **ids: Any
    ) -> Listing[T]:
        return listing(self._transport, method, path, kind, query=dict(query or {}), **ids)
