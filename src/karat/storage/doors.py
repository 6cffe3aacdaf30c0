"""What routes get to hand out media with: a function that makes links, bound to the running application."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from karat.kit import Caller, utc_now
from karat.storage.links import link_expiry, sign_media

Link = Callable[[Caller, str, str], str]


async def links(request: Request) -> Link:
    """Makes a signed link for a caller, a hash in hexadecimal and a media type.

    A coroutine, although it waits for nothing: FastAPI sends plain functions to another thread.
    """
    key: bytes = request.app.state.media.key
    expires_at = link_expiry(utc_now(), request.app.state.settings.media_url_seconds)

    def link(caller: Caller, sha256: str, media_type: str) -> str:
        return sign_media(
            key,
            tenant_id=caller.tenant_id,
            user_id=caller.user_id,
            sha256=sha256,
            media_type=media_type,
            expires_at=expires_at,
        )

    return link


Links = Annotated[Link, Depends(links)]
