"""`invitations`: who was let in and has not come yet. `karat people invite` makes one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karat.cli.people import Url, server_address
from karat.cli.shell import AsJson, DataDir, Here, all_pages, open_here, run, show_json, show_table

if TYPE_CHECKING:
    from karat.access.people_types import Invitation, MadeInvitation

app = typer.Typer(no_args_is_help=True, help="Invitations; `karat people invite` makes one.")
Wanted = Annotated[str, typer.Argument(metavar="INVITATION", help="Id of the invitation, or the address invited.")]


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The invitations, newest first, and what has become of each; without their links."""
    found = run(_list(data_dir))
    if as_json:
        show_json(found)
        return
    rows = [
        (one.id, one.name, one.email, one.role, one.state, f"{one.expires_at:%Y-%m-%d %H:%M}", one.invited_by_name)
        for one in found
    ]
    show_table(("id", "name", "e-mail", "role", "state", "until", "by"), rows, "Nobody was invited.")


async def _list(data_dir: Path | None) -> "list[Invitation]":
    async with open_here(data_dir) as here:
        return await _all(here)


async def _all(here: Here) -> "list[Invitation]":
    from karat.access.invitations import list_invitations
    from karat.kit import utc_now

    now = utc_now()
    async with here.engine.database.transaction(here.caller.tenant_id) as db:
        return await all_pages(lambda cursor: list_invitations(db, here.caller, cursor, 500, now))


async def _find(here: Here, wanted: str) -> "Invitation":
    """By its id, or the newest of an address.

    Raises:
        InvitationNotFound: there is none.
    """
    from karat.access.errors import InvitationNotFound

    found = [one for one in await _all(here) if wanted.strip().lower() in (str(one.id), one.email.lower())]
    if not found:
        raise InvitationNotFound(invitation=wanted)
    return found[0]


@app.command("renew")
def renew(
    wanted: Wanted,
    days: Annotated[int, typer.Option(min=1, max=60, help="Days for which the link is good.")] = 7,
    data_dir: DataDir = None,
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Print a new link for an invitation; the old one is void."""
    made = run(_renew(data_dir, wanted, days, url))
    if as_json:
        show_json(made)
    else:
        typer.echo(made.link)


async def _renew(data_dir: Path | None, wanted: str, days: int, url: str | None) -> "MadeInvitation":
    from karat.access import invitations
    from karat.access.people_types import Renewal
    from karat.kit import utc_now

    async with open_here(data_dir) as here:
        found = await _find(here, wanted)
        base = server_address(here.engine.settings, url)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            return await invitations.reissue(db, here.caller, found.id, Renewal(days=days), utc_now(), base)


@app.command("revoke")
def revoke(wanted: Wanted, data_dir: DataDir = None) -> None:
    """Take an invitation back."""
    found = run(_revoke(data_dir, wanted))
    typer.echo(f"The invitation of {found.email} is taken back.")


async def _revoke(data_dir: Path | None, wanted: str) -> "Invitation":
    from karat.access import invitations
    from karat.kit import utc_now

    async with open_here(data_dir) as here:
        found = await _find(here, wanted)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            await invitations.revoke(db, here.caller, found.id, utc_now())
        return found
