"""`datasets`: bringing data in from this machine's disk."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from karat.cli.background import progress_bar, until_done
from karat.cli.given import the_one
from karat.cli.shell import (
    AsJson,
    DataDir,
    Here,
    all_pages,
    open_here,
    opened,
    run,
    show_faults,
    show_json,
    show_table,
)

if TYPE_CHECKING:
    from karat.datasets import Dataset, Import, Modality
    from karat.kit import Fault

app = typer.Typer(no_args_is_help=True, help="Datasets.")
PIECE_BYTES = 1 << 20
TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json", ".parquet")


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be read, and as what."""

    path: Path
    name: str
    modality: "Modality"
    is_folder: bool


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The datasets, newest first."""
    datasets = run(_list(data_dir))
    if as_json:
        show_json(datasets)
        return
    rows = [(one.id, one.name, one.modality, f"{one.n_assets:,}", f"{one.n_bytes:,}") for one in datasets]
    show_table(("id", "name", "modality", "assets", "bytes"), rows, "There are no datasets.")


async def _list(data_dir: Path | None) -> "list[Dataset]":
    async with open_here(data_dir) as here:
        return await datasets_of(here)


async def datasets_of(here: Here) -> "list[Dataset]":
    """All of them."""
    from karat.datasets import list_datasets

    async with here.engine.database.transaction(here.caller.tenant_id) as db:
        return await all_pages(lambda cursor: list_datasets(db, here.caller, cursor, 500))


async def find_dataset(here: Here, wanted: str) -> "Dataset":
    """The dataset of this id or name.

    Raises:
        DatasetNotFound, NameAmbiguous.
    """
    from karat.datasets.errors import DatasetNotFound

    return the_one(await datasets_of(here), wanted, lambda: DatasetNotFound(dataset=wanted))


@app.command("import")
def import_(
    path: Annotated[
        Path, typer.Argument(help="A folder, a ZIP, a table (CSV, JSONL, JSON, Parquet), or one image or text.")
    ],
    data_dir: DataDir = None,
    name: Annotated[str | None, typer.Option(help="Of the new dataset; else that of the path.")] = None,
    modality: Annotated[
        str | None, typer.Option(help="image or text; else text for tables and .txt, image for everything else.")
    ] = None,
    into: Annotated[UUID | None, typer.Option(help="Add to this dataset instead of making one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read files into a dataset. Good rows are kept, bad ones are listed; exit status 1 when nothing could be taken."""
    from karat.cli.errors import FileUnreadable, ModalityUnknown
    from karat.datasets import Modality

    modality = modality or ("text" if path.suffix.lower() in TEXT_SUFFIXES else "image")
    if modality not in list(Modality):
        raise ModalityUnknown(modality=modality, known=[one.value for one in Modality])
    if not path.exists():
        raise FileUnreadable(file=path, reason="there is no such file or folder")
    source = Source(path, name or path.resolve().name, Modality(modality), is_folder=path.is_dir())
    end_import(*run(_import(source, data_dir, into, quiet=as_json)), as_json=as_json)


def end_import(found: "Import", faults: "list[Fault]", *, as_json: bool) -> None:
    """Tell what came of an import; exit status 1 when nothing could be taken."""
    if as_json:
        show_json({"import": found, "faults": faults})
    else:
        _tell(found, faults)
    is_bad = found.state != "done" or (found.n_faults > 0 and not found.n_added and not found.n_duplicates)
    raise typer.Exit(1 if is_bad else 0)


def _tell(found: "Import", faults: "list[Fault]") -> None:
    if found.state != "done":
        typer.secho(f"The import {found.state}: {found.error}", err=True, fg=typer.colors.RED)
    typer.echo(
        f"Dataset {found.dataset_id}: {found.n_added:,} assets added, {found.n_duplicates:,} there already,"
        f" {found.n_faults:,} not taken."
    )
    show_faults(faults, rest="; --json lists them all")


async def _import(
    source: Source, data_dir: Path | None, into: UUID | None, *, quiet: bool
) -> "tuple[Import, list[Fault]]":
    async with open_here(data_dir) as here:
        return await follow_import(here, await _start(here, source, into), quiet=quiet)


async def follow_import(here: Here, started: "Import", *, quiet: bool) -> "tuple[Import, list[Fault]]":
    """See an import to its end; it, and what could not be taken."""
    from karat.datasets import get_import, list_faults

    database, tenant_id = here.engine.database, here.caller.tenant_id

    async def look() -> "Import":
        async with database.transaction(tenant_id) as db:
            return await get_import(db, here.caller, started.id)

    async with progress_bar("Importing", quiet=quiet) as (bar, task):
        done = await until_done(here, look, lambda one: bar.update(task, completed=one.rows_read, total=one.rows_total))
    async with database.transaction(tenant_id) as db:
        return done, await all_pages(lambda cursor: list_faults(db, here.caller, started.id, cursor, 500))


async def _start(here: Here, source: Source, into: UUID | None) -> "Import":
    """Make the dataset, unless there is one, copy a file to storage, and begin the import."""
    from karat.api.engine import uploads_in
    from karat.datasets import NewDataset, create_dataset, get_dataset, start_folder_import, start_upload_import
    from karat.errors import TooLarge

    database, caller, settings = here.engine.database, here.caller, here.engine.settings
    if not source.is_folder and source.path.stat().st_size > settings.max_upload_bytes:
        raise TooLarge(max_bytes=settings.max_upload_bytes)  # before a dataset is made for nothing
    async with database.transaction(caller.tenant_id) as db:
        if into is None:
            into = (await create_dataset(db, caller, NewDataset(name=source.name[:200], modality=source.modality))).id
        await get_dataset(db, caller, into)
        if source.is_folder:
            return await start_folder_import(db, caller, into, source.path)
    # As over HTTP: the file is noted before it is there, so that a crash leaves nothing that nobody looks after.
    uploads, name = uploads_in(settings, here.engine.storage), source.path.name
    pieces = _pieces(source.path)
    async with (
        uploads.receive(database, caller, into, name, pieces, settings.max_upload_bytes) as file,
        database.transaction(caller.tenant_id) as db,
    ):
        return await start_upload_import(db, caller, into, name, file.sha256, note_id=file.note_id)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with opened(path) as stream:
        while piece := stream.read(PIECE_BYTES):
            yield piece
