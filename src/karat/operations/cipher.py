"""Encryption of a stream with a passphrase, so that a backup can lie on somebody else's disk.

    "karat-backup-sealed/1\\n"  one byte log2(n) of scrypt  16 bytes salt  32 bytes check  then chunks
    chunk = AES-256-GCM of 1 MiB of the content (the last one shorter, perhaps empty), 16 bytes of tag behind it
    nonce = number of the chunk (11 bytes) and 1 for the last chunk, else 0; the head is authenticated with each

The number and the mark of the end in the nonce keep chunks from being left out, moved or cut off (the STREAM
construction). The key and the check are 64 bytes of scrypt; the check, hashed once more, tells a wrong passphrase from a
changed file.

Source: Hoang, Reyhanitabar, Rogaway, Vizár, Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015;
RFC 7914 (scrypt).
"""

import hashlib
import io
import os
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from karat.operations.errors import BackupDamaged, PassphraseShort, PassphraseWrong

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

MAGIC = b"karat-backup-sealed/1\n"
LOG2_N = 15  # 32 MiB and a tenth of a second for each passphrase that is tried
HEAD_BYTES = len(MAGIC) + 1 + 16 + 32
CHUNK_BYTES = 1 << 20
TAG_BYTES = 16
SHORTEST = 12


class SealingWriter(io.RawIOBase):
    """Encrypts what is written to it. Only `finish` writes the last chunk: without it the stream counts as cut off."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        super().__init__()
        if len(passphrase) < SHORTEST:
            raise PassphraseShort(at_least_characters=SHORTEST)
        salt = os.urandom(16)
        key, check = _derive(passphrase, salt, LOG2_N)
        self._head = MAGIC + bytes([LOG2_N]) + salt + check
        self._cipher, self._target, self._waiting, self._number = AESGCM(key), target, bytearray(), 0
        target.write(self._head)

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: "ReadableBuffer") -> int:
        """Take bytes in; whole chunks leave."""
        given = memoryview(data).cast("B")
        self._waiting += given
        while len(self._waiting) > CHUNK_BYTES:  # the last chunk has to be kept back, to be marked
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(given)

    def finish(self) -> None:
        """Write the last chunk."""
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), chunk, self._head))
        self._number += 1


class SealedReader(io.RawIOBase):
    """The content of an encrypted stream.

    Raises:
        PassphraseWrong: at once.
        BackupDamaged: when the reading comes to the place.
    """

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        super().__init__()
        self._head = source.read(HEAD_BYTES)
        at = len(MAGIC)
        log2_n, salt, check = self._head[at : at + 1], self._head[at + 1 : at + 17], self._head[at + 17 :]
        if len(self._head) < HEAD_BYTES or not 10 <= log2_n[0] <= 20:
            raise BackupDamaged("Its head is not whole.")
        key, ours = _derive(passphrase, salt, log2_n[0])
        if ours != check:
            raise PassphraseWrong
        self._cipher, self._source, self._ready, self._number = AESGCM(key), source, b"", 0
        self._next = source.read(CHUNK_BYTES + TAG_BYTES)
        self._is_over = False

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Hand out bytes of the content."""
        view = memoryview(buffer).cast("B")
        while not self._ready and not self._is_over:
            self._open_chunk()
        n = min(len(view), len(self._ready))
        view[:n], self._ready = self._ready[:n], self._ready[n:]
        return n

    def _open_chunk(self) -> None:
        chunk, self._next = self._next, self._source.read(CHUNK_BYTES + TAG_BYTES)
        self._is_over = not self._next
        try:
            self._ready = self._cipher.decrypt(_nonce(self._number, is_last=self._is_over), chunk, self._head)
        except (InvalidTag, ValueError) as error:
            raise BackupDamaged(f"Chunk {self._number} was changed, or the file ends too early.") from error
        self._number += 1


def _derive(passphrase: str, salt: bytes, log2_n: int) -> tuple[bytes, bytes]:
    """The key, and what tells the right passphrase."""
    made = Scrypt(salt=salt, length=64, n=1 << log2_n, r=8, p=1).derive(passphrase.encode())
    return made[:32], hashlib.sha256(made[32:]).digest()


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
