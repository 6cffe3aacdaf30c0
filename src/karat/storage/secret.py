"""The one secret of an installation, and the keys that are made from it."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from karat.storage.errors import SecretDamaged

SECRET_BYTES = 32


def load_or_create_secret(path: Path) -> bytes:
    """The secret in the file; made at random on the first start, for this user only. There is no default.

    Processes that start at the same moment get the same one.

    Raises:
        SecretDamaged: the file is there and holds something else.
    """
    if not path.exists():
        _create(path)
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise SecretDamaged(path=str(path))
    return secret


def derive_key(secret: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose alone, such as "media": knowing them tells nothing about the other keys.

    Source: HKDF with SHA-256, RFC 5869, the purpose as `info`.
    """
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"karat/{purpose}".encode()).derive(secret)


def _create(path: Path) -> None:
    """Write a new secret beside its place and link it there: whole, and never over an existing one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            os.fsync(descriptor)
        os.link(draft, path)
    except FileExistsError:
        return  # another process was first, and its secret counts
    finally:
        draft.unlink(missing_ok=True)
