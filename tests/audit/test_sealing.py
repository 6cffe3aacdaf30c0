"""The record in the database: entries exist exactly with their change, and what was sealed cannot be altered unseen."""

from typing import Any

import asyncpg
import pytest

from karat import audit
from karat.audit.chain import ChainReport, Seal
from karat.audit.sealing import last_seal, seal_entries, verify
from karat.errors import NotAllowed
from tests.security.owner import owner_dsn
from tests.support.world import World, answer

pytestmark = pytest.mark.requirement("SEC-6")


async def write(world: World, n: int) -> None:
    async with world.engine.database.transaction(world.tenant_id) as db:
        for number in range(n):
            await audit.record(db, world.owner.caller, "test.done", f"thing {number}", number=number)


async def seal(world: World) -> Seal:
    async with world.engine.database.transaction(world.tenant_id) as db:
        await seal_entries(db, world.engine.private_key)
        made = await last_seal(db, world.owner.caller)
    assert made is not None
    return made


async def report(world: World, checkpoint: Seal | None = None) -> ChainReport:
    async with world.engine.database.transaction(world.tenant_id) as db:
        return await verify(db, world.owner.caller, world.engine.public_key, checkpoint)


async def tamper(world: World, sql: str) -> None:
    """What somebody does who owns the database; the application's own role may not."""
    owner = await asyncpg.connect(owner_dsn(world.engine))
    try:
        assert await owner.fetchval("SELECT current_user") != "karat_app"
        async with owner.transaction():
            await owner.execute("SELECT set_config('app.tenant', $1, true)", str(world.tenant_id))
            assert (await owner.execute(sql)).split()[-1] != "0", "nothing was touched"
    finally:
        await owner.close()


async def actions(world: World) -> list[str]:
    async with world.engine.database.transaction(world.tenant_id) as db:
        return [row["action"] for row in await db.fetch("SELECT action FROM audit_entry ORDER BY id")]


async def test_what_is_done_over_the_api_is_written_down_and_what_is_refused_is_not(world: World) -> None:
    project = await world.text_project(1)
    work = await world.take(world.annotator, project)
    await world.annotator.post(f"/api/assignments/{work['assignment_id']}/submission", answer(work))
    key = await world.owner.post("/api/keys", {"name": "Program", "role": "service"})
    await world.owner.call("DELETE", f"/api/keys/{key['id']}")
    done = await actions(world)
    assert done == [
        "dataset.created",
        "import.started",
        "project.created",
        "task.submitted",
        "key.created",
        "key.revoked",
    ]
    await world.annotator.call("POST", "/api/keys", json={"name": "No", "role": "service"})
    await world.owner.call("POST", "/api/datasets", json={"name": "", "modality": "text"})
    await world.annotator.call("POST", f"/api/assignments/{work['assignment_id']}/submission", json=answer(work))
    assert await actions(world) == done


async def test_an_entry_is_gone_when_its_change_is(world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        async with world.engine.database.transaction(world.tenant_id) as db:
            await audit.record(db, world.owner.caller, "test.done", "thing")
            raise ZeroDivisionError
    assert await actions(world) == []


async def test_sealing_chains_what_is_there_and_goes_on_where_it_ended(world: World) -> None:
    await write(world, 3)
    assert (await report(world)).n_entries == 0
    assert (await seal(world)).last_position == 3
    await write(world, 2)
    second = await seal(world)
    assert (second.first_position, second.last_position) == (4, 5)
    assert await seal(world) == second  # nothing new, nothing sealed
    found = await report(world, second)
    assert (found.n_entries, found.broken) == (5, None)
    listed = await world.owner.get("/api/audit")
    assert [one["position"] for one in listed["items"]] == [5, 4, 3, 2, 1]
    assert all(one["sealed"] for one in listed["items"])


@pytest.mark.parametrize(
    ("sql", "position", "code"),
    [
        ("UPDATE audit_entry SET data = '{\"number\": 99}' WHERE position = 3", 3, "entry.changed"),
        ("UPDATE audit_entry SET action = 'test.undone' WHERE position = 1", 1, "entry.changed"),
        ("UPDATE audit_entry SET at = at - interval '1 day' WHERE position = 6", 6, "entry.changed"),
        ("UPDATE audit_entry SET actor_id = NULL WHERE position = 2", 2, "entry.changed"),
        ("DELETE FROM audit_entry WHERE position = 4", 4, "entry.removed"),
        ("DELETE FROM audit_entry WHERE position = 6", 6, "tail.removed"),
        ("UPDATE audit_seal SET head_sha256 = sha256('x') WHERE last_position = 6", 1, "seal.forged"),
    ],
)
async def test_one_row_that_was_touched_is_found(world: World, sql: str, position: int, code: str) -> None:
    await write(world, 6)
    await seal(world)
    await tamper(world, sql)
    broken = (await report(world)).broken
    assert broken is not None
    assert (broken.position, broken.code) == (position, code)


async def test_a_tail_that_was_cut_with_its_seal_shows_against_a_checkpoint_alone(world: World) -> None:
    await write(world, 3)
    await seal(world)
    await write(world, 3)
    checkpoint = await seal(world)
    await tamper(world, "DELETE FROM audit_entry WHERE position > 3")
    await tamper(world, "DELETE FROM audit_seal WHERE first_position > 3")
    assert (await report(world)).broken is None  # a chain alone cannot know
    broken = (await report(world, checkpoint)).broken
    assert broken is not None
    assert (broken.position, broken.code) == (4, "tail.removed")


async def test_the_checkpoint_of_the_api_is_the_newest_seal(world: World) -> None:
    assert await world.owner.get("/api/audit/checkpoint") is None
    await write(world, 2)
    made = await seal(world)
    assert Seal.model_validate(await world.owner.get("/api/audit/checkpoint")) == made


@pytest.mark.parametrize(
    "sql", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry", "DELETE FROM audit_seal"]
)
async def test_the_application_itself_cannot_rewrite_the_record(world: World, sql: str) -> None:
    await write(world, 1)
    await seal(world)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.engine.database.transaction(world.tenant_id) as db:
            await db.execute(sql)


async def test_the_record_of_one_tenant_has_nothing_of_another(world: World, http: Any) -> None:
    from tests.support.world import make_world

    stranger = await make_world(world.engine, http)
    await write(world, 2)
    await write(stranger, 3)
    ours, theirs = await seal(world), await seal(stranger)
    assert (ours.last_position, theirs.last_position) == (2, 3)
    broken = (await report(world, theirs)).broken
    assert broken is not None
    assert broken.code == "seal.forged"


async def test_only_who_may_see_the_record_verifies_it(world: World) -> None:
    with pytest.raises(NotAllowed):
        async with world.engine.database.transaction(world.tenant_id) as db:
            await verify(db, world.manager.caller, world.engine.public_key)
