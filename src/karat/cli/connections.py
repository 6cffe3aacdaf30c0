"""`connections`: buckets that data are read from."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from karat.cli.given import json_of, record_of, the_one, without_none
from karat.cli.shell import AsJson, DataDir, Here, all_pages, open_here, run, show_faults, show_json, show_table

if TYPE_CHECKING:
    from karat.storage.connection_types import Connection, ConnectionTest

app = typer.Typer(no_args_is_help=True, help="Connected buckets.")
Wanted = Annotated[str, typer.Argument(metavar="CONNECTION", help="Id or name of the connection.")]
Secret = Annotated[
    Path | None,
    typer.Option(
        help="JSON file of credentials, - for standard input: access_key_id, secret_access_key and session_token; or"
        " service_account_key; or account_key or sas_token."
    ),
]
Prefix = Annotated[str | None, typer.Option(help="Beginning of all keys that may be read.")]
Region = Annotated[str | None, typer.Option(help="Of S3.")]
Endpoint = Annotated[str | None, typer.Option(help="Of an S3 that is not Amazon's: https://minio.lan:9000")]
Key = Annotated[str | None, typer.Option(help="The object to read; else the first of the list.")]


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The connected buckets, newest first, without their credentials."""
    found = run(_list(data_dir))
    if as_json:
        show_json(found)
        return
    rows = [
        (one.id, one.name, one.kind, f"{one.bucket}/{one.prefix}", one.secret_hint, one.n_references, _state(one))
        for one in found
    ]
    columns = ("id", "name", "kind", "bucket", "credentials", "in place", "last test")
    show_table(columns, rows, "No bucket is connected.")


def _state(connection: "Connection") -> str:
    if connection.test is None:
        return ""
    said = "ok" if connection.test.ok else connection.test.faults[0].message if connection.test.faults else "failed"
    return f"{connection.tested_at:%Y-%m-%d %H:%M}: {said}"


async def _list(data_dir: Path | None) -> "list[Connection]":
    async with open_here(data_dir) as here:
        return await connections_of(here)


async def connections_of(here: Here) -> "list[Connection]":
    """All of them."""
    from karat.storage.connections import list_connections

    async with here.engine.database.transaction(here.caller.tenant_id) as db:
        return await all_pages(lambda cursor: list_connections(db, here.caller, cursor, 500))


async def find_connection(here: Here, wanted: str) -> "Connection":
    """The connection of this id or name.

    Raises:
        ConnectionNotFound, NameAmbiguous.
    """
    from karat.storage.errors import ConnectionNotFound

    return the_one(await connections_of(here), wanted, lambda: ConnectionNotFound(connection=wanted))


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    kind: Annotated[str, typer.Option(help="s3, gcs or azure.")],
    bucket: Annotated[str, typer.Option(help="Its name; of Azure, the container's.")],
    prefix: Prefix = None,
    region: Region = None,
    endpoint: Endpoint = None,
    account: Annotated[str | None, typer.Option(help="Of Azure, the storage account.")] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="The bucket is public, nothing is signed.")] = False,
    secret: Secret = None,
    try_first: Annotated[
        bool, typer.Option("--test", help="Ask the bucket first, and connect it only if it answers.")
    ] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Connect a bucket of S3, Google or Azure. Its credentials are kept encrypted and never shown again."""
    new = without_none(
        name=name,
        kind=kind,
        bucket=bucket,
        prefix=prefix,
        region=region,
        endpoint=endpoint,
        account=account,
        anonymous=anonymous,
        secret=json_of(secret) or None,
    )
    made = run(_add(data_dir, new, try_first=try_first))
    if as_json:
        show_json(made)
    else:
        typer.echo(f"{made.id}  {made.name}")


async def _add(data_dir: Path | None, new: dict[str, Any], *, try_first: bool) -> "Connection":
    from karat.cli.errors import BucketUnreachable
    from karat.storage.connection_types import NewConnection
    from karat.storage.connections import create_connection, try_new_connection

    body = record_of(NewConnection, new)
    async with open_here(data_dir) as here:
        buckets = here.engine.buckets
        if try_first:
            test = await try_new_connection(here.caller, buckets, body)
            if not test.ok:
                raise BucketUnreachable(bucket=body.bucket, faults=test.faults)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            return await create_connection(db, here.caller, buckets, body)


@app.command("change")
def change(
    wanted: Wanted,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    prefix: Prefix = None,
    region: Region = None,
    endpoint: Endpoint = None,
    anonymous: Annotated[
        bool | None, typer.Option("--anonymous/--signed", help="Whether the bucket is public, and nothing is signed.")
    ] = None,
    secret: Secret = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Change what is given. Another endpoint wants the credentials again."""
    values = without_none(
        name=name,
        prefix=prefix,
        region=region,
        endpoint=endpoint,
        anonymous=anonymous,
        secret=json_of(secret) or None,
    )
    made = run(_change(data_dir, wanted, values))
    if as_json:
        show_json(made)
    else:
        typer.echo(f"{made.name}: {made.bucket}/{made.prefix}")


async def _change(data_dir: Path | None, wanted: str, values: dict[str, Any]) -> "Connection":
    from karat.storage.connection_types import ConnectionChange
    from karat.storage.connections import change_connection

    body = record_of(ConnectionChange, values)
    async with open_here(data_dir) as here:
        found = await find_connection(here, wanted)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            return await change_connection(db, here.caller, here.engine.buckets, found.id, body)


@app.command("test")
def try_(wanted: Wanted, key: Key = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Ask a bucket now: list it and read a byte. Exit status 1 when something stands in the way, with its fix."""
    outcome = run(_try(data_dir, wanted, key))
    if as_json:
        show_json(outcome)
    elif outcome.ok:
        read = f"read {outcome.sample_key}" if outcome.sample_key else "there was nothing to read"
        typer.echo(f"It answers: listed it, {read}, in {outcome.duration_s:.2f} s.")
    else:
        typer.secho("The bucket cannot be read.", err=True, fg=typer.colors.RED)
        show_faults(outcome.faults)
    raise typer.Exit(0 if outcome.ok else 1)


async def _try(data_dir: Path | None, wanted: str, key: str | None) -> "ConnectionTest":
    from karat.storage.connections import try_connection

    async with open_here(data_dir) as here:
        found = await find_connection(here, wanted)
        return await try_connection(here.engine.database, here.caller, here.engine.buckets, found.id, key)


@app.command("delete")
def delete(wanted: Wanted, data_dir: DataDir = None) -> None:
    """Forget a connection; refused while assets lie in its bucket. The bucket itself is not touched."""
    run(_delete(data_dir, wanted))
    typer.echo("Deleted.")


async def _delete(data_dir: Path | None, wanted: str) -> None:
    from karat.storage.connections import delete_connection

    async with open_here(data_dir) as here:
        found = await find_connection(here, wanted)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            await delete_connection(db, here.caller, found.id)
