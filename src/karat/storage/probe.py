"""Trying a connection: what exactly stands in the way, and what to do about it."""

import time

from karat.errors import Fault, KaratError
from karat.outbound import Caps, OutboundFailed, OutboundRefused
from karat.storage.bucket_faults import wrong_region
from karat.storage.bucket_stores import DEFAULT_REGION, endpoint_of
from karat.storage.buckets import Bucket, Buckets
from karat.storage.connection_types import BucketSecret, Connection, ConnectionKind, ConnectionTest
from karat.storage.errors import BucketRefuses, CredentialsWrong, ListDenied, NotABucket, RegionWrong

LOOKUP_CAPS = Caps(connect_s=5, first_byte_s=5, total_s=10, max_bytes=64 * 1024)
MAY_BE_REGION = (RegionWrong, CredentialsWrong, ListDenied, NotABucket)


async def probe(
    buckets: Buckets, connection: Connection, secret: BucketSecret, key: str | None = None
) -> ConnectionTest:
    """List the bucket and read the first byte of an object.

    Args:
        key: of the object to read; else the first that the list has.
    """
    began = time.monotonic()
    fault, can_list, can_read = None, None, None
    try:
        await buckets.guard.check(endpoint_of(connection))
        bucket = await buckets.open_bucket(connection, secret, patient=False)
        try:
            key = await _first_key(bucket) if key is None else key
            can_list = True
        except KaratError as error:
            can_list = False
            raise await _with_region(buckets, connection, error) from None
        if key is not None:
            can_read = False
            await _read_a_byte(bucket, key)
            can_read = True
    except KaratError as error:
        fault = _fault(error)
    return ConnectionTest(
        ok=fault is None,
        can_list=can_list,
        can_read=can_read,
        sample_key=key,
        duration_s=round(time.monotonic() - began, 3),
        faults=[fault] if fault else [],
    )


async def _first_key(bucket: Bucket) -> str | None:
    async for page in bucket.pages():
        if page:
            return page[0].key
    return None


async def _read_a_byte(bucket: Bucket, key: str) -> None:
    found = await bucket.head(key)
    async for _ in bucket.stream(key, found.etag, found.size, end=1):
        return


async def _with_region(buckets: Buckets, connection: Connection, error: KaratError) -> KaratError:
    """Amazon tells anybody where a bucket is: ask, when the answer may have come of asking in the wrong place."""
    if connection.kind is not ConnectionKind.S3 or not isinstance(error, MAY_BE_REGION) or "region" in error.data:
        return error
    try:
        async with buckets.guard.client(LOOKUP_CAPS) as client:
            # Its answer may be a redirect that names no place, and the header is what is wanted of it.
            headers = await client.head_of(f"{endpoint_of(connection)}/{connection.bucket}")
    except (OutboundFailed, OutboundRefused):
        return error
    region = str(headers.get("x-amz-bucket-region", ""))
    is_other = region.replace("-", "").isalnum() and region != (connection.region or DEFAULT_REGION)
    return wrong_region(region[:30]) if is_other else error


def _fault(error: KaratError) -> Fault:
    said = error.title() if error.detail is None or error.detail == error.title() else f"{error.title()} {error.detail}"
    where = "endpoint" if isinstance(error, OutboundRefused | OutboundFailed) else "bucket"
    where = "credentials" if isinstance(error, BucketRefuses) and "credentials" in error.code else where
    hint = getattr(error, "hint", None) or "Check host, port and scheme of the endpoint, and that its server runs."
    return Fault(code=error.code, message=said, where=where, hint=hint)
