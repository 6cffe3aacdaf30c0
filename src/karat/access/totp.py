"""The second factor of an authenticator app: six digits that change every half minute (RFC 6238), and recovery codes.

The secret has to be known to be checked, so it cannot be hashed; it is sealed with a key of the installation, and bound to
its owner, so that a copy of the database alone gives no codes.
"""

import hashlib
import hmac
import os
import secrets
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

STEP_S = 30
WINDOW = 1  # steps before and after, for clocks that differ
N_RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is read for something else
_NONCE_BYTES = 12


def make_totp_secret() -> str:
    """160 random bits in base32, as authenticator apps take them."""
    import pyotp

    return pyotp.random_base32(32)


def otpauth_uri(secret: str, *, account: str, issuer: str) -> str:
    """What the app scans."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def qr_code(text: str) -> str:
    """A QR code as a data address for an image: an SVG in it runs nothing."""
    import segno

    return segno.make(text, micro=False, error="m").svg_data_uri(scale=5, border=4, light="#fff", encode_minimal=False)


def matching_step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The half minute that the code belongs to, or None when it is wrong.

    Args:
        after: the last half minute whose code was used: it and those before it are not taken again.
    """
    import pyotp

    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        return None
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP_S
    for step in range(current - WINDOW, current + WINDOW + 1):
        if hmac.compare_digest(totp.at(step * STEP_S), code) and step > after:
            return step
    return None


def make_recovery_codes() -> list[str]:
    """Codes to be written down, each good for one sign-in; 74 random bits each."""
    return ["-".join(_letters(5) for _ in range(3)) for _ in range(N_RECOVERY_CODES)]


def recovery_hash(user_id: UUID, code: str) -> bytes:
    """What a recovery code is stored by, however it was typed. It is too random to be found by trying."""
    plain = "".join(one for one in code.lower() if one.isalnum())
    return hashlib.sha256(user_id.bytes + plain.encode()).digest()


def _letters(n: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(n))


def seal(secret: str, key: bytes, user_id: UUID) -> bytes:
    """The secret as the database keeps it."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret.encode(), user_id.bytes)


def unseal(sealed: bytes, key: bytes, user_id: UUID) -> str | None:
    """The secret; None when it was sealed by another installation, as after restoring without `secret.key`."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], user_id.bytes).decode()
    except InvalidTag:
        return None
