"""Reading connected buckets: lists and objects, every connection checked by the guard, every error one of ours."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from karat.database import Database
from karat.errors import KaratError
from karat.kit import utc_now
from karat.outbound import Guard
from karat.storage import store
from karat.storage.bucket_faults import explain
from karat.storage.bucket_stores import endpoint_of, open_store
from karat.storage.connection_types import BucketObject, BucketSecret, Connection
from karat.storage.errors import ConnectionNotFound, ObjectChanged
from karat.storage.sealing import unseal

if TYPE_CHECKING:
    from obstore.store import ObjectStore

    from karat.outbound.tunnel import Tunnel

PAGE = 1000
PIECE_BYTES = 256 * 1024
MAX_CACHED = 100
# A server that ignores ranges (rclone does) gives the whole object, and obstore refuses it.
IGNORES_RANGES = "non-partial response"


@dataclass(frozen=True, slots=True)
class Bucket:
    """One connected bucket, open for reading."""

    connection: Connection
    client: "ObjectStore"
    tunnel: "Tunnel"

    async def pages(self, prefix: str = "", after: str | None = None) -> AsyncIterator[list[BucketObject]]:
        """The objects whose keys begin with the connection's prefix and this one, in the order of their keys.

        Args:
            after: only keys behind this one.

        Raises:
            BucketFailed, OutboundRefused, OutboundFailed.
        """
        import obstore

        whole = self.connection.prefix + prefix
        folder = whole.rpartition("/")[0] or None  # the library's prefixes are whole folders
        listed = aiter(obstore.list(self.client, folder, offset=after, chunk_size=PAGE))
        while True:
            try:
                page = await anext(listed, None)
            except Exception as problem:
                raise self._explained(problem, listing=True) from None
            if page is None:
                return
            found = [_object(one) for one in page]
            yield [one for one in found if one.key.startswith(whole) and (after is None or one.key > after)]

    async def read(self, key: str, etag: str | None = None, size: int | None = None) -> tuple[bytes, BucketObject]:
        """A whole object, and what it is now.

        Args:
            etag, size: of the object as it was; one that is otherwise now is not read.

        Raises:
            ObjectGone, ObjectChanged, BucketFailed, OutboundRefused, OutboundFailed.
        """
        result, found = await self._get(key, etag, size)
        try:
            return bytes(await result.bytes_async()), found
        except Exception as problem:
            raise self._explained(problem, key=key) from None

    async def head(self, key: str) -> BucketObject:
        """What an object is now.

        Raises:
            ObjectGone, BucketFailed, OutboundRefused, OutboundFailed.
        """
        import obstore

        try:
            return _object(await obstore.head_async(self.client, key))
        except Exception as problem:
            raise self._explained(problem, key=key) from None

    async def stream(
        self, key: str, etag: str | None, size: int, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        """The bytes from `start` up to and without `end`, of the object as it was.

        Raises:
            ObjectGone, ObjectChanged, BucketFailed, OutboundRefused, OutboundFailed.
        """
        stop = size if end is None else min(end, size)
        if start >= stop:
            return
        part = (start, stop) if (start, stop) != (0, size) else None
        try:
            result, _ = await self._get(key, etag, size, part)
            skip = 0
        except _RangesIgnored:
            result, _ = await self._get(key, etag, size)
            skip = start
        left = stop - start
        pieces = aiter(result.stream(min_chunk_size=PIECE_BYTES))
        while left > 0:
            try:
                piece = await anext(pieces, None)
            except Exception as problem:
                raise self._explained(problem, key=key) from None
            if piece is None:
                raise ObjectChanged(key=key)
            kept = bytes(piece)[skip : skip + left]
            skip = max(0, skip - len(piece))
            left -= len(kept)
            if kept:
                yield kept

    async def _get(
        self, key: str, etag: str | None, size: int | None, part: tuple[int, int] | None = None
    ) -> tuple[Any, BucketObject]:
        import obstore

        options: Any = {"range": part} if part else {}
        try:
            result = await obstore.get_async(self.client, key, options=options)
        except Exception as problem:
            if part and IGNORES_RANGES in str(problem):
                raise _RangesIgnored from None
            raise self._explained(problem, key=key) from None
        found = _object(result.meta)
        # Compared here and not asked of the server by If-Match, which some ignore.
        if (etag and found.etag and etag != found.etag) or (size is not None and size != found.size):
            raise ObjectChanged(key=key)
        return result, found

    def _explained(self, problem: Exception, *, listing: bool = False, key: str | None = None) -> KaratError:
        if isinstance(problem, KaratError):
            return problem
        host = urlsplit(endpoint_of(self.connection)).hostname or ""
        if failure := self.tunnel.failure_of(host):
            return failure
        return explain(problem, utc_now(), bucket=self.connection.bucket, listing=listing, key=key)


class _RangesIgnored(Exception):
    """The server gave all when a part was asked for."""


class Buckets:
    """The connected buckets of all tenants; a client is kept while its connection stays as it is."""

    def __init__(self, database: Database, guard: Guard, key: bytes) -> None:
        self.guard = guard
        self.key = key
        self._database = database
        self._tunnel: Tunnel | None = None
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._open: dict[tuple[UUID, UUID], tuple[int, Bucket]] = {}

    async def bucket(self, tenant_id: UUID, connection_id: UUID) -> Bucket:
        """An open bucket of the tenant.

        Raises:
            ConnectionNotFound: no such connection in the tenant.
            SecretUnreadable: its secret was sealed with another key.
        """
        async with self._database.transaction(tenant_id) as db:
            row = await store.find_sealed(db, connection_id)
        if row is None:
            raise ConnectionNotFound(connection_id=connection_id)
        known = self._open.get((tenant_id, connection_id))
        if known and known[0] == row.version:
            return known[1]
        bucket = await self.open_bucket(row.connection, self.secret(tenant_id, connection_id, row.secret))
        while len(self._open) >= MAX_CACHED:
            self._open.pop(next(iter(self._open)))
        self._open[tenant_id, connection_id] = (row.version, bucket)
        return bucket

    async def open_bucket(self, connection: Connection, secret: BucketSecret, *, patient: bool = True) -> Bucket:
        """A bucket by its description."""
        tunnel = await self._running_tunnel()
        client = await asyncio.to_thread(open_store, connection, secret, tunnel.url, patient=patient)
        return Bucket(connection, client, tunnel)

    def secret(self, tenant_id: UUID, connection_id: UUID, sealed: bytes | None) -> BucketSecret:
        """What the connection shows its bucket."""
        if sealed is None:
            return BucketSecret()
        return BucketSecret.model_validate_json(unseal(self.key, tenant_id, connection_id, sealed))

    async def close(self) -> None:
        """Close all connections."""
        self._open.clear()
        await self._stack.aclose()
        self._tunnel = None

    async def _running_tunnel(self) -> "Tunnel":
        """The proxy that the clients go through, from the first time on that one is needed."""
        from karat.outbound.tunnel import open_tunnel

        async with self._opening:
            if self._tunnel is None:
                self._tunnel = await self._stack.enter_async_context(open_tunnel(self.guard))
            return self._tunnel


@asynccontextmanager
async def open_buckets(database: Database, guard: Guard, key: bytes) -> AsyncIterator[Buckets]:
    """Connected buckets, until the block ends.

    Args:
        key: `derive_key(secret, "connections")`.
    """
    buckets = Buckets(database, guard, key)
    try:
        yield buckets
    finally:
        await buckets.close()


def _object(meta: Any) -> BucketObject:
    etag = (meta["e_tag"] or "").removeprefix("W/").strip('"') or None
    return BucketObject(key=meta["path"], etag=etag, size=meta["size"])
