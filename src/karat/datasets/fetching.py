"""Getting what pointers lead to: many at once, in order, with no more in memory than a chunk or two."""

import asyncio
import hashlib
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, replace

from karat.datasets.limits import DEFAULT_LIMITS, MIB, IngestLimits
from karat.datasets.readers import FoundAsset, FoundFault, FoundPointer, Item, refuse
from karat.datasets.types import ImportMode
from karat.outbound import Guard, OutboundFailed, OutboundRefused, fault_of
from karat.storage import Bucket, ObjectChanged, ObjectGone, ReadDenied, Reference

# Where sizes are known they bound what is on its way; where they are not, fewer at a time do.
BUCKET_WIDTH, URL_WIDTH = 32, 8
ON_THE_WAY_BYTES = 64 * MIB
UNKNOWN_BYTES = 2 * MIB
URL_TIMEOUT_S = 60.0
URL_TRIES = 3
FIRST_PAUSE_S = 0.5
GONE_HINT = (
    "It was listed, and is there no more. Put it back and import again; what is there already is not added twice."
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found, and behind which key of a list an import that was interrupted goes on."""

    found: FoundAsset | FoundFault
    key: str | None = None


class Fetcher:
    """Fetches pointers of one import.

    Args:
        bucket: where keys lead; None where there are none.
        mode: whether what comes from the bucket stays there.
    """

    def __init__(
        self,
        guard: Guard,
        bucket: Bucket | None = None,
        mode: ImportMode = ImportMode.COPY,
        limits: IngestLimits = DEFAULT_LIMITS,
    ) -> None:
        self._bucket = bucket
        self._mode = mode
        self._limits = limits
        self._client = guard.client(total_s=URL_TIMEOUT_S, max_bytes=limits.max_asset_bytes)

    async def fetched(self, items: AsyncIterator[Item]) -> AsyncGenerator[Fetched, None]:
        """The items in their order, pointers replaced by what they lead to.

        Raises:
            BucketFailed, OutboundRefused, OutboundFailed: the bucket as a whole does not answer as it should.
        """
        waiting: deque[tuple[asyncio.Task[FoundAsset | FoundFault] | FoundAsset | FoundFault, str | None, int]]
        waiting, on_the_way = deque(), 0
        try:
            async for item in items:
                size = _expected(item)
                is_full = on_the_way + size > ON_THE_WAY_BYTES
                while waiting and (is_full or not _is_busy(waiting[0][0]) or len(waiting) >= _width(item)):
                    done, key, taken = waiting.popleft()
                    on_the_way -= taken
                    is_full = on_the_way + size > ON_THE_WAY_BYTES
                    yield Fetched(await done if isinstance(done, asyncio.Task) else done, key)
                one = asyncio.create_task(self._fetch(item)) if isinstance(item, FoundPointer) else item
                waiting.append((one, item.key if isinstance(item, FoundPointer) else None, size))
                on_the_way += size
            while waiting:
                done, key, _ = waiting.popleft()
                yield Fetched(await done if isinstance(done, asyncio.Task) else done, key)
        finally:
            for done, _, _ in waiting:
                if isinstance(done, asyncio.Task):
                    done.cancel()
            await asyncio.gather(*(one for one, *_ in waiting if isinstance(one, asyncio.Task)), return_exceptions=True)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _fetch(self, pointer: FoundPointer) -> FoundAsset | FoundFault:
        if pointer.size is not None and pointer.size > self._limits.max_asset_bytes:
            message = f"It has {pointer.size} bytes; at most {self._limits.max_asset_bytes} are possible."
            return refuse(pointer.position, "file.too_large", message, pointer.where)
        if pointer.key is not None:
            return await self._from_bucket(pointer, pointer.key)
        return await self._from_address(pointer, pointer.url or "")

    async def _from_bucket(self, pointer: FoundPointer, key: str) -> FoundAsset | FoundFault:
        assert self._bucket is not None, "keys come from a bucket"
        try:
            if pointer.size is None:
                head = await self._bucket.head(key)
                return await self._fetch(replace(pointer, size=head.size))
            content, found = await self._bucket.read(key)
        except (ObjectGone, ReadDenied, ObjectChanged) as error:
            hint = GONE_HINT if isinstance(error, ObjectGone) else getattr(error, "hint", None)
            return refuse(pointer.position, error.code, error.title(), pointer.where, hint)
        reference = None
        if self._mode is ImportMode.REFERENCE:
            connection_id = self._bucket.connection.id
            reference = Reference(connection_id=connection_id, key=key, etag=found.etag, size=len(content))
        return _asset(pointer, content, reference)

    async def _from_address(self, pointer: FoundPointer, url: str) -> FoundAsset | FoundFault:
        pause = FIRST_PAUSE_S
        for left in reversed(range(URL_TRIES)):
            try:
                async with await self._client.fetch(url) as fetched:
                    return _asset(pointer, await fetched.read(), None)
            except (OutboundRefused, OutboundFailed) as error:
                if not error.retryable or not left:
                    return FoundFault(pointer.position, fault_of(error, pointer.where))
            await asyncio.sleep(pause)
            pause *= 2
        raise AssertionError("the last try returns")


def sha256_of(contents: list[bytes]) -> list[str]:
    """Hashes in hexadecimal; for a thread."""
    return [hashlib.sha256(content).hexdigest() for content in contents]


def _asset(pointer: FoundPointer, content: bytes, reference: Reference | None) -> FoundAsset:
    return FoundAsset(
        pointer.position, pointer.external_id, pointer.name, content, pointer.where, pointer.metadata, reference
    )


def _expected(item: Item) -> int:
    if isinstance(item, FoundPointer):
        return UNKNOWN_BYTES if item.size is None else item.size
    return len(item.content) if isinstance(item, FoundAsset) else 0


def _width(item: Item) -> int:
    return URL_WIDTH if isinstance(item, FoundPointer) and item.key is None else BUCKET_WIDTH


def _is_busy(one: object) -> bool:
    return isinstance(one, asyncio.Task) and not one.done()
