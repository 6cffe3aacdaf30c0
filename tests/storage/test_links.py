from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat.storage import Disposition, MediaLinkExpired, MediaLinkInvalid, link_expiry, read_media_token, sign_media

KEY = bytes(range(32))
NOW = datetime(2026, 11, 22, 12, 0, 7, tzinfo=UTC)
TENANT, USER = UUID(int=1), UUID(int=2)
SHA256 = "ab" * 32


def token(key: bytes = KEY, expires_at: datetime | None = None) -> str:
    path = sign_media(
        key,
        tenant_id=TENANT,
        user_id=USER,
        sha256=SHA256,
        media_type="image/png",
        expires_at=expires_at or link_expiry(NOW),
        disposition=Disposition.ATTACHMENT,
    )
    assert path.startswith("/media/")
    return path.removeprefix("/media/")


def test_a_token_says_what_was_signed() -> None:
    link = read_media_token(KEY, token(), NOW)
    assert (link.tenant_id, link.user_id, link.sha256) == (TENANT, USER, SHA256)
    assert (link.media_type, link.disposition) == ("image/png", Disposition.ATTACHMENT)
    assert link.expires_at == link_expiry(NOW)


def test_a_token_that_differs_in_one_bit_is_refused() -> None:
    raw = urlsafe_b64decode(token() + "==")
    for bit in range(8 * len(raw)):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(MediaLinkInvalid):
            read_media_token(KEY, urlsafe_b64encode(changed).rstrip(b"=").decode(), NOW)


@given(st.text() | st.binary().map(lambda raw: urlsafe_b64encode(raw).decode()))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(MediaLinkInvalid):
        read_media_token(KEY, text, NOW)


@pytest.mark.parametrize("spelling", ["{}=", "{}==", "{}\n", " {}", "{}A"])
def test_a_token_has_one_spelling(spelling: str) -> None:
    with pytest.raises(MediaLinkInvalid):
        read_media_token(KEY, spelling.format(token()), NOW)


def test_another_key_signs_nothing_here() -> None:
    with pytest.raises(MediaLinkInvalid):
        read_media_token(KEY, token(key=bytes(32)), NOW)


def test_a_link_ends_at_its_moment() -> None:
    expires_at = NOW + timedelta(seconds=60)
    read_media_token(KEY, token(expires_at=expires_at), expires_at - timedelta(microseconds=1))
    with pytest.raises(MediaLinkExpired):
        read_media_token(KEY, token(expires_at=expires_at), expires_at)


def test_a_link_signed_for_longer_than_five_minutes_is_refused() -> None:
    read_media_token(KEY, token(expires_at=NOW + timedelta(seconds=300)), NOW)
    with pytest.raises(MediaLinkExpired):
        read_media_token(KEY, token(expires_at=NOW + timedelta(seconds=301)), NOW)


@given(st.integers(0, 4 * 10**9), st.integers(1, 300))
def test_an_expiry_keeps_four_fifths_of_the_lifetime_at_least(moment: int, lifetime_s: int) -> None:
    now = datetime.fromtimestamp(moment, UTC)
    left = (link_expiry(now, lifetime_s) - now).total_seconds()
    assert 0.8 * lifetime_s < left <= lifetime_s


def test_links_made_within_a_minute_are_the_same() -> None:
    assert {link_expiry(NOW + timedelta(seconds=s)) for s in range(50)} == {datetime(2026, 11, 22, 12, 5, tzinfo=UTC)}
