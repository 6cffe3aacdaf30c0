"""`groups`: people who are meant together."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karat.cli.given import record_of, the_one
from karat.cli.people import find_member, show_members
from karat.cli.shell import AsJson, DataDir, Here, all_pages, open_here, run, show_json, show_table

if TYPE_CHECKING:
    from karat.access import Member
    from karat.access.people_types import Group

app = typer.Typer(no_args_is_help=True, help="Groups of members.")
Wanted = Annotated[str, typer.Argument(metavar="GROUP", help="Id or name of the group.")]
Emails = Annotated[list[str], typer.Argument(metavar="EMAIL…", help="Addresses of members.")]


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The groups, newest first."""
    found = run(_list(data_dir))
    if as_json:
        show_json(found)
    else:
        show_table(("id", "name", "members"), [(one.id, one.name, one.n_members) for one in found], "No groups.")


async def _list(data_dir: Path | None) -> "list[Group]":
    async with open_here(data_dir) as here:
        return await groups_of(here)


async def groups_of(here: Here) -> "list[Group]":
    """All of them."""
    from karat.access.people import list_groups

    async with here.engine.database.transaction(here.caller.tenant_id) as db:
        return await all_pages(lambda cursor: list_groups(db, here.caller, cursor, 500))


async def find_group(here: Here, wanted: str) -> "Group":
    """The group of this id or name.

    Raises:
        GroupNotFound: there is none.
    """
    from karat.access.errors import GroupNotFound

    return the_one(await groups_of(here), wanted, lambda: GroupNotFound(group=wanted))


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What to call it.")], data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Make a group without members."""
    _show(run(_name(data_dir, None, name)), as_json=as_json)


@app.command("rename")
def rename(
    wanted: Wanted,
    name: Annotated[str, typer.Argument(help="The new name.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Give a group another name."""
    _show(run(_name(data_dir, wanted, name)), as_json=as_json)


def _show(group: "Group", *, as_json: bool) -> None:
    if as_json:
        show_json(group)
    else:
        typer.echo(f"{group.id}  {group.name}")


async def _name(data_dir: Path | None, wanted: str | None, name: str) -> "Group":
    from karat.access.people import make_group, rename_group
    from karat.access.people_types import NewGroup
    from karat.kit import new_id

    new = record_of(NewGroup, {"name": name})
    async with open_here(data_dir) as here:
        group = await find_group(here, wanted) if wanted else None
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            if group is None:
                return await make_group(db, here.caller, new, new_id())
            return await rename_group(db, here.caller, group.id, new)


@app.command("delete")
def delete(wanted: Wanted, data_dir: DataDir = None) -> None:
    """Delete a group; its members stay."""
    run(_delete(data_dir, wanted))
    typer.echo("Deleted.")


async def _delete(data_dir: Path | None, wanted: str) -> None:
    from karat.access.people import delete_group

    async with open_here(data_dir) as here:
        group = await find_group(here, wanted)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            await delete_group(db, here.caller, group.id)


@app.command("members")
def members(wanted: Wanted, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Who is in a group."""
    show_members(run(_members(data_dir, wanted)), as_json=as_json)


async def _members(data_dir: Path | None, wanted: str) -> "list[Member]":
    from karat.access.people import list_group_members

    async with open_here(data_dir) as here:
        group = await find_group(here, wanted)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            return await all_pages(lambda cursor: list_group_members(db, here.caller, group.id, cursor, 500))


@app.command("add")
def add(wanted: Wanted, emails: Emails, data_dir: DataDir = None) -> None:
    """Put members into a group: all of them, or nobody."""
    run(_move(data_dir, wanted, emails, joins=True))
    typer.echo(f"{len(emails)} in.")


@app.command("remove")
def remove(wanted: Wanted, emails: Emails, data_dir: DataDir = None) -> None:
    """Take members out of a group: all of them, or nobody."""
    run(_move(data_dir, wanted, emails, joins=False))
    typer.echo(f"{len(emails)} out.")


async def _move(data_dir: Path | None, wanted: str, emails: list[str], *, joins: bool) -> None:
    from karat.access.people import join_group, leave_group

    move = join_group if joins else leave_group
    async with open_here(data_dir) as here:
        group = await find_group(here, wanted)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            for email in emails:
                await move(db, here.caller, group.id, (await find_member(db, email)).user_id)
