"""`/media/TOKEN`: sends a blob to a browser so that nothing in it can do harm."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from karat.kit import utc_now
from karat.storage.links import MediaLink, read_media_token
from karat.storage.thumbnails import EDGE_PIXELS, Thumbnails
from karat.storage.types import Disposition, Storage, StoredBlob

router = APIRouter(tags=["media"])

# What browsers show without running anything. SVG and HTML are not here: they are programs.
SHOWN = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif", "text/plain": "txt"}
FIXED_HEADERS = {
    "Accept-Ranges": "bytes",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
ONE_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")


@dataclass(frozen=True, slots=True)
class MediaDoor:
    """What the route needs; `api` sets it as `app.state.media` at the start.

    Attributes:
        key: `derive_key(secret, "media")`.
    """

    storage: Storage
    key: bytes
    thumbnails: Thumbnails


async def media_door(request: Request) -> MediaDoor:
    """The door of the running application."""
    door: MediaDoor = request.app.state.media
    return door


@router.get("/media/{token}", response_class=Response)
async def get_media(token: str, request: Request, door: Annotated[MediaDoor, Depends(media_door)]) -> Response:
    """Send the medium that a signed link stands for, or the part of it that is asked for."""
    link, _, headers = await _find(token, door)
    return await send_blob(request, door.storage, link.tenant_id, link.sha256, headers)


async def send_blob(
    request: Request, storage: Storage, tenant_id: UUID, sha256: str, headers: dict[str, str]
) -> Response:
    """Send a blob, or what the request's range and conditions ask of it.

    Args:
        headers: type, name and whatever else goes with it; validators and lengths are added here.
    """
    blob = await storage.stat(tenant_id, sha256)
    headers = {"ETag": f'"{sha256}"', "Accept-Ranges": "bytes"} | headers
    if _is_known(request.headers.get("if-none-match"), blob):
        return Response(status_code=304, headers=headers)
    asked = request.headers.get("range") if _is_current(request.headers.get("if-range"), blob) else None
    part = _range(asked, blob.size)
    if part is None:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{blob.size}"})
    headers["Content-Length"] = str(len(part))
    if len(part) < blob.size:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{blob.size}"
    pieces = await _begun(storage.open(tenant_id, sha256, start=part.start, end=part.stop))
    return StreamingResponse(pieces, 206 if "Content-Range" in headers else 200, headers)


@router.head("/media/{token}", response_class=Response, include_in_schema=False)
async def head_media(token: str, door: Annotated[MediaDoor, Depends(media_door)]) -> Response:
    """The headers of the whole medium."""
    _, blob, headers = await _find(token, door)
    return Response(headers=headers | {"Content-Length": str(blob.size)})


@router.get("/media/{token}/thumbnail", response_class=Response)
async def get_thumbnail(token: str, request: Request, door: Annotated[MediaDoor, Depends(media_door)]) -> Response:
    """A small WebP of the image that a signed link stands for: 256 pixels at its longer side."""
    now = utc_now()
    link = read_media_token(door.key, token, now)
    tag = f'"{link.sha256}-{EDGE_PIXELS}"'
    name = f'inline; filename="{link.sha256[:16]}.webp"'
    headers = _headers(link, now) | {"Content-Type": "image/webp", "Content-Disposition": name, "ETag": tag}
    del headers["Accept-Ranges"]
    content = await door.thumbnails.get(link.tenant_id, link.sha256)
    if tag in [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers)


async def _begun(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same pieces, the first of which is there: what is wrong shows while there is still a status to tell it by."""
    first = await anext(pieces, b"")

    async def all_pieces() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    return all_pieces()


async def _find(token: str, door: MediaDoor) -> tuple[MediaLink, StoredBlob, dict[str, str]]:
    now = utc_now()
    link = read_media_token(door.key, token, now)
    blob = await door.storage.stat(link.tenant_id, link.sha256)
    return link, blob, _headers(link, now)


def _headers(link: MediaLink, now: datetime) -> dict[str, str]:
    """Type, name and caching; the type is never the uploader's word but one of a short list."""
    ending = SHOWN.get(link.media_type)
    shown = ending is not None and link.disposition is Disposition.INLINE
    media_type = link.media_type if ending else "application/octet-stream"
    return FIXED_HEADERS | {
        "Content-Type": f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type,
        "Content-Disposition": "inline" if shown else f'attachment; filename="{link.sha256[:16]}.{ending or "bin"}"',
        "ETag": f'"{link.sha256}"',
        # Private: a shared cache must not outlive the reader's right. As long as the link, no longer.
        "Cache-Control": f"private, max-age={int((link.expires_at - now).total_seconds())}, immutable",
    }


def _is_known(if_none_match: str | None, blob: StoredBlob) -> bool:
    """Whether the reader has this content already (RFC 9110, 13.1.2: weak comparison)."""
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return "*" in tags or f'"{blob.sha256}"' in tags


def _is_current(if_range: str | None, blob: StoredBlob) -> bool:
    """Whether a range still fits what the reader has (RFC 9110, 13.1.5: strong comparison)."""
    return if_range is None or if_range.strip() == f'"{blob.sha256}"'


def _range(header: str | None, size: int) -> range | None:
    """The bytes to send: all of them when no single range is asked for, None when there are none in the range."""
    found = ONE_RANGE.fullmatch(header.replace(" ", "")) if header else None
    if found is None:
        return range(size)
    first, last, suffix = found.groups()
    if suffix is not None:
        start, stop = max(0, size - int(suffix)), size
    else:
        start, stop = int(first), min(size, int(last) + 1 if last else size)
        if last and int(last) < int(first):  # not a range at all, so it does not count (RFC 9110, 14.1.1)
            return range(size)
    return range(start, stop) if start < stop else None
