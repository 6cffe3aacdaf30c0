"""`people reset-link`, `people sign-out`, `people rules`: how members sign in, and how they are signed out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from karat.cli.given import record_of, without_none
from karat.cli.people import Email, Url, app, find_member, server_address
from karat.cli.shell import AsJson, DataDir, open_here, run, show_json

if TYPE_CHECKING:
    from karat.access import Member
    from karat.access.people_types import ResetLink, TenantSettings


@app.command("reset-link")
def reset_link(
    email: Email,
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Also take away authenticator app and passkeys: the device is lost.")
    ] = False,
    data_dir: DataDir = None,
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Print a link that lets a member set a new password, once, within a day. Works for owners, too."""
    made = run(_reset_link(data_dir, email, url, second_factor=second_factor))
    if as_json:
        show_json(made)
    else:
        typer.echo(made.link)


async def _reset_link(data_dir: Path | None, email: str, url: str | None, *, second_factor: bool) -> "ResetLink":
    from karat.access import resets
    from karat.access.people_types import NewResetLink

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        base = server_address(here.engine.settings, url)
        member = await find_member(db, email)
        new = NewResetLink(second_factor=second_factor)
        return await resets.make_reset_link(db, here.caller, member, new, base)


@app.command("sign-out")
def sign_out(email: Email, data_dir: DataDir = None) -> None:
    """End all sessions of a member; keys stay, as does the right to sign in again."""
    member = run(_sign_out(data_dir, email))
    typer.echo(f"{member.name} is signed out everywhere.")


async def _sign_out(data_dir: Path | None, email: str) -> "Member":
    from karat.access.people import end_sessions_of

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        member = await find_member(db, email)
        await end_sessions_of(db, here.caller, member.user_id)
        return member


@app.command("rules")
def rules(
    name: Annotated[str | None, typer.Option(help="Another name of the organisation.")] = None,
    second_factor: Annotated[
        bool | None, typer.Option("--second-factor/--no-second-factor", help="Whether everybody needs one to sign in.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """The organisation and its rules of signing in; with options, what is to be otherwise from now on."""
    found = run(_rules(data_dir, without_none(name=name, second_factor_required=second_factor)))
    if as_json:
        show_json(found)
    else:
        needed = "is" if found.second_factor_required else "is not"
        typer.echo(f"{found.name} ({found.slug}): a second factor {needed} required.")


async def _rules(data_dir: Path | None, change: dict[str, Any]) -> "TenantSettings":
    from karat.access.people import change_tenant, tenant_settings
    from karat.access.people_types import TenantChange

    wanted = record_of(TenantChange, change)
    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        if change:
            return await change_tenant(db, here.caller, wanted)
        return await tenant_settings(db, here.caller)
