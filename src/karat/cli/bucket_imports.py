"""`datasets import-bucket`: bringing data in from a connected bucket."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from karat.cli.connections import find_connection
from karat.cli.datasets import app, end_import, find_dataset, follow_import
from karat.cli.given import record_of, without_none
from karat.cli.shell import AsJson, DataDir, open_here, run

if TYPE_CHECKING:
    from karat.datasets import Import
    from karat.kit import Fault


@app.command("import-bucket")
def import_bucket(
    connection: Annotated[str, typer.Argument(help="Id or name of the connection.")],
    prefix: Annotated[str, typer.Option(help="Beginning of the keys, behind the connection's own.")] = "",
    pattern: Annotated[
        list[str] | None, typer.Option(help="`*.jpg`, `2026/**/*.png`: only what fits one of them; may be repeated.")
    ] = None,
    manifest: Annotated[
        str | None, typer.Option(help="Key of a table whose rows are the assets, instead of the bucket's list.")
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place/--copy", help="Leave the media in the bucket, or copy them to this server.")
    ] = False,
    name: Annotated[str | None, typer.Option(help="Of the new dataset; else that of the connection.")] = None,
    modality: Annotated[str, typer.Option(help="Of the new dataset: image or text.")] = "image",
    into: Annotated[str | None, typer.Option(help="Add to this dataset, by id or name, instead of making one.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Read objects of a bucket into a dataset. Good ones are kept, bad ones listed; exit status 1 when none was taken."""
    options = without_none(prefix=prefix, patterns=pattern, manifest=manifest, mode="reference" if in_place else "copy")
    made = run(_import(connection, options, data_dir, into, name, modality, quiet=as_json))
    end_import(*made, as_json=as_json)


async def _import(
    wanted: str,
    options: dict[str, Any],
    data_dir: Path | None,
    into: str | None,
    name: str | None,
    modality: str,
    *,
    quiet: bool,
) -> "tuple[Import, list[Fault]]":
    from karat.datasets import NewDataset, create_dataset
    from karat.datasets.service import start_bucket_import
    from karat.datasets.types import BucketImport

    async with open_here(data_dir) as here:
        connection = await find_connection(here, wanted)
        body = record_of(BucketImport, {**options, "connection_id": connection.id})
        new = record_of(NewDataset, {"name": name or connection.name, "modality": modality})
        dataset_id: UUID | None = (await find_dataset(here, into)).id if into else None
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            if dataset_id is None:
                dataset_id = (await create_dataset(db, here.caller, new)).id
            started = await start_bucket_import(db, here.caller, dataset_id, body)
        return await follow_import(here, started, quiet=quiet)
