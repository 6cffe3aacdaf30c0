"""API keys and roles: who gives what to whom, and that nothing of a key can be read again."""

import json

import pytest

from karat.kit import Role
from tests.support.world import Person, World

KEEPERS = [Role.OWNER, Role.ADMIN]


async def test_a_made_key_works_until_it_is_revoked(world: World) -> None:
    made = await world.owner.post("/api/keys", {"name": "Program", "role": "manager"})
    program = Person(world.owner.caller, made["key"], world.http)
    assert (await program.get("/api/session"))["role"] == "manager"
    assert (await world.owner.call("DELETE", f"/api/keys/{made['id']}")).status_code == 204
    refused = await program.call("GET", "/api/session")
    assert (refused.status_code, refused.json()["code"]) == (401, "access.unauthenticated")
    assert (await world.owner.call("DELETE", f"/api/keys/{made['id']}")).status_code == 204  # again: nothing to do


async def test_a_test_key_says_so_and_cannot_pass_for_another(world: World) -> None:
    made = await world.owner.post("/api/keys", {"name": "Trial", "role": "service", "test": True})
    assert made["key"].startswith("test_")
    assert made["test"]
    assert (await Person(world.owner.caller, made["key"], world.http).call("GET", "/api/session")).status_code == 200
    disguised = "karat_" + made["key"].removeprefix("test_")
    assert (await Person(world.owner.caller, disguised, world.http).call("GET", "/api/session")).status_code == 401
    disguised = "test_" + world.owner.key.removeprefix("karat_")
    assert (await Person(world.owner.caller, disguised, world.http).call("GET", "/api/session")).status_code == 401


async def test_no_answer_holds_a_secret_again(world: World) -> None:
    made = await world.owner.post("/api/keys", {"name": "Program", "role": "service"})
    secret = made["key"][-43:]  # it may hold an underscore itself
    for path in ("/api/keys", "/api/audit", "/api/members", "/api/session", "/api/jobs"):
        text = json.dumps(await world.owner.get(path))
        assert secret not in text
        assert world.owner.key not in text
    listed = (await world.owner.get("/api/keys"))["items"]
    assert all("key" not in one and "secret" not in json.dumps(one) for one in listed)


async def test_the_database_knows_no_secret(world: World) -> None:
    made = await world.owner.post("/api/keys", {"name": "Program", "role": "service"})
    secret = made["key"][-43:]  # it may hold an underscore itself
    async with world.engine.database.transaction(world.tenant_id) as db:
        rows = await db.fetch("SELECT t::text AS line FROM api_key t")
        entries = await db.fetch("SELECT e::text AS line FROM audit_entry e")
    assert len(rows) > 1
    assert not any(secret in row["line"] or secret.encode().hex() in row["line"] for row in [*rows, *entries])


@pytest.mark.parametrize("giver", KEEPERS)
@pytest.mark.parametrize("given_role", list(Role))
async def test_over_http_nobody_gives_a_role_above_their_own(world: World, giver: Role, given_role: Role) -> None:
    request = {"name": "Raised", "role": given_role}
    response = await world.people[giver].call("POST", "/api/keys", json=request)
    allowed = giver is Role.OWNER or given_role not in {Role.OWNER, Role.ADMIN}
    assert response.status_code == (201 if allowed else 403)
    if not allowed:
        assert response.json()["code"] == "access.role_not_grantable"


async def test_first_use_is_noted_and_the_next_ones_write_nothing(world: World) -> None:
    async def last_used() -> object:
        async with world.engine.database.transaction(world.tenant_id) as db:
            return await db.fetch_value(
                "SELECT last_used_at FROM api_key WHERE user_id = $1", world.annotator.caller.user_id
            )

    assert await last_used() is None
    await world.annotator.get("/api/session")
    first = await last_used()
    await world.annotator.get("/api/session")
    assert first is not None
    assert await last_used() == first
