"""A backup is whole, or it is refused: whichever byte was changed, wherever it was cut off."""

import random
from hashlib import sha256
from pathlib import Path

import pytest

from karat.kit.canonical import canonical_json
from karat.operations import BackupDamaged, BackupExists, BackupSealed, NotABackup, PassphraseWrong, archive, cipher
from karat.operations.archive import HEADER, MANIFEST, opened_archive, written_archive
from karat.operations.cipher import CHUNK_BYTES
from karat.operations.errors import PassphraseShort

PASSPHRASE = "correct horse battery staple"
CONTENTS = {HEADER: b"{}", "secret.key": bytes(32), "tables/a.copy.gz": b"rows" * 200, MANIFEST: b"{}"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap derivation of keys: these tests open thousands of archives."""
    monkeypatch.setattr(cipher, "LOG2_N", 10)


def write(path: Path, passphrase: str | None = None, contents: dict[str, bytes] = CONTENTS) -> bytes:
    with written_archive(path, passphrase) as writer:
        for name, content in contents.items():
            writer.add_bytes(name, content)
    return path.read_bytes()


def read(path: Path, passphrase: str | None = None) -> dict[str, bytes]:
    with opened_archive(path, passphrase) as members:
        return {one.name: one.content.read() for one in members}


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_what_was_written_is_read(tmp_path: Path, passphrase: str | None) -> None:
    large = {**CONTENTS, "tables/large.copy.gz": random.Random(0).randbytes(3 * CHUNK_BYTES + 17)}
    write(tmp_path / "a", passphrase, large)
    assert read(tmp_path / "a", passphrase) == large
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("size", [CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_encryption_keeps_every_length(tmp_path: Path, size: int) -> None:
    with (tmp_path / "a").open("wb") as file:
        writer = cipher.SealingWriter(file, PASSPHRASE)
        writer.write(bytes(size))
        writer.finish()
    with (tmp_path / "a").open("rb") as file:
        assert cipher.SealedReader(file, PASSPHRASE).readall() == bytes(size)


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_no_byte_can_be_changed(tmp_path: Path, passphrase: str | None) -> None:
    whole = write(tmp_path / "a", passphrase)
    rng = random.Random(1)
    places = set(range(60)) | set(range(len(whole) - 90, len(whole))) | set(rng.sample(range(len(whole)), 300))
    for at in sorted(places):
        changed = bytearray(whole)
        changed[at] ^= 1 << rng.randrange(8)
        (tmp_path / "b").write_bytes(changed)
        with pytest.raises((BackupDamaged, NotABackup, PassphraseWrong)):
            read(tmp_path / "b", passphrase)


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_it_cannot_be_cut_off_or_made_longer(tmp_path: Path, passphrase: str | None) -> None:
    whole = write(tmp_path / "a", passphrase)
    for n in [*range(0, len(whole), 97), len(whole) - 1, len(whole) - 512]:
        (tmp_path / "b").write_bytes(whole[:n])
        with pytest.raises((BackupDamaged, NotABackup)):
            read(tmp_path / "b", passphrase)
    (tmp_path / "b").write_bytes(whole + b"more")
    with pytest.raises(BackupDamaged):
        read(tmp_path / "b", passphrase)


def test_chunks_of_an_encrypted_backup_cannot_change_places(tmp_path: Path) -> None:
    content = {**CONTENTS, "tables/large.copy.gz": bytes(4 * CHUNK_BYTES)}
    whole = write(tmp_path / "a", PASSPHRASE, content)
    step, head = CHUNK_BYTES + cipher.TAG_BYTES, cipher.HEAD_BYTES
    first, second = whole[head : head + step], whole[head + step : head + 2 * step]
    for changed in (second + first, second, first + first):
        (tmp_path / "b").write_bytes(whole[:head] + changed + whole[head + 2 * step :])
        with pytest.raises(BackupDamaged):
            read(tmp_path / "b", PASSPHRASE)


def test_an_encrypted_backup_shows_nothing_and_opens_for_its_passphrase_alone(tmp_path: Path) -> None:
    whole = write(tmp_path / "a", PASSPHRASE, {**CONTENTS, "tables/names.copy.gz": b"Ada Lovelace" * 50})
    assert b"Ada" not in whole and b"tables/" not in whole and b"secret.key" not in whole
    with pytest.raises(BackupSealed):
        read(tmp_path / "a")
    with pytest.raises(PassphraseWrong):
        read(tmp_path / "a", PASSPHRASE + " ")
    assert whole != write(tmp_path / "again", PASSPHRASE), "the same content never looks the same"


def test_a_passphrase_that_is_quickly_tried_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PassphraseShort):
        write(tmp_path / "a", "12345678901")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"text", b"%PDF-1.4", bytes(2000), b"PK\x03\x04" * 500])
def test_what_is_no_backup_is_told_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(NotABackup):
        read(tmp_path / "a")


def test_nothing_is_written_over_and_what_was_broken_off_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"mine")
    with pytest.raises(BackupExists):
        write(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"mine"
    with pytest.raises(KeyboardInterrupt), written_archive(tmp_path / "b", None) as writer:
        writer.add_bytes(HEADER, b"{}")
        raise KeyboardInterrupt
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_a_plain_backup_opens_with_any_tar(tmp_path: Path) -> None:
    import tarfile

    write(tmp_path / "a")
    with tarfile.open(tmp_path / "a") as tar:
        assert tar.getnames() == list(CONTENTS)
        assert all(member.mode == 0o600 for member in tar.getmembers())
    whole = (tmp_path / "a").read_bytes()
    end = len(whole) - archive.TRAILER_BYTES
    assert whole[end:] == archive.TRAILER + sha256(whole[:end]).hexdigest().encode() + b"\n"
    assert canonical_json({}) == b"{}"
