"""Addresses under which a model's server fetches an asset from this one, for some minutes."""

from uuid import UUID

from karat.jobs.runner import ENGINE_USER
from karat.kit import utc_now
from karat.models.ground import MediaUrl
from karat.storage import link_expiry, sign_media


def media_urls(base: str, key: bytes, lifetime_s: int) -> MediaUrl:
    """Makes signed addresses.

    Args:
        base: where the model's server reaches this one: `KARAT_PUBLIC_URL`.
        key: `derive_key(secret, "media")`.
    """

    def url(tenant_id: UUID, sha256: str, media_type: str) -> str:
        path = sign_media(
            key,
            tenant_id=tenant_id,
            user_id=ENGINE_USER,
            sha256=sha256,
            media_type=media_type,
            expires_at=link_expiry(utc_now(), lifetime_s),
        )
        return base.rstrip("/") + path

    return url
