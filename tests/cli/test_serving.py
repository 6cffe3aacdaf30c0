"""`serve`, `sign-in-link`, `keys`: from the first start on."""

import json
import stat
from pathlib import Path

import httpx

from tests.cli.conftest import Karat, Served


def signs_in(link: str) -> bool:
    """Whether the code of a one-time link opens a session."""
    url, code = link.split("/sign-in#")
    return httpx.post(f"{url}/api/session", json={"code": code}, headers={"Origin": url}).status_code == 200


def test_the_first_start_prints_a_link_that_signs_in_once(own: Served) -> None:
    (link,) = [line for line in own.lines if "/sign-in#" in line]

    assert signs_in(link)
    assert not signs_in(link)


def test_the_owners_key_is_in_a_file_that_only_its_user_can_read(own: Served) -> None:
    path = own.data_dir / "owner.key"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = path.read_text().strip()
    assert httpx.get(f"{own.url}/api/projects", headers={"Authorization": f"Bearer {key}"}).status_code == 200


def test_a_key_is_made_beside_a_running_server_and_works_there(karat: Karat, own: Served) -> None:
    key = karat("keys", "create", "--data-dir", own.data_dir).stdout.strip()

    assert key.startswith("karat_")
    assert httpx.get(f"{own.url}/api/projects", headers={"Authorization": f"Bearer {key}"}).status_code == 200


def test_a_test_key_says_so_and_a_revoked_key_is_refused(karat: Karat, own: Served) -> None:
    data_dir = ("--data-dir", own.data_dir)
    made = json.loads(karat("keys", "create", "--test", "--name", "a trial", "--json", *data_dir).stdout)
    assert made["key"].startswith("test_")
    headers = {"Authorization": f"Bearer {made['key']}"}
    assert httpx.get(f"{own.url}/api/session", headers=headers).status_code == 200

    assert karat("keys", "revoke", made["id"], *data_dir).returncode == 0

    assert httpx.get(f"{own.url}/api/session", headers=headers).status_code == 401
    listed = json.loads(karat("keys", "list", "--json", *data_dir).stdout)
    (one,) = [key for key in listed if key["id"] == made["id"]]
    assert one["revoked_at"]
    assert "key" not in one


def test_a_key_of_a_role_may_what_the_role_may(karat: Karat, own: Served) -> None:
    key = karat("keys", "create", "--role", "annotator", "--data-dir", own.data_dir).stdout.strip()

    assert httpx.get(f"{own.url}/api/audit", headers={"Authorization": f"Bearer {key}"}).status_code == 403


def test_a_sign_in_link_finds_the_port_of_the_server_by_itself(karat: Karat, own: Served) -> None:
    link = karat("sign-in-link", "--data-dir", own.data_dir).stdout.strip()

    assert link.startswith(own.url)
    assert signs_in(link)


def test_a_port_in_use_is_said_in_one_line(karat: Karat, own: Served, tmp_path: Path) -> None:
    port = own.url.rsplit(":", 1)[1]

    done = karat("serve", "--data-dir", tmp_path / "other", "--port", port)

    assert done.returncode == 1
    assert "The port is taken by another program" in done.stderr
    assert port in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_mistyped_folder_does_not_become_an_installation(karat: Karat, tmp_path: Path) -> None:
    done = karat("keys", "create", "--data-dir", tmp_path / "mistyped")

    assert done.returncode == 1
    assert "There is no Karat in this folder" in done.stderr
    assert not (tmp_path / "mistyped").exists()


def test_a_setting_that_is_not_valid_is_named(karat: Karat, tmp_path: Path) -> None:
    done = karat("serve", "--data-dir", tmp_path / "data", KARAT_POOL_SIZE="many")

    assert done.returncode == 1
    assert "KARAT_POOL_SIZE" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_stops_cleanly_and_a_second_start_keeps_its_owner(karat: Karat, own: Served) -> None:
    key = (own.data_dir / "owner.key").read_text()
    assert own.stop() == 0
    assert not (own.data_dir / "postgres" / "postmaster.pid").exists()
    assert karat("keys", "list", "--data-dir", own.data_dir).returncode == 0  # without a server

    own.start()

    assert not [line for line in own.lines if "/sign-in#" in line]
    assert (own.data_dir / "owner.key").read_text() == key
    headers = {"Authorization": f"Bearer {key.strip()}"}
    assert httpx.get(f"{own.url}/api/projects", headers=headers).status_code == 200
