"""`models`: your own models, tried, chosen for projects, and predictions from files."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from karat.cli.background import progress_bar, until_done
from karat.cli.shell import AsJson, DataDir, Here, all_pages, open_here, opened, run, show_json, show_table

if TYPE_CHECKING:
    from karat.assist.types import PredictionRun
    from karat.models import Model, ModelTest, ModelVersion

app = typer.Typer(no_args_is_help=True, help="Your own models.")
ModelId = Annotated[UUID, typer.Argument(help="From `karat models list`.")]
ProjectId = Annotated[UUID, typer.Argument(help="From `karat projects list`.")]
FAULTS_SHOWN = 50


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The models, newest first: how each is asked, its newest version, and what went wrong last."""
    models = run(_list(data_dir))
    if as_json:
        show_json(models)
        return
    rows = [
        (
            one.id,
            one.name,
            one.adapter,
            one.kind,
            one.latest and (one.latest.name or one.latest.version),
            one.n_projects,
            f"{one.n_predictions:,}",
            one.error and f"{one.error_at:%Y-%m-%d %H:%M:%S}: {one.error.message}",
        )
        for one in models
    ]
    columns = ("id", "name", "adapter", "kind", "version", "projects", "predictions", "last error")
    show_table(columns, rows, "There are no models.")


