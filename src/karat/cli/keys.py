"""`keys`: API keys of the installation."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from karat.cli.shell import AsJson, DataDir, all_pages, open_here, run, show_json, show_table

if TYPE_CHECKING:
    from karat.access import Key, MadeKey

app = typer.Typer(no_args_is_help=True, help="API keys.")


@app.command("create")
def create(
    data_dir: DataDir = None,
    name: Annotated[str, typer.Option(help="What the key is for.")] = "command line",
    role: Annotated[
        str | None, typer.Option(help="A service user of this role gets the key; without it, the owner does.")
    ] = None,
    test: Annotated[bool, typer.Option("--test", help="A test key, which begins with test_.")] = False,
    scope: Annotated[str, typer.Option(help="What of the role it may use: read, label, manage or full.")] = "full",
    days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="Days after which it expires; never without.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it: this once, it is stored nowhere. Works beside a running server."""
    made = run(_create(data_dir, name, role, scope, days, test=test))
    if as_json:
        show_json(made)
    else:
        typer.echo(made.key)


async def _create(
    data_dir: Path | None, name: str, role: str | None, scope: str, days: int | None, *, test: bool
) -> "MadeKey":
    from datetime import timedelta

    from karat.access import NewKey, NewOwnKey, make_key, make_own_key
    from karat.cli.errors import RoleUnknown, ScopeUnknown
    from karat.kit import KEY_SCOPES, Role, Scope, utc_now

    if role is not None and role not in list(Role):
        raise RoleUnknown(role=role, known=[one.value for one in Role])
    if scope not in KEY_SCOPES:
        raise ScopeUnknown(scope=scope, known=[one.value for one in KEY_SCOPES])
    about = {
        "name": name,
        "test": test,
        "scope": Scope(scope),
        "expires_at": None if days is None else utc_now() + timedelta(days=days),
    }
    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        if role is None:
            return await make_own_key(db, here.caller, NewOwnKey.model_validate(about))
        return await make_key(db, here.caller, NewKey.model_validate(about | {"role": Role(role)}))


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The keys, newest first, without their secrets."""
    keys = run(_list(data_dir))
    if as_json:
        show_json(keys)
        return
    rows = [
        (
            one.id,
            one.name,
            one.role,
            one.scope,
            one.prefix,
            f"{one.created_at:%Y-%m-%d %H:%M}",
            _until(one),
        )
        for one in keys
    ]
    show_table(("id", "name", "role", "scope", "key", "made", ""), rows, "There are no keys.")


def _until(key: "Key") -> str:
    if key.revoked_at:
        return "revoked"
    return f"until {key.expires_at:%Y-%m-%d}" if key.expires_at else ""


async def _list(data_dir: Path | None) -> "list[Key]":
    from karat.access import list_keys

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        return await all_pages(lambda cursor: list_keys(db, here.caller, cursor, 500))


@app.command("revoke")
def revoke(key_id: Annotated[UUID, typer.Argument(help="From `karat keys list`.")], data_dir: DataDir = None) -> None:
    """Refuse a key from now on."""
    run(_revoke(data_dir, key_id))
    typer.echo(f"Key {key_id} is revoked.")


async def _revoke(data_dir: Path | None, key_id: UUID) -> None:
    from karat.access import revoke_key

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        await revoke_key(db, here.caller, key_id)
