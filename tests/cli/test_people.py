"""`people` and `keys`: whoever owns the data folder lets people in, and back in."""

import json

import httpx
import pytest

from tests.cli.conftest import Karat, Served

PASSWORD = "correct horse battery staple"


@pytest.fixture
def http(served: Served) -> httpx.Client:
    return httpx.Client(base_url=served.url, timeout=30)


def test_somebody_is_invited_changed_and_let_back_in(karat: Karat, served: Served, http: httpx.Client) -> None:
    folder = ("--data-dir", served.data_dir)
    link = karat("people", "invite", "Ada", "ada@example.org", "--role", "manager", *folder).stdout.strip()
    assert link.startswith(f"{served.url}/invitation#")
    body = {"code": link.split("#")[1], "password": PASSWORD}
    assert http.post("/api/invitation/accept", json=body).json()["role"] == "manager"
    listed = json.loads(karat("people", "list", "--json", *folder).stdout)
    assert [(one["email"], one["role"]) for one in listed] == [("ada@example.org", "manager"), (None, "owner")]

    changed = karat("people", "change", "ADA@example.org", "--role", "reviewer", *folder)
    assert changed.stdout == "Ada is reviewer, active.\n"
    made = karat("people", "reset-link", "ada@example.org", "--second-factor", *folder)
    assert made.returncode == 0, made.stderr
    link = made.stdout.strip()
    reset = {"code": link.split("#")[1], "password": "another long enough phrase"}
    assert http.post("/api/reset/password", json=reset).status_code == 204
    assert "deactivated" in karat("people", "change", "ada@example.org", "--deactivate", *folder).stdout
    assert "deactivated" in karat("people", "list", *folder).stdout
    sign_in = {"email": "ada@example.org", "password": reset["password"]}
    assert http.post("/api/sign-in", json=sign_in).status_code == 401
    karat("people", "change", "ada@example.org", "--activate", *folder)
    assert http.post("/api/sign-in", json=sign_in).json()["session"]["role"] == "reviewer"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("people", "invite", "Ada", "no address"), "This is no e-mail address."),
        (("people", "invite", "Ada", "b@example.org", "--role", "boss"), "There is no such role."),
        (("people", "reset-link", "nobody@example.org"), "No member has this e-mail address"),
        (("keys", "create", "--scope", "everything"), "There is no such scope of a key."),
    ],
)
def test_what_is_wrong_is_one_clear_line(karat: Karat, served: Served, arguments: tuple[str, ...], said: str) -> None:
    done = karat(*arguments, "--data-dir", served.data_dir)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_key_is_made_for_a_while_and_for_reading(karat: Karat, served: Served, http: httpx.Client) -> None:
    made = karat("keys", "create", "--scope", "read", "--days", "7", "--json", "--data-dir", served.data_dir)
    key = json.loads(made.stdout)
    assert (key["scope"], key["role"], key["personal"]) == ("read", "owner", True)
    assert key["expires_at"] is not None
    http.headers["Authorization"] = f"Bearer {key['key']}"
    assert http.get("/api/projects").status_code == 200
    refused = http.post("/api/datasets", json={"name": "x", "modality": "text"})
    assert refused.json()["code"] == "access.scope_too_narrow"
    listed = karat("keys", "list", "--data-dir", served.data_dir).stdout
    assert "read" in listed and "until" in listed