async def _list(data_dir: Path | None) -> "list[Model]":
    from karat.models import list_models

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        return await all_pages(lambda cursor: list_models(db, here.caller, cursor, 500))


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    kind: Annotated[str, typer.Option(help="Of annotation that it proposes; one of `karat kinds`.")],
    adapter: Annotated[str, typer.Option(help="onnx, http or label-studio.")],
    url: Annotated[str | None, typer.Option(help="Of a model that is asked over HTTP.")] = None,
    settings: Annotated[Path | None, typer.Option(help="JSON file with more settings.")] = None,
    header: Annotated[
        list[str] | None, typer.Option(help="`Name: value`, sent along and kept sealed; may be repeated.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Register a model: an ONNX file that is uploaded next, or one that is asked over HTTP."""
    given = _settings(settings) | {"adapter": adapter} | ({"url": url} if url else {})
    headers = dict(_header(one) for one in header or []) or None
    model = run(_add(data_dir, {"name": name, "kind": kind, "settings": given, "headers": headers}))
    if as_json:
        show_json(model)
    else:
        typer.echo(f"{model.id}  {model.name}")


def _settings(path: Path | None) -> dict[str, Any]:
    from karat.cli.errors import SettingsUnreadable

    if path is None:
        return {}
    with opened(path) as stream:
        try:
            found = json.load(stream)
        except ValueError as error:
            raise SettingsUnreadable(file=path) from error
    if not isinstance(found, dict):
        raise SettingsUnreadable(file=path)
    return found


def _header(text: str) -> tuple[str, str]:
    name, _, value = text.partition(":")
    return name.strip(), value.strip()


async def _add(data_dir: Path | None, new: dict[str, Any]) -> "Model":
    from pydantic import ValidationError

    from karat.errors import Fault
    from karat.models import ModelInvalid
    from karat.models.service import create_model
    from karat.models.types import NewModel

    try:
        body = NewModel.model_validate(new)
    except ValidationError as error:
        found = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors(include_url=False)]
        raise ModelInvalid(faults=[Fault(code="malformed", message=said, where=at) for at, said in found]) from None
    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        return await create_model(db, here.caller, here.engine.models, body)


@app.command("upload")
def upload(
    model_id: ModelId,
    path: Annotated[Path, typer.Argument(help="The .onnx file.")],
    name: Annotated[str | None, typer.Option(help="What you call this version.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Upload an ONNX file as the model's newest version; it is judged before it becomes one."""
    version = run(_upload(data_dir, model_id, path, name))
    if as_json:
        show_json(version)
    else:
        typer.echo(f"Version {version.version}: {version.n_bytes:,} bytes, SHA-256 {version.file_sha256}")


async def _upload(data_dir: Path | None, model_id: UUID, path: Path, name: str | None) -> "ModelVersion":
    from karat.models import get_model
    from karat.models.service import add_file, require_file_adapter

    with opened(path):
        pass
    async with open_here(data_dir) as here:
        database = here.engine.database
        async with database.transaction(here.caller.tenant_id) as db:
            model = await get_model(db, here.caller, model_id)
        require_file_adapter(model)
        return await add_file(database, here.caller, here.engine.models, model, path, name)


@app.command("test")
def try_(
    model_id: ModelId,
    project: Annotated[UUID | None, typer.Option(help="Ask it about assets of this project.")] = None,
    n: Annotated[int, typer.Option(min=1, max=50, help="How many assets.")] = 10,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Try a model: is it there, what does it say, how fast; exit status 1 when something stands in the way."""
    outcome = run(_try(data_dir, model_id, project, n))
    if as_json:
        show_json(outcome)
    else:
        _tell(outcome)
    raise typer.Exit(0 if outcome.ok else 1)


def _tell(outcome: "ModelTest") -> None:
    for step in outcome.steps:
        typer.echo(f"{step.name}: {step.message}")
    if outcome.latency:
        typer.echo(
            f"one asset: {outcome.latency.p50_s * 1000:,.1f} ms (median), {outcome.latency.p95_s * 1000:,.1f} ms (95 %)"
        )
    if outcome.classes and outcome.classes.only_model:
        typer.echo(f"left out, since the project does not have them: {', '.join(outcome.classes.only_model)}")
    for fault in outcome.faults:
        typer.echo(f"  {fault.where}: {fault.message}{f' {fault.hint}' if fault.hint else ''}", err=True)


async def _try(data_dir: Path | None, model_id: UUID, project: UUID | None, n: int) -> "ModelTest":
    from karat.assist.trying import try_model
    from karat.assist.types import ModelTrial

    async with open_here(data_dir) as here:
        trial = ModelTrial(project_id=project, n=n)
        return await try_model(here.engine.database, here.caller, here.engine.models, model_id, trial)


@app.command("use")
def use(
    project_id: ProjectId,
    model_id: ModelId,
    version: Annotated[UUID | None, typer.Option(help="A version that stays; else always the newest.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make it the project's model and ask it about all open tasks; exit status 1 when that failed."""
    _end(run(_use(data_dir, project_id, model_id, version, quiet=as_json)), as_json=as_json)


async def _use(
    data_dir: Path | None, project_id: UUID, model_id: UUID, version: UUID | None, *, quiet: bool
) -> "PredictionRun | None":
    from karat.assist.binding import bind_model
    from karat.assist.types import BindModel

    async with open_here(data_dir) as here:
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            wish = BindModel(model_id=model_id, version_id=version)
            bound = await bind_model(db, here.caller, project_id, wish)
        return await _wait(here, bound.run, quiet=quiet) if bound.run else None


@app.command("import")
def import_(
    project_id: ProjectId,
    path: Annotated[Path, typer.Argument(help="A JSONL file, a line for each asset.")],
    model: Annotated[str | None, typer.Option(help="Of rows that name none; else the file's name.")] = None,
    version: Annotated[str | None, typer.Option(help="Of rows that name none.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Read predictions from a file. Good rows are kept, bad ones listed; exit status 1 when nothing could be taken."""
    _end(run(_import(data_dir, project_id, path, model, version, quiet=as_json)), as_json=as_json)


async def _import(
    data_dir: Path | None, project_id: UUID, path: Path, model: str | None, version: str | None, *, quiet: bool
) -> "PredictionRun":
    from karat.assist.binding import start_import
    from karat.storage import pieces_of

    async with open_here(data_dir) as here:
        tenant_id = here.caller.tenant_id
        with opened(path) as file:
            blob = await here.engine.storage.put(tenant_id, pieces_of(file))
        async with here.engine.database.transaction(tenant_id) as db:
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
    for fault in page.items:
        typer.echo(f"  {fault.where}: {fault.message}{f' {fault.hint}' if fault.hint else ''}", err=True)
    if done.n_faults > len(page.items):
        typer.echo(f"  … and {done.n_faults - len(page.items):,} more.", err=True)


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


@app.command("delete")
def delete(model_id: ModelId, data_dir: DataDir = None) -> None:
    """Forget a model; refused while projects, tasks or the record of labels refer to it."""
    run(_delete(data_dir, model_id))
    typer.echo("Deleted.")


async def _delete(data_dir: Path | None, model_id: UUID) -> None:
    from karat.models.service import delete_model

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        await delete_model(db, here.caller, model_id)
