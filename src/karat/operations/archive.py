"""The file of a backup: a tar that any tool opens, with the hash of all of it behind its end.

karat-backup.json  secret.key  tables/NAME.copy.gz …  media/TENANT/aa/bb/SHA256 …  manifest.json
"karat-backup-sha256 " + hash of everything before it, in hexadecimal + newline
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from karat.operations.cipher import MAGIC, SealedReader, SealingWriter
from karat.operations.errors import BackupDamaged, BackupExists, BackupSealed, NotABackup
from karat.storage.disk import create, full_disk_named

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

HEADER, SECRET, MANIFEST = "karat-backup.json", "secret.key", "manifest.json"
TRAILER = b"karat-backup-sha256 "
TRAILER_BYTES = len(TRAILER) + 64 + 1
PIECE_BYTES = 1 << 20


class Hashing(io.RawIOBase):
    """Hands everything on and hashes it on the way."""

    def __init__(self, inner: IO[bytes]) -> None:
        super().__init__()
        self._inner = inner
        self.sha256 = hashlib.sha256()

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: "ReadableBuffer") -> int:
        """Hash and hand on."""
        given = memoryview(data)
        self.sha256.update(given)
        self._inner.write(given)
        return given.nbytes


class ArchiveWriter:
    """Adds members one after the other."""

    def __init__(self, target: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=target, mode="w|")  # noqa: SIM115 - `finish` closes it

    def add_bytes(self, name: str, content: bytes) -> str:
        """A small member; its hash."""
        self.add(name, io.BytesIO(content), len(content))
        return hashlib.sha256(content).hexdigest()

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        """A member of a known size."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        # The plain form has room for our names, and the other costs a kilobyte for each; but it ends at 8 GiB.
        self._tar.format = tarfile.USTAR_FORMAT if size < 8 << 30 else tarfile.PAX_FORMAT
        self._tar.addfile(entry, content)

    def finish(self) -> None:
        """Mark the end."""
        self._tar.close()

    def abandon(self) -> None:
        """Write no more: without this the library would, when it is cleared away."""
        self._tar.fileobj.closed = True  # type: ignore[attr-defined]


@contextmanager
def written_archive(path: Path, passphrase: str | None) -> Iterator[ArchiveWriter]:
    """A new archive, for this user alone. It has its name only when it is whole and on the disk.

    Raises:
        BackupExists: the name is taken.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    if path.exists():
        raise BackupExists(file=path)
    with suppress(FileNotFoundError):
        unfinished.unlink()
    try:
        with full_disk_named(), create(unfinished) as file:
            sealing = SealingWriter(file, passphrase) if passphrase is not None else None
            hashing = Hashing(sealing or file)  # type: ignore[arg-type]
            writer = ArchiveWriter(hashing)  # type: ignore[arg-type]
            try:
                yield writer
            except BaseException:
                writer.abandon()
                raise
            writer.finish()
            (sealing or file).write(TRAILER + hashing.sha256.hexdigest().encode() + b"\n")
            if sealing:
                sealing.finish()
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            raise BackupExists(file=path)
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)


class _Checked(io.RawIOBase):
    """Reads all but the trailer, hashing; at the end the hash must be what the trailer says."""

    def __init__(self, source: IO[bytes]) -> None:
        super().__init__()
        self._source = source
        self._sha256 = hashlib.sha256()
        self._kept = source.read(TRAILER_BYTES)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Hand out what is certainly not the trailer."""
        view = memoryview(buffer).cast("B")
        more = self._source.read(len(view))
        joined = self._kept + more
        given, self._kept = joined[: len(more)], joined[len(more) :]
        view[: len(given)] = given
        self._sha256.update(given)
        return len(given)

    def finish(self) -> None:
        while self.read(PIECE_BYTES):
            pass
        if self._kept != TRAILER + self._sha256.hexdigest().encode() + b"\n":
            raise BackupDamaged("It is not what was written: its hash differs, or its end is missing.")


@dataclass(frozen=True, slots=True)
class Member:
    """One member, to be read before the next one is asked for."""

    name: str
    size: int
    content: IO[bytes]


@contextmanager
def opened_archive(path: Path, passphrase: str | None) -> Iterator[Iterator[Member]]:
    """The members in their order. Leaving the block reads the rest and compares the hash of everything.

    Raises:
        NotABackup, BackupSealed, PassphraseWrong: before the first member.
        BackupDamaged: on the way or at the end.
    """
    with path.open("rb") as file:
        checked = _Checked(_content(file, passphrase))
        try:
            with tarfile.open(fileobj=io.BufferedReader(checked, PIECE_BYTES), mode="r|") as tar:
                yield _members(tar)
        except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
            checked.finish()  # says that it was changed or cut off, which it mostly was
            raise BackupDamaged("Its members cannot be read.") from error
        checked.finish()


def _members(tar: tarfile.TarFile) -> Iterator[Member]:
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None:
            raise BackupDamaged("It holds something that is no file.", member=entry.name)
        yield Member(entry.name, entry.size, content)


def is_sealed(path: Path) -> bool:
    """Whether the file says that it is an encrypted backup."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _content(file: BinaryIO, passphrase: str | None) -> IO[bytes]:
    begin = file.read(len(MAGIC))
    file.seek(0)
    if begin == MAGIC:
        if passphrase is None:
            raise BackupSealed
        return io.BufferedReader(SealedReader(file, passphrase), PIECE_BYTES)
    if not begin.startswith(HEADER.encode()):
        raise NotABackup
    return file
