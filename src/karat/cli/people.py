"""`people`: members of the installation, and letting them in."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karat.cli.given import record_of
from karat.cli.serving import URL_FILE
from karat.cli.shell import AsJson, DataDir, all_pages, open_here, run, show_json, show_table

if TYPE_CHECKING:
    from karat.access import Member
    from karat.access.people_types import MadeInvitation, MemberChange
    from karat.config import Settings
    from karat.database import Transaction
    from karat.kit import Role

app = typer.Typer(no_args_is_help=True, help="Members, invitations and reset links.")

Url = Annotated[str | None, typer.Option(help="Address of the server, where it is not found by itself.")]
Email = Annotated[str, typer.Argument(help="The member's e-mail address.")]
RoleName = Annotated[
    str | None, typer.Option("--role", help="owner, admin, manager, reviewer, annotator, auditor or service.")
]


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The members, newest first."""
    show_members(run(_list(data_dir)), as_json=as_json)


def show_members(members: "list[Member]", *, as_json: bool) -> None:
    """A table of them, or JSON."""
    if as_json:
        show_json(members)
        return
    rows = [
        (one.name, one.email, one.role, one.kind, ", ".join(group.name for group in one.groups), _state(one))
        for one in members
    ]
    show_table(("name", "e-mail", "role", "kind", "groups", ""), rows, "There are no members.")


def _state(member: "Member") -> str:
    if not member.active:
        return "deactivated"
    return f"seen {member.last_used_at:%Y-%m-%d %H:%M}" if member.last_used_at else "never came"


async def _list(data_dir: Path | None) -> "list[Member]":
    from karat.access.people import list_members

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        return await all_pages(lambda cursor: list_members(db, here.caller, cursor, 500))


@app.command("invite")
def invite(
    name: Annotated[str, typer.Argument(help="The person's name.")],
    email: Email,
    role: RoleName = "annotator",
    group: Annotated[list[str] | None, typer.Option(help="Id or name of a group to be in; may be repeated.")] = None,
    days: Annotated[int, typer.Option(min=1, max=60, help="Days for which the link is good.")] = 7,
    data_dir: DataDir = None,
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Print a link that makes somebody a member, once. Hand it over yourself: it is stored nowhere."""
    made = run(_invite(data_dir, name, email, role, group or [], days, url))
    if as_json:
        show_json(made)
    else:
        typer.echo(made.link)


async def _invite(
    data_dir: Path | None, name: str, email: str, role: str | None, groups: list[str], days: int, url: str | None
) -> "MadeInvitation":
    from karat.access import invitations
    from karat.access.people_types import NewInvitation
    from karat.cli.groups import find_group
    from karat.kit import Role, new_id, utc_now

    new = NewInvitation(name=name, email=_email(email), role=_role(role) or Role.ANNOTATOR, days=days)
    async with open_here(data_dir) as here:
        new = new.model_copy(update={"group_ids": [(await find_group(here, one)).id for one in groups]})
        base = server_address(here.engine.settings, url)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            return await invitations.invite(db, here.caller, new, new_id(), utc_now(), base)


@app.command("change")
def change(
    email: Email,
    role: RoleName = None,
    active: Annotated[
        bool | None, typer.Option("--activate/--deactivate", help="Whether the member may sign in and work.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The new name.")] = None,
    new_email: Annotated[str | None, typer.Option("--email", help="The new address to sign in with.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Change a member's role, name or address, or whether they may come in at all; it counts from now on."""
    from karat.access.people_types import MemberChange

    values = {"name": name, "role": _role(role), "active": active, "email": _email(new_email) if new_email else None}
    wanted = record_of(MemberChange, values)
    member = run(_change(data_dir, email, wanted))
    if as_json:
        show_json(member)
    else:
        typer.echo(f"{member.name} is {member.role}, {'active' if member.active else 'deactivated'}.")


async def _change(data_dir: Path | None, email: str, wanted: "MemberChange") -> "Member":
    from karat.access.people import change_member

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        member = await find_member(db, email)
        return await change_member(db, here.caller, member.user_id, wanted)


async def find_member(db: "Transaction", email: str) -> "Member":
    """Whoever has the address.

    Raises:
        MemberUnknown: nobody.
    """
    from karat.access import people_store
    from karat.cli.errors import MemberUnknown

    user_id = await people_store.find_by_email(db, email.strip())
    member = await people_store.find_member(db, user_id) if user_id else None
    if member is None:
        raise MemberUnknown(email=email)
    return member


def _role(name: str | None) -> "Role | None":
    from karat.cli.errors import RoleUnknown
    from karat.kit import Role

    if name is None:
        return None
    if name not in list(Role):
        raise RoleUnknown(role=name, known=[one.value for one in Role])
    return Role(name)


def _email(text: str) -> str:
    from pydantic import TypeAdapter, ValidationError

    from karat.access.types import Email as Address
    from karat.cli.errors import EmailInvalid

    try:
        return TypeAdapter(Address).validate_python(text)
    except ValidationError as error:
        raise EmailInvalid(email=text) from error


def server_address(settings: "Settings", url: str | None) -> str:
    """Where the server of this installation is reached."""
    if url is None:
        url = settings.public_url or f"http://{settings.host}:{settings.port}"
        if settings.public_url is None:
            with suppress(OSError):  # no server runs on the folder
                url = (settings.data_dir / URL_FILE).read_text().strip()
    return url.rstrip("/")
