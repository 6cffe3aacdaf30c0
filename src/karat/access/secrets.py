"""Secrets that people and programs carry. Each holds its tenant's id in clear, so that the tenant is known first.

Secrets have 256 random bits, so a plain SHA-256 is enough to store them by: there is nothing to guess.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from uuid import UUID

_SECRET = re.compile(r"(?:(?P<prefix>karat|test)_)?(?P<tenant>[0-9a-f]{32})[_.](?P<secret>[A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Secret:
    """A parsed secret: an API key when it has a prefix, otherwise a session or a sign-in code."""

    prefix: str | None
    tenant_id: UUID
    secret: str

    @property
    def sha256(self) -> bytes:
        """What the database knows it by."""
        return hashlib.sha256(self.secret.encode()).digest()

    @property
    def text(self) -> str:
        """What its bearer sends."""
        tenant = self.tenant_id.hex
        return f"{self.prefix}_{tenant}_{self.secret}" if self.prefix else f"{tenant}.{self.secret}"

    @property
    def csrf_token(self) -> str:
        """Bound to the session and worthless without it."""
        return hmac.new(self.secret.encode(), b"csrf", hashlib.sha256).hexdigest()


def make_secret(tenant_id: UUID, prefix: str | None = None) -> Secret:
    """A new secret from the system's random source."""
    return Secret(prefix, tenant_id, secrets.token_urlsafe(32))


def parse_secret(text: str) -> Secret | None:
    """The secret in the text, or None when it cannot be one."""
    match = _SECRET.fullmatch(text)
    if match is None:
        return None
    return Secret(match["prefix"], UUID(match["tenant"]), match["secret"])
