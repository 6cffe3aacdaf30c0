"""A backup that an earlier version made is verified and restored by this one."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from karat.api.engine import Engine
from karat.config import Settings
from karat.kit import utc_now
from karat.kit.canonical import canonical_json, read_canonical
from karat.kit.signing import sign_json
from karat.operations import BackupDamaged, back_up, restore, verify_backup
from karat.operations.archive import MANIFEST, opened_archive, written_archive
from karat.storage import derive_key

SINCE_ADDED = {"has_media", "elsewhere"}  # fields of the manifest that the first backups were not signed with


def rewritten(backup: Path, target: Path, manifest: dict[str, Any]) -> Path:
    """The backup with another manifest."""
    with opened_archive(backup, None) as members, written_archive(target, None) as archive:
        for member in members:
            content = member.content.read()
            archive.add_bytes(member.name, canonical_json(manifest) if member.name == MANIFEST else content)
    return target


def older_manifest(backup: Path, secret: bytes) -> dict[str, Any]:
    """The manifest as the first version would have written and signed it."""
    with opened_archive(backup, None) as members:
        (content,) = [one.content.read() for one in members if one.name == MANIFEST]
    manifest = read_canonical(content)
    assert manifest.keys() >= SINCE_ADDED
    older = {name: value for name, value in manifest.items() if name not in {*SINCE_ADDED, "signature"}}
    key = Ed25519PrivateKey.from_private_bytes(derive_key(secret, "certificate"))
    return {**older, "signature": sign_json(older, key)}


async def test_a_backup_whose_manifest_has_fewer_fields_is_verified_and_restored(
    engine: Engine, tmp_path: Path
) -> None:
    made = await back_up(engine.settings, tmp_path / "new", utc_now())
    manifest = older_manifest(tmp_path / "new", (engine.settings.data_dir / "secret.key").read_bytes())
    older = rewritten(tmp_path / "new", tmp_path / "older", manifest)
    report = verify_backup(older, public_key=engine.public_key)
    assert (report.n_rows, report.n_media, report.has_media) == (made.n_rows, made.n_media, True)
    done = await restore(Settings(data_dir=tmp_path / "restored"), older)
    assert (done.n_rows, done.n_media) == (made.n_rows, made.n_media)


@pytest.mark.parametrize("change", [{"n_missing": 7}, {"has_media": True}, {"elsewhere": []}])
async def test_whatever_was_not_signed_is_refused_even_where_it_says_nothing_new(
    engine: Engine, tmp_path: Path, change: dict[str, Any]
) -> None:
    await back_up(engine.settings, tmp_path / "new", utc_now())
    manifest = older_manifest(tmp_path / "new", (engine.settings.data_dir / "secret.key").read_bytes())
    changed = rewritten(tmp_path / "new", tmp_path / "changed", {**manifest, **change})
    with pytest.raises(BackupDamaged, match="not signed"):
        verify_backup(changed)
