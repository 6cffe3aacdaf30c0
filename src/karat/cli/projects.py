"""`projects`: what is being labelled, getting the labels out, and moving whole projects."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO
from uuid import UUID

import typer

from karat.cli.background import progress_bar, until_done
from karat.cli.shell import AsJson, DataDir, Here, all_pages, open_here, opened, run, show_json, show_table

if TYPE_CHECKING:
    from karat.delivery.archive_types import ProjectArchive, ProjectImport
    from karat.delivery.types import Export
    from karat.tasks import Project
    from karat.tasks.templates import ProjectTemplate

app = typer.Typer(no_args_is_help=True, help="Projects.")


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The projects, newest first, and what the engine does with each."""
    projects = run(_list(data_dir))
    if as_json:
        show_json(projects)
        return
    rows = [(one.id, one.name, one.state, one.phase, f"{one.n_tasks:,}", one.phase_sentence) for one in projects]
    show_table(("id", "name", "state", "phase", "tasks", ""), rows, "There are no projects.")


async def _list(data_dir: Path | None) -> "list[Project]":
    async with open_here(data_dir) as here:
        return await _projects(here)


async def _projects(here: Here) -> "list[Project]":
    from karat.tasks.projects import list_projects

    async with here.engine.database.transaction(here.caller.tenant_id) as db:
        return await all_pages(lambda cursor: list_projects(db, here.caller, cursor, 500))


@app.command("export")
def export(
    project: Annotated[str, typer.Argument(help="Id or name of the project.")],
    out: Annotated[Path, typer.Option(help="File to write.")],
    data_dir: DataDir = None,
    form: Annotated[str, typer.Option("--format", help="One of `karat formats`.")] = "karat-jsonl",
    as_json: AsJson = False,
) -> None:
    """Write all labels of a project to a file, as they are now. `karat projects archive` writes everything of it."""
    made = run(_export(project, out, data_dir, form, quiet=as_json))
    if as_json:
        show_json(made)
    elif made.state != "done":
        typer.secho(f"The export {made.state}: {made.error}", err=True, fg=typer.colors.RED)
    else:
        typer.echo(f"{out}: {made.n_labels:,} labels, SHA-256 {made.sha256}")
        for lost in made.cannot_express:
            typer.echo(f"  The format cannot express {lost}.", err=True)
    raise typer.Exit(0 if made.state == "done" else 1)


async def _export(wanted: str, out: Path, data_dir: Path | None, form: str, *, quiet: bool) -> "Export":
    from karat.delivery import get_export, start_export

    async with open_here(data_dir) as here:
        project = await _find(here, wanted)
        database, tenant_id = here.engine.database, here.caller.tenant_id
        async with database.transaction(tenant_id) as db:
            started = await start_export(db, here.caller, project.id, form)

        async def look() -> "Export":
            async with database.transaction(tenant_id) as db:
                return await get_export(db, here.caller, started.id)

        async with progress_bar("Exporting", quiet=quiet) as (bar, task):
            bar.update(task, total=project.n_tasks)
            made = await until_done(here, look, lambda one: bar.update(task, completed=one.n_labels or 0))
        if made.state == "done":
            await _write(here, made.id, out)
        return made


async def _write(here: Here, export_id: UUID, out: Path) -> None:
    """The file of a finished export."""
    from karat.delivery.service import export_file

    async with here.engine.database.transaction(here.caller.tenant_id) as db:
        made, _, _ = await export_file(db, here.caller, export_id)
    assert made.sha256 is not None
    await _save(here, made.sha256, out)


async def _save(here: Here, sha256: str, out: Path) -> None:
    """A blob as a file, whole or not at all."""
    draft = out.with_name(f".{out.name}.part")
    with draft.open("wb") as stream:
        async for piece in here.engine.storage.open(here.caller.tenant_id, sha256):
            stream.write(piece)
    draft.replace(out)


@app.command("templates")
def templates(as_json: AsJson = False) -> None:
    """The projects to start from; `template` of a new project takes one by its name."""
    from karat.tasks.templates import TEMPLATES

    found: list[ProjectTemplate] = list(TEMPLATES)
    if as_json:
        show_json(found)
        return
    rows = [(one.name, one.kind, ", ".join(each.name for each in one.classes), one.summary) for one in found]
    show_table(("name", "kind", "classes", ""), rows, "There are no templates.")


@app.command("clone")
def clone(
    project: Annotated[str, typer.Argument(help="Id or name of the project.")],
    name: Annotated[str, typer.Argument(help="Name of the new one.")],
    data_dir: DataDir = None,
    dataset: Annotated[str | None, typer.Option(help="Id of other data; the same if left out.")] = None,
    bare: Annotated[bool, typer.Option("--bare", help="Take over the ontology alone.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a project like this one, with nothing of what was answered."""
    made = run(_clone(project, name, data_dir, dataset, bare=bare))
    if as_json:
        show_json(made)
    else:
        typer.echo(f"{made.name}: {made.id}. Its tasks are made while a server runs.")


async def _clone(wanted: str, name: str, data_dir: Path | None, dataset: str | None, *, bare: bool) -> "Project":
    from karat.tasks.cloning import ClonePart, NewClone, clone_project

    parts = frozenset[ClonePart]() if bare else frozenset({ClonePart.INSTRUCTIONS, ClonePart.TARGET})
    async with open_here(data_dir) as here:
        project = await _find(here, wanted)
        new = NewClone(name=name, parts=parts, dataset_id=UUID(dataset) if dataset else None)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            return await clone_project(db, here.caller, project.id, new)


@app.command("archive")
def archive(
    project: Annotated[str, typer.Argument(help="Id or name of the project.")],
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
        project = await _find(here, wanted)
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
            await _save(here, made.sha256, file)
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


async def _find(here: Here, wanted: str) -> "Project":
    from karat.cli.errors import NameAmbiguous
    from karat.tasks import ProjectNotFound

    found = [one for one in await _projects(here) if wanted in (str(one.id), one.name)]
    if not found:
        raise ProjectNotFound(project=wanted)
    if len(found) > 1:
        raise NameAmbiguous(name=wanted, ids=[one.id for one in found])
    return found[0]
