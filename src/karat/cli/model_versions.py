"""`models upload`, `models versions`, `models test`: the files of models, and whether they work."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from karat.cli.models import ModelId, app
from karat.cli.shell import AsJson, DataDir, all_pages, open_here, opened, run, show_faults, show_json, show_table

if TYPE_CHECKING:
    from karat.models import ModelTest, ModelVersion


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
    show_faults(outcome.faults)


async def _try(data_dir: Path | None, model_id: UUID, project: UUID | None, n: int) -> "ModelTest":
    from karat.assist.trying import try_model
    from karat.assist.types import ModelTrial

    async with open_here(data_dir) as here:
        trial = ModelTrial(project_id=project, n=n)
        return await try_model(here.engine.database, here.caller, here.engine.models, model_id, trial)


@app.command("versions")
def versions(model_id: ModelId, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The versions of a model, newest first."""
    found = run(_versions(data_dir, model_id))
    if as_json:
        show_json(found)
        return
    rows = [(one.id, one.version, one.name, one.n_bytes, f"{one.created_at:%Y-%m-%d %H:%M}") for one in found]
    show_table(("id", "version", "name", "bytes", "since"), rows, "It has none.")


async def _versions(data_dir: Path | None, model_id: UUID) -> "list[ModelVersion]":
    from karat.models.service import list_versions

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        return await all_pages(lambda cursor: list_versions(db, here.caller, model_id, cursor, 500))
