"""Reading a backup to its last byte, and holding it to its manifest."""

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import IO, TypeVar

from pydantic import ValidationError

from karat.kit.canonical import NotCanonical, read_canonical
from karat.kit.signing import is_signed
from karat.operations.archive import HEADER, MANIFEST, SECRET, Member, opened_archive
from karat.operations.backup import report_of, silent
from karat.operations.errors import BackupDamaged, NotABackup, SignerUnknown
from karat.operations.media import NAME, MediaList, sha256_while
from karat.operations.types import BackupReport, Header, Manifest, Progress

TABLE = re.compile(r"tables/([a-z_][a-z0-9_]*)\.copy\.gz")
T = TypeVar("T", Header, Manifest)
MOST_SMALL_BYTES = 64 << 20
Sink = Callable[[str], "IO[bytes] | None"]
"""Where a member's bytes go, by its name; None to look at them only."""


def verify_backup(
    path: Path, *, passphrase: str | None = None, public_key: str | None = None, progress: Progress = silent
) -> BackupReport:
    """Read a backup whole and check every byte of it.

    Args:
        public_key: whose signature it must be; without it, that of whoever made the backup.

    Raises:
        NotABackup, BackupSealed, PassphraseWrong, BackupDamaged, SignerUnknown.
    """
    manifest = read_backup(path, passphrase, lambda _: None, progress)
    if public_key is not None and manifest.public_key != public_key:
        raise SignerUnknown(signed_by=manifest.public_key)
    return report_of(manifest, path)


def read_backup(
    path: Path,
    passphrase: str | None,
    sink: Sink,
    progress: Progress,
    on_header: Callable[[Header], None] = lambda _: None,
) -> Manifest:
    """Go through the archive once, giving each member's bytes away, and hold it to its manifest.

    Nothing that was given away may be relied on before this returns.

    Args:
        on_header: may refuse by raising, before anything else is read.
    """
    seen = _Seen()
    with opened_archive(path, passphrase) as members:
        for member in members:
            if not seen.n_members and member.name != HEADER:
                raise NotABackup(file=path)
            seen.take(member, sink, progress)
            if seen.n_members == 1:
                on_header(_parse(Header, seen.small[HEADER]))
    return seen.manifest()


class _Seen:
    """What the members turned out to be."""

    def __init__(self) -> None:
        self.n_members = 0
        self.small: dict[str, bytes] = {}
        self._tables: dict[str, str] = {}
        self._media = MediaList()

    def take(self, member: Member, sink: Sink, progress: Progress) -> None:
        """Read one member to its end."""
        self.n_members += 1
        if MANIFEST in self.small:
            raise BackupDamaged("Something follows its manifest.", member=member.name)
        if member.name in {HEADER, SECRET, MANIFEST}:
            if member.size > MOST_SMALL_BYTES:
                raise BackupDamaged("A member is larger than it can be.", member=member.name)
            content = self.small[member.name] = member.content.read()
            if member.name == SECRET and (target := sink(SECRET)):
                with target:
                    target.write(content)
        elif found := TABLE.fullmatch(member.name):
            self._tables[found[1]] = _copied(member, sink)
            progress("tables", len(self._tables), None)
        elif NAME.fullmatch(member.name.removeprefix("media/")):
            if _copied(member, sink) != member.name.rsplit("/", 1)[-1]:
                raise BackupDamaged("A medium is not what its name says.", member=member.name)
            self._media.note(member.name.removeprefix("media/"), member.size)
            progress("media", self._media.n_files, None)
        else:
            raise BackupDamaged("It holds something that is none of ours.", member=member.name)

    def manifest(self) -> Manifest:
        """The manifest, once everything that was seen is what it says."""
        if MANIFEST not in self.small:
            raise BackupDamaged("Its manifest is missing.")
        found = _parse(Manifest, self.small[MANIFEST])
        if not is_signed(_covered(self.small[MANIFEST]), found.signature, found.public_key):
            raise BackupDamaged("Its manifest is not signed with the key that it names.")
        secret = self.small.get(SECRET)
        is_so = {
            "its header": _parse(Header, self.small[HEADER]) == found.header,
            "its tables": self._tables == {table.name: table.sha256 for table in found.tables},
            "its media": self._media.part() == found.media,
            "secret.key": (secret is not None) == found.has_secret
            and (secret is None or sha256(secret).hexdigest() == found.secret_sha256),
        }
        for what, good in is_so.items():
            if not good:
                raise BackupDamaged(f"The manifest speaks of something else than {what}.")
        return found


def _copied(member: Member, sink: Sink) -> str:
    """The hash of a member, whose bytes go where they shall."""
    target = sink(member.name)
    if target is None:
        return sha256_while(member.content)
    with target:
        return sha256_while(member.content, target.write)


def _covered(manifest: bytes) -> dict[str, object]:
    """What the signature covers: the fields that were written, of which an earlier version had fewer than the model."""
    return {name: value for name, value in read_canonical(manifest).items() if name != "signature"}


def _parse(kind: type[T], content: bytes) -> T:
    try:
        return kind.model_validate(read_canonical(content))
    except (NotCanonical, ValidationError) as error:
        raise BackupDamaged(f"Its {kind.__name__.lower()} cannot be read.") from error
