"""`models use`, `models predict`, `models import` …: what models say about the tasks of projects."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from karat.cli.background import progress_bar, until_done
from karat.cli.models import ModelId, app
from karat.cli.projects import ProjectName, find_project
from karat.cli.shell import (
    FAULTS_SHOWN,
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
    from karat.assist.types import PredictionRun


@app.command("use")
def use(
    project: ProjectName,
    model_id: ModelId,
    version: Annotated[UUID | None, typer.Option(help="A version that stays; else always the newest.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make it the project's model and ask it about all open tasks; exit status 1 when that failed."""
    _end(run(_use(data_dir, project, model_id, version, quiet=as_json)), as_json=as_json)


async def _use(
    data_dir: Path | None, wanted: str, model_id: UUID, version: UUID | None, *, quiet: bool
) -> "PredictionRun | None":
    from karat.assist.binding import bind_model
    from karat.assist.types import BindModel

    async with open_here(data_dir) as here:
        project_id = (await find_project(here, wanted)).id
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            wish = BindModel(model_id=model_id, version_id=version)
            bound = await bind_model(db, here.caller, project_id, wish)
        return await _wait(here, bound.run, quiet=quiet) if bound.run else None


@app.command("stop-using")
def stop_using(project: ProjectName, data_dir: DataDir = None) -> None:
    """Let the project have the model that learns here again."""
    run(_stop_using(data_dir, project))
    typer.echo("The project has the model that learns here.")


async def _stop_using(data_dir: Path | None, wanted: str) -> None:
    from karat.assist.binding import unbind_model

    async with open_here(data_dir) as here:
        project = await find_project(here, wanted)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            await unbind_model(db, here.caller, project.id)


@app.command("predict")
def predict(
    project: ProjectName,
    only_new: Annotated[
        bool, typer.Option("--only-new", help="Leave out tasks about which the model has said something already.")
    ] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Ask the project's model about its open tasks again; exit status 1 when that failed."""
    _end(run(_predict(data_dir, project, only_new=only_new, quiet=as_json)), as_json=as_json)


async def _predict(data_dir: Path | None, wanted: str, *, only_new: bool, quiet: bool) -> "PredictionRun":
    from karat.assist.binding import start_run
    from karat.assist.types import NewRun

    async with open_here(data_dir) as here:
        project = await find_project(here, wanted)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            started = await start_run(db, here.caller, project.id, NewRun(only_new=only_new))
        return await _wait(here, started, quiet=quiet)


@app.command("runs")
def runs(project: ProjectName, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """When the project's models were asked, and what files were read; newest first."""
    found = run(_runs(data_dir, project))
    if as_json:
        show_json(found)
        return
    rows = [
        (
            one.id,
            one.source,
            one.name,
            one.state,
            f"{one.n_predicted:,} of {one.n_done:,}",
            f"{one.n_faults:,}",
            f"{one.created_at:%Y-%m-%d %H:%M}",
            one.error,
        )
        for one in found
    ]
    show_table(("id", "from", "name", "state", "predicted", "faults", "since", "error"), rows, "There are no runs.")


async def _runs(data_dir: Path | None, wanted: str) -> "list[PredictionRun]":
    from karat.assist.binding import list_runs

    async with open_here(data_dir) as here:
        project = await find_project(here, wanted)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            return await all_pages(lambda cursor: list_runs(db, here.caller, project.id, cursor, 500))


@app.command("import")
def import_(
    project: ProjectName,
    path: Annotated[Path, typer.Argument(help="A JSONL file, a line for each asset.")],
    model: Annotated[str | None, typer.Option(help="Of rows that name none; else the file's name.")] = None,
    version: Annotated[str | None, typer.Option(help="Of rows that name none.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Read predictions from a file. Good rows are kept, bad ones listed; exit status 1 when nothing could be taken."""
    _end(run(_import(data_dir, project, path, model, version, quiet=as_json)), as_json=as_json)


async def _import(
    data_dir: Path | None, wanted: str, path: Path, model: str | None, version: str | None, *, quiet: bool
) -> "PredictionRun":
    from karat.assist.binding import start_import
    from karat.storage import pieces_of, released_on_failure

    async with open_here(data_dir) as here:
        project_id, tenant_id = (await find_project(here, wanted)).id, here.caller.tenant_id
        with opened(path) as file:
            blob = await here.engine.storage.put(tenant_id, pieces_of(file))
        database = here.engine.database
        async with (
            released_on_failure(database, tenant_id, blob.sha256),
            database.transaction(tenant_id) as db,
        ):
            started = await start_import(
                db, here.caller, project_id, path.name, blob.sha256, model=model, version=version, bind=True
            )
        done = await _wait(here, started, quiet=quiet)
        if not quiet:
            await _tell_faults(here, done)
        return done


async def _tell_faults(here: Here, done: "PredictionRun") -> None:
    from karat.assist.binding import list_run_faults

    async with here.engine.database.transaction(here.caller.tenant_id) as db:
        page = await list_run_faults(db, here.caller, done.id, None, FAULTS_SHOWN)
    show_faults(page.items, done.n_faults)


async def _wait(here: Here, started: "PredictionRun", *, quiet: bool) -> "PredictionRun":
    from karat.assist.binding import get_run

    async def look() -> "PredictionRun":
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            return await get_run(db, here.caller, started.id)

    async with progress_bar("Predicting", quiet=quiet) as (bar, task):
        return await until_done(here, look, lambda one: bar.update(task, completed=one.n_done, total=one.n_total))


def _end(done: "PredictionRun | None", *, as_json: bool) -> None:
    if as_json:
        show_json(done)
    elif done is None:
        typer.echo("The model is the project's now; its predictions come in files.")
    elif done.state != "done":
        typer.secho(f"The run {done.state}: {done.error}", err=True, fg=typer.colors.RED)
    else:
        typer.echo(f"{done.n_predicted:,} of {done.n_done:,} predicted, {done.n_faults:,} faults.")
    is_bad = done is not None and (done.state != "done" or (done.n_faults > 0 and not done.n_predicted))
    raise typer.Exit(1 if is_bad else 0)
