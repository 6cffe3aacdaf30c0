import multiprocessing
from pathlib import Path

import pytest

from karat.storage import SecretDamaged, derive_key, load_or_create_secret


def test_the_secret_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret.key"
    secret = load_or_create_secret(path)
    assert len(set(secret)) > 1
    assert load_or_create_secret(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert load_or_create_secret(tmp_path / "other.key") != secret


def test_processes_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(load_or_create_secret, [tmp_path / "secret.key"] * 12, chunksize=1))) == 1


def test_a_damaged_key_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    path.write_bytes(b"short")
    with pytest.raises(SecretDamaged):
        load_or_create_secret(path)
    assert path.read_bytes() == b"short"


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = {derive_key(bytes(32), purpose) for purpose in ("media", "certificate", "session")}
    assert len(keys) == 3
    assert {len(key) for key in keys} == {32}


def test_a_key_follows_rfc_5869() -> None:
    import hashlib
    import hmac

    # One block of output: T(1) = HMAC(HMAC(zero salt, secret), info || 0x01).
    extracted = hmac.digest(bytes(32), b"s" * 32, hashlib.sha256)
    assert derive_key(b"s" * 32, "media") == hmac.digest(extracted, b"karat/media\x01", hashlib.sha256)
