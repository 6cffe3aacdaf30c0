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
    assert {("ada@example.org", "manager"), (None, "owner")} <= {(one["email"], one["role"]) for one in listed}

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


def test_groups_and_invitations_are_kept_from_the_shell(karat: Karat, served: Served, http: httpx.Client) -> None:
    folder = ("--data-dir", served.data_dir)
    assert karat("groups", "create", "Night shift", *folder).returncode == 0
    invite = ("people", "invite", "Bea", "bea@example.org", "--group", "Night shift", *folder)
    first = karat(*invite).stdout.strip()
    twice = karat(*invite)
    assert twice.returncode == 1 and "invitation" in twice.stderr
    link = karat("invitations", "renew", "BEA@example.org", "--days", "1", *folder).stdout.strip()
    old, new = (http.post("/api/invitation", json={"code": one.split("#")[1]}).status_code for one in (first, link))
    assert (old, new) == (404, 200)
    http.post("/api/invitation/accept", json={"code": link.split("#")[1], "password": PASSWORD}).raise_for_status()
    (accepted,) = json.loads(karat("invitations", "list", "--json", *folder).stdout)[:1]
    assert (accepted["email"], accepted["state"]) == ("bea@example.org", "accepted")
    closed = karat("invitations", "revoke", accepted["id"], *folder)
    assert closed.returncode == 1 and "accepted" in closed.stderr

    assert "bea@example.org" in karat("groups", "members", "Night shift", *folder).stdout
    assert karat("groups", "remove", "Night shift", "bea@example.org", *folder).returncode == 0
    nobody = karat("groups", "add", "Night shift", "bea@example.org", "none@example.org", *folder)
    assert nobody.returncode == 1 and "No member has this e-mail address" in nobody.stderr
    assert json.loads(karat("groups", "list", "--json", *folder).stdout)[0]["n_members"] == 0  # all, or nobody
    assert "signed out" in karat("people", "sign-out", "bea@example.org", *folder).stdout
    assert karat("people", "change", "bea@example.org", "--name", "Beatrice", *folder).stdout.startswith("Beatrice")
    assert json.loads(karat("people", "rules", "--second-factor", "--json", *folder).stdout)["second_factor_required"]
    assert "is not required" in karat("people", "rules", "--no-second-factor", *folder).stdout
    assert karat("groups", "delete", "Night shift", *folder).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("people", "invite", "Ada", "no address"), "This is no e-mail address."),
        (("people", "invite", "Ada", "b@example.org", "--role", "boss"), "There is no such role."),
        (("people", "reset-link", "nobody@example.org"), "No member has this e-mail address"),
        (("people", "invite", "Ada", "b@example.org", "--group", "none"), "There is no such group."),
        (("invitations", "renew", "nobody@example.org"), "There is no such invitation."),
        (("people", "change", "nobody@example.org", "--name", " "), "name"),
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
