"""Texts of people: names, addresses, groups, invitations, keys, passkeys, the organisation."""

from uuid import UUID, uuid4

import httpx

from karat.kit import Role
from tests.browser.planting.planter import Planter, Screen
from tests.support.authenticator import Authenticator
from tests.support.world import Person

PASSWORD = "a phrase that nobody has guessed"


async def plant_people(planter: Planter) -> list[Screen]:
    """All of them; the owner is signed in in a browser from then on."""
    world, owner = planter.world, planter.owner
    await owner.begin_session(world.engine)
    await planter.change("/api/me", name=planter.text("PATCH /api/me name"), email=planter.text("PATCH /api/me email"))
    await planter.change("/api/tenant", name=planter.text("PATCH /api/tenant name"))
    await owner.post("/api/groups", {"name": planter.text("POST /api/groups name")})
    group = await owner.post("/api/groups", {"name": "Day shift"})
    await planter.change(f"/api/groups/{group['id']}", name=planter.text("PATCH /api/groups/{group_id} name"))
    invited = {name: planter.text(f"POST /api/invitations {name}") for name in ("name", "email")}
    await owner.post("/api/invitations", {**invited, "group_ids": [group["id"]]})
    member = str(world.annotator.caller.user_id)
    changed = {name: planter.text(f"PATCH /api/members/{{user_id}} {name}") for name in ("name", "email")}
    await planter.change(f"/api/members/{member}", **changed, group_ids=[group["id"]])
    await owner.post("/api/keys", {"name": planter.text("POST /api/keys name")})
    await owner.post("/api/me/keys", {"name": planter.text("POST /api/me/keys name")})
    newcomer = await _passkeys(planter)
    return [
        Screen("security of a newcomer", "/settings/security", who=newcomer),
        Screen("people", "/people"),
        Screen("member", f"/people?member={member}"),
        Screen("invitations", "/people?part=invitations"),
        Screen("groups", "/people?part=groups"),
        Screen("settings", "/settings"),
        Screen("security", "/settings/security"),
        Screen("keys", "/settings/keys"),
        Screen("organisation", "/settings/organisation"),
    ]


async def _passkeys(planter: Planter) -> Person:
    """Passkeys, the owner's and that of somebody who came with one: that person.

    They are made under a name and not under a number, so this goes to the server as `localhost`.
    """
    url = str(planter.owner.http.base_url).replace("127.0.0.1", "localhost").rstrip("/")
    async with httpx.AsyncClient(base_url=url, timeout=30) as named:
        owner = Person(planter.owner.caller, planter.owner.key, named)
        await _add(planter, owner, planter.text("POST /api/me/passkeys name"))
        made = await _add(planter, owner, "Phone")
        await owner.begin_session(planter.world.engine)  # adding one has changed its secret
        path = f"/api/me/passkeys/{made['id']}"
        renamed = {"name": planter.text("PATCH /api/me/passkeys/{passkey_id} name")}
        assert (await owner.call("PATCH", path, json=renamed)).is_success
        code = await _invite(planter)
        asked = (await named.post("/api/invitation/passkey/options", json={"code": code})).json()
        passkey = {"token": asked["token"], "credential": Authenticator(url).create(asked["options"])}
        passkey["name"] = planter.text("POST /api/invitation/accept passkey.name")
        came = (await named.post("/api/invitation/accept", json={"code": code, "passkey": passkey})).json()
        name = planter.text("POST /api/invitation/accept name")
        body = {"code": await _invite(planter), "name": name, "password": PASSWORD}
        assert (await named.post("/api/invitation/accept", json=body)).is_success
    caller = planter.owner.caller.model_copy(update={"user_id": UUID(came["user"]["id"]), "role": Role.REVIEWER})
    return Person(caller, "", planter.owner.http)


async def _invite(planter: Planter) -> str:
    body = {"name": "Ada", "email": f"{uuid4().hex}@example.org", "role": "reviewer"}
    return str((await planter.owner.post("/api/invitations", body))["code"])


async def _add(planter: Planter, owner: Person, name: str) -> dict[str, str]:
    await owner.begin_session(planter.world.engine)
    asked = await owner.post("/api/me/passkey-options")
    credential = Authenticator(str(owner.http.base_url).rstrip("/")).create(asked["options"])
    return dict(await owner.post("/api/me/passkeys", {"token": asked["token"], "credential": credential, "name": name}))
