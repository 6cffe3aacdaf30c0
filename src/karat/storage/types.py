"""What storage speaks: blobs, where they can be kept, and how a browser shall treat them."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from karat.kit import Record


class StoredBlob(Record):
    """Bytes that are safely kept.

    Attributes:
        sha256: of the content, in lower-case hexadecimal; also the name to ask for it by.
        size: in bytes.
    """

    sha256: str
    size: int


class Disposition(StrEnum):
    """Whether a browser shows the media or saves it."""

    INLINE = "inline"
    ATTACHMENT = "attachment"


Announce = Callable[[StoredBlob], Awaitable[None]]


class Storage(Protocol):
    """A place that keeps bytes under their hash, each tenant's apart from all others'.

    The same bytes are kept once per tenant, so who deletes must know that nothing else refers to them. Every method
    that writes raises `OutOfSpace` when the place is full, and what it was writing is then not there at all.
    """

    async def put(
        self,
        tenant_id: UUID,
        chunks: AsyncIterable[bytes],
        *,
        max_bytes: int | None = None,
        announce: Announce | None = None,
    ) -> StoredBlob:
        """Keep what the chunks add up to. On return it survives a power cut.

        Args:
            announce: told what it will be before it is there, so that a note of it can be made that no crash outruns.

        Raises:
            TooLarge: more than `max_bytes` came; nothing is kept.
        """
        ...

    async def put_many(self, tenant_id: UUID, blobs: Sequence[bytes]) -> list[StoredBlob]:
        """Keep many small blobs for about the price of a few, in the order given. On return all survive a power cut."""
        ...

    async def stat(self, tenant_id: UUID, sha256: str) -> StoredBlob:
        """The size of a blob.

        Raises:
            BlobNotFound: this tenant has none of that hash.
        """
        ...

    async def exists(self, tenant_id: UUID, sha256: str) -> bool:
        """Whether this tenant has the blob."""
        ...

    def open(self, tenant_id: UUID, sha256: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to and without `end`, in pieces.

        Raises:
            BlobNotFound: this tenant has none of that hash.
        """
        ...

    async def read(self, tenant_id: UUID, sha256: str) -> bytes:
        """The whole blob, for what must be in memory anyway.

        Raises:
            BlobNotFound: this tenant has none of that hash.
        """
        ...

    async def delete(self, tenant_id: UUID, sha256: str) -> None:
        """Forget the blob, if it is there.

        Raises:
            StorageHeld: a backup is being made; whoever deletes tries again later, and says nothing of it before.
        """
        ...

    async def is_held(self) -> bool:
        """Whether `delete` would refuse now."""
        ...
