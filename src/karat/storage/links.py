"""Signed links to media: whoever has one may fetch that blob, that way, for a few minutes. No database is asked."""

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import UTC, datetime, timedelta
from uuid import UUID

from karat.kit import Record
from karat.storage.errors import MediaLinkExpired, MediaLinkInvalid
from karat.storage.types import Disposition

LONGEST_LINK_S = 300
# Tenant, user, hash, expiry in seconds of Unix time, disposition; the media type follows.
PACKED = struct.Struct(">16s16s32sIB")
MAC_BYTES = 32
# Links are for reading alone; HEAD is reading. A link to write, should there be one, can never pass for one of these.
METHOD = b"GET\n"
DISPOSITIONS = (Disposition.INLINE, Disposition.ATTACHMENT)


class MediaLink(Record):
    """What a link stands for. Every field is covered by the signature."""

    tenant_id: UUID
    user_id: UUID
    sha256: str
    media_type: str
    expires_at: datetime
    disposition: Disposition = Disposition.INLINE


def link_expiry(now: datetime, lifetime_s: int = LONGEST_LINK_S) -> datetime:
    """When a link made now shall expire: after 80 to 100 % of the lifetime, the same moment for all made close by.

    So a medium keeps its link for a while, and the browser finds what it has prefetched in its cache.
    """
    step_s = max(1, lifetime_s // 5)
    latest = int(now.timestamp()) + min(lifetime_s, LONGEST_LINK_S)
    return datetime.fromtimestamp(latest - latest % step_s, UTC)


def sign_media(
    key: bytes,
    *,
    tenant_id: UUID,
    user_id: UUID,
    sha256: str,
    media_type: str,
    expires_at: datetime,
    disposition: Disposition = Disposition.INLINE,
) -> str:
    """The path `/media/TOKEN` under which the blob can be fetched until `expires_at`.

    Args:
        key: `derive_key(secret, "media")`.
        media_type: as found in the content; what browsers may show is decided when the blob is sent.
        expires_at: whole seconds count; see `link_expiry`.
    """
    expiry = int(expires_at.timestamp())
    fixed = PACKED.pack(tenant_id.bytes, user_id.bytes, bytes.fromhex(sha256), expiry, DISPOSITIONS.index(disposition))
    payload = fixed + media_type.encode()
    return "/media/" + urlsafe_b64encode(payload + _mac(key, payload)).rstrip(b"=").decode()


def read_media_token(key: bytes, token: str, now: datetime) -> MediaLink:
    """What the token allows.

    Raises:
        MediaLinkInvalid: not signed with this key, or changed.
        MediaLinkExpired: signed, but its time is over, or it was given more than links may have.
    """
    payload, mac = _split(token)
    if not hmac.compare_digest(mac, _mac(key, payload)):
        raise MediaLinkInvalid
    tenant, user, digest, expiry, disposition = PACKED.unpack_from(payload)
    expires_at = datetime.fromtimestamp(expiry, UTC)
    if not now < expires_at <= now + timedelta(seconds=LONGEST_LINK_S):
        raise MediaLinkExpired(expired_at=expires_at)
    return MediaLink(
        tenant_id=UUID(bytes=tenant),
        user_id=UUID(bytes=user),
        sha256=digest.hex(),
        media_type=payload[PACKED.size :].decode(),
        expires_at=expires_at,
        disposition=DISPOSITIONS[disposition],
    )


def _mac(key: bytes, payload: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104)."""
    return hmac.digest(key, METHOD + payload, "sha256")


def _split(token: str) -> tuple[bytes, bytes]:
    """The payload and its code. One link has one spelling: padding, other alphabets and loose last bits are refused."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (NotBase64, ValueError):
        raise MediaLinkInvalid from None
    if len(raw) < PACKED.size + MAC_BYTES or urlsafe_b64encode(raw).rstrip(b"=").decode() != token:
        raise MediaLinkInvalid
    return raw[:-MAC_BYTES], raw[-MAC_BYTES:]
