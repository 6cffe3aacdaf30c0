"""`projects`: what is being labelled, how it goes, and getting the labels out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from karat.cli.background import progress_bar, until_done
from karat.cli.given import the_one
from karat.cli.shell import AsJson, DataDir, Here, all_pages, open_here, run, show_json, show_table
from karat.cli.writing import save_blob

if TYPE_CHECKING:
    from karat.delivery.types import Export
    from karat.quality.types import Overview
    from karat.tasks import Project

app = typer.Typer(no_args_is_help=True, help="Projects.")
ProjectName = Annotated[str, typer.Argument(metavar="PROJECT", help="Id or name of the project.")]


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


async def find_project(here: Here, wanted: str) -> "Project":
    """The project of this id or name.

    Raises:
        ProjectNotFound, NameAmbiguous.
    """
    from karat.tasks import ProjectNotFound

    return the_one(await _projects(here), wanted, lambda: ProjectNotFound(project=wanted))


@app.command("show")
def show(project: ProjectName, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """How a project is going: phase, tasks, answers, error, budget, and what waits for a decision."""
    found = run(_show(data_dir, project))
    if as_json:
        show_json(found)
    else:
        _tell(found)


def _tell(found: "Overview") -> None:
    stages, answers, error = found.stages, found.answers, found.error
    typer.echo(f"{found.phase}: {found.phase_sentence}")
    typer.echo(
        f"tasks: {stages.model:,} with the model, {stages.people:,} with people, {stages.review:,} in review,"
        f" {stages.check:,} in the check, {stages.done:,} done"
    )
    typer.echo(f"answers: {answers.people:,} labels, {answers.review:,} reviews, {answers.check:,} checks")
    if error.upper_bound is not None:
        typer.echo(f"error: at most {error.upper_bound:.2%}, with {error.confidence:.1%} confidence")
    if found.budget:
        typer.echo(
            f"budget: {found.budget.used:,} of {found.budget.allowed:,} answers used, {found.budget.open:,} asked"
        )
    for need in found.needs:
        typer.echo(f"waits for you: {need.sentence}")


async def _show(data_dir: Path | None, wanted: str) -> "Overview":
    from karat.quality.overview import get_overview

    async with open_here(data_dir) as here:
        project = await find_project(here, wanted)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            return await get_overview(db, here.caller, project.id)


@app.command("export")
def export(
    project: ProjectName,
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
        project = await find_project(here, wanted)
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
    await save_blob(here, made.sha256, out)
