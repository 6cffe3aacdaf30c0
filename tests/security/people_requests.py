"""Valid requests for the routes of people and of one's own account."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyotp

from karat.access import proof_store, store
from karat.access.passkeys import NewPasskey
from karat.access.passwords import hash_password
from karat.kit import new_id
from tests.security.request import Request
from tests.support.authenticator import Authenticator
from tests.support.world import Person, World, browser_session

if TYPE_CHECKING:
    from tests.security.scene import Scene

PASSWORD = "correct horse battery staple"
OF_A_BROWSER = "http://localhost"


async def people_ids(world: World) -> dict[str, str]:
    """One of each thing that has to do with people; a group stands before its members, as in paths."""
    person = await world.another()
    await browser_session(world.engine, person)
    own_key = await person.post("/api/me/keys", {"name": "own"})
    async with world.engine.database.transaction(world.tenant_id) as db:
        session_id = await db.fetch_value("SELECT id FROM session WHERE user_id = $1", person.caller.user_id)
    return {
        "group_id": (await world.owner.post("/api/groups", {"name": "Night shift"}))["id"],
        "user_id": str(person.caller.user_id),
        "invitation_id": (await world.owner.post("/api/invitations", new_invitation()))["id"],
        "session_id": str(session_id),
        "own_key_id": own_key["id"],
        "passkey_id": str(await _add_passkey(world, person)),
    }


def new_invitation() -> dict[str, Any]:
    """The body of an invitation that every lead may make."""
    return {"name": "Ada", "email": f"{uuid4().hex}@example.org", "role": "annotator", "group_ids": [], "days": 3}


async def _add_passkey(world: World, person: Person) -> Any:
    made = NewPasskey(credential_id=new_id().bytes, public_key=b"k", sign_count=0, backed_up=False)
    async with world.engine.database.transaction(world.tenant_id) as db:
        await proof_store.add_passkey(db, person.caller.user_id, "Spare", "localhost", made)
        return await proof_store.add_passkey(
            db,
            person.caller.user_id,
            "Laptop",
            "localhost",
            NewPasskey(credential_id=new_id().bytes, public_key=b"k", sign_count=0, backed_up=False),
        )


def just(**json: Any) -> "Maker":
    """The same body for everybody."""
    return lambda scene, person: Request({}, {"json": json})


async def _named(scene: "Scene", _: Person) -> Request:
    return Request({}, {"json": {"name": str(uuid4())}})


async def _change_me(scene: "Scene", _: Person) -> Request:
    return Request({}, {"json": {"name": "Somebody", "email": f"{uuid4().hex}@example.org"}})


async def _forgiven(scene: "Scene") -> None:
    """Wrong guesses of earlier tests are forgotten."""
    async with scene.world.engine.database.transaction(None) as db:
        await db.execute("DELETE FROM throttle")


async def _proof(scene: "Scene", person: Person) -> Request:
    await _forgiven(scene)
    argon2 = await hash_password(PASSWORD)
    async with scene.world.engine.database.transaction(scene.world.tenant_id) as db:
        await proof_store.set_password(db, person.caller.user_id, argon2)
    return Request({}, {"json": {"password": PASSWORD}})


async def _password(scene: "Scene", person: Person) -> Request:
    await _proof(scene, person)
    return Request({}, {"json": {"current": PASSWORD, "new": "another long enough phrase"}})


async def _new_passkey(scene: "Scene", person: Person) -> Request:
    asked = await person.post("/api/me/passkey-options")
    credential = Authenticator(OF_A_BROWSER).create(asked["options"])
    return Request({}, {"json": {"token": asked["token"], "credential": credential, "name": "Phone"}})


async def _own_passkey(scene: "Scene", person: Person) -> Request:
    return Request({"passkey_id": str(await _add_passkey(scene.world, person))}, {})


async def _renamed_passkey(scene: "Scene", person: Person) -> Request:
    found = await _own_passkey(scene, person)
    return Request(found.params, {"json": {"name": "Phone"}})


async def _no_app(scene: "Scene", person: Person) -> Request:
    await _forgiven(scene)
    async with scene.world.engine.database.transaction(scene.world.tenant_id) as db:
        await proof_store.remove_app(db, person.caller.user_id)
    return Request({}, {})


async def _waiting_app(scene: "Scene", person: Person) -> Request:
    await _no_app(scene, person)
    setup = await person.post("/api/me/authenticator")
    return Request({}, {"json": {"code": pyotp.TOTP(setup["secret"]).now()}})


async def _with_app(scene: "Scene", person: Person) -> Request:
    one = await _waiting_app(scene, person)
    await person.post("/api/me/authenticator/confirm", one.sent["json"])
    await person.begin_session(scene.world.engine)  # with the first code the session got a new secret
    return Request({}, {})


async def _own_session(scene: "Scene", person: Person) -> Request:
    session_id = new_id()
    async with scene.world.engine.database.transaction(scene.world.tenant_id) as db:
        ends_at = await db.fetch_value("SELECT now() + interval '1 hour'")
        await store.add_session(db, session_id, person.caller.user_id, session_id.bytes, ends_at)
    return Request({"session_id": str(session_id)}, {})


async def _own_key(scene: "Scene", person: Person) -> Request:
    return Request({"own_key_id": (await person.post("/api/me/keys", {"name": "spare"}))["id"]}, {})


async def _spare_invitation(scene: "Scene", _: Person) -> Request:
    made = await scene.world.owner.post("/api/invitations", new_invitation())
    return Request({"invitation_id": made["id"]}, {"json": {"days": 2}})


async def _revocable_invitation(scene: "Scene", person: Person) -> Request:
    return Request((await _spare_invitation(scene, person)).params, {})


async def _spare_group(scene: "Scene", _: Person) -> Request:
    made = await scene.world.owner.post("/api/groups", {"name": str(uuid4())})
    return Request({"group_id": made["id"]}, {})


async def _renamed_group(scene: "Scene", person: Person) -> Request:
    found = await _spare_group(scene, person)
    return Request(found.params, {"json": {"name": str(uuid4())}})


Maker = Callable[["Scene", Person], "Request | Awaitable[Request]"]
PEOPLE: dict[tuple[str, str], Maker] = {
    ("PATCH", "/api/me"): _change_me,
    ("POST", "/api/me/proof"): _proof,
    ("PUT", "/api/me/password"): _password,
    ("POST", "/api/me/passkeys"): _new_passkey,
    ("PATCH", "/api/me/passkeys/{passkey_id}"): _renamed_passkey,
    ("DELETE", "/api/me/passkeys/{passkey_id}"): _own_passkey,
    ("POST", "/api/me/authenticator"): _no_app,
    ("POST", "/api/me/authenticator/confirm"): _waiting_app,
    ("DELETE", "/api/me/authenticator"): _with_app,
    ("POST", "/api/me/recovery-codes"): _with_app,
    ("DELETE", "/api/me/sessions/{session_id}"): _own_session,
    ("POST", "/api/me/keys"): just(name="own", scope="read"),
    ("DELETE", "/api/me/keys/{own_key_id}"): _own_key,
    ("PATCH", "/api/members/{user_id}"): just(name="Renamed", role="annotator", active=True, group_ids=[]),
    ("POST", "/api/members/{user_id}/reset-link"): just(second_factor=False),
    ("POST", "/api/invitations"): lambda scene, person: Request({}, {"json": new_invitation()}),
    ("POST", "/api/invitations/{invitation_id}/link"): _spare_invitation,
    ("DELETE", "/api/invitations/{invitation_id}"): _revocable_invitation,
    ("POST", "/api/groups"): _named,
    ("PATCH", "/api/groups/{group_id}"): _renamed_group,
    ("DELETE", "/api/groups/{group_id}"): _spare_group,
    ("PATCH", "/api/tenant"): just(name="Tenant", second_factor_required=False),
}
