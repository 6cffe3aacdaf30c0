"""Secrets at rest: readable with the key of this installation, and only in the row that they were written for."""

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from karat.storage.errors import SecretUnreadable

NONCE_BYTES = 12


def seal(key: bytes, tenant_id: UUID, row_id: UUID, secret: bytes) -> bytes:
    """AES-256-GCM (NIST SP 800-38D) under a random nonce; tenant and row are bound to it as associated data."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, _bound(tenant_id, row_id))


def unseal(key: bytes, tenant_id: UUID, row_id: UUID, sealed: bytes) -> bytes:
    """What was sealed.

    Raises:
        SecretUnreadable: another installation's key sealed it, or it was changed, or moved here from another row.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound(tenant_id, row_id))
    except (InvalidTag, ValueError):
        raise SecretUnreadable(connection_id=row_id) from None


def _bound(tenant_id: UUID, row_id: UUID) -> bytes:
    return tenant_id.bytes + row_id.bytes
