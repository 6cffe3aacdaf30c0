"""`projects archive` and `projects import`: whole projects as files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from karat.cli.background import progress_bar, until_done
from karat.cli.projects import ProjectName, app, find_project
from karat.cli.shell import AsJson, DataDir, open_here, opened, run, show_json
from karat.cli.writing import save_blob

if TYPE_CHECKING:
    from karat.delivery.archive_types import ProjectArchive, ProjectImport


@app.command("archive")
def archive(
    project: ProjectName,
    file: Annotated[Path, typer.Argument(help="ZIP to write.")],
    data_dir: DataDir = None,
    without_media: Annotated[
        bool, typer.Option("--without-media", help="Name the media by their hashes only; where it goes they must be.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write a whole project to a file: data, ontology, instructions, answers, reviews, labels, certificates."""
    made = run(_archive(project, file, data_dir, without_media=without_media, quiet=as_json))
    if as_json:
        show_json(made)
    elif made.state == "done":
        typer.echo(f"{file}: {made.n_bytes:,} bytes, SHA-256 {made.sha256}")
    else:
        typer.secho(f"The archive {made.state}: {made.error}", err=True, fg=typer.colors.RED)
    raise typer.Exit(0 if made.state == "done" else 1)


async def _archive(
    wanted: str, file: Path, data_dir: Path | None, *, without_media: bool, quiet: bool
) -> "ProjectArchive":
    from karat.delivery.archive_service import archive_file, get_archive, start_archive
    from karat.delivery.archive_types import ArchiveMedia

    media = ArchiveMedia.REFERENCED if without_media else ArchiveMedia.INCLUDED
    async with open_here(data_dir) as here:
        project = await find_project(here, wanted)
        database, tenant_id = here.engine.database, here.caller.tenant_id
        async with database.transaction(tenant_id) as db:
            started = await start_archive(db, here.caller, project.id, media)

        async def look() -> "ProjectArchive":
            async with database.transaction(tenant_id) as db:
                return await get_archive(db, here.caller, started.id)

        async with progress_bar("Packing", quiet=quiet):
            made = await until_done(here, look, lambda one: None)
        if made.state == "done":
            async with database.transaction(tenant_id) as db:
                await archive_file(db, here.caller, made.id)
            assert made.sha256 is not None
            await save_blob(here, made.sha256, file)
        return made


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="An archive that `karat projects archive` has written.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make a project of an archive, with new ids; it waits, paused, until its lead lets it go on."""
    with opened(file) as stream:
        made = run(_import(stream, file.name, data_dir, quiet=as_json))
    if as_json:
        show_json(made)
    elif made.state == "done":
        typer.echo(f"The project is here: {made.project_id}. It is paused; let it go on when you are ready.")
    else:
        typer.secho(f"The import {made.state}: {made.error}", err=True, fg=typer.colors.RED)
    raise typer.Exit(0 if made.state == "done" else 1)


async def _import(stream: BinaryIO, name: str, data_dir: Path | None, *, quiet: bool) -> "ProjectImport":
    from karat.api.engine import uploads_in
    from karat.delivery import ArchiveUploads
    from karat.delivery.archive_service import get_import, start_import
    from karat.kit import new_id
    from karat.storage import pieces_of

    async with open_here(data_dir) as here:
        engine, caller = here.engine, here.caller
        uploads = ArchiveUploads(engine.storage, uploads_in(engine.settings, engine.storage))
        import_id = new_id()
        limit = engine.settings.max_upload_bytes
        async with (
            uploads.receive(engine.database, caller, name, pieces_of(stream), limit) as blob,
            engine.database.transaction(caller.tenant_id) as db,
        ):
            await start_import(db, caller, name, blob.sha256, import_id)

        async def look() -> "ProjectImport":
            async with engine.database.transaction(caller.tenant_id) as db:
                return await get_import(db, caller, import_id)

        async with progress_bar("Importing", quiet=quiet):
            return await until_done(here, look, lambda one: None)
