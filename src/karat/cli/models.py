"""`models`: your own models, registered and changed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from karat.cli.given import json_of, record_of, without_none
from karat.cli.shell import AsJson, DataDir, all_pages, open_here, run, show_json, show_table

if TYPE_CHECKING:
    from karat.models import Model

app = typer.Typer(no_args_is_help=True, help="Your own models.")
ModelId = Annotated[UUID, typer.Argument(help="From `karat models list`.")]
Headers = Annotated[
    list[str] | None, typer.Option("--header", help="`Name: value`, sent along and kept sealed; may be repeated.")
]


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
    settings: Annotated[Path | None, typer.Option(help="JSON file with more settings, - for standard input.")] = None,
    header: Headers = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Register a model: an ONNX file that is uploaded next, or one that is asked over HTTP."""
    given = json_of(settings) | {"adapter": adapter} | ({"url": url} if url else {})
    headers = dict(_header(one) for one in header or []) or None
    model = run(_add(data_dir, {"name": name, "kind": kind, "settings": given, "headers": headers}))
    if as_json:
        show_json(model)
    else:
        typer.echo(f"{model.id}  {model.name}")


def _header(text: str) -> tuple[str, str]:
    name, _, value = text.partition(":")
    return name.strip(), value.strip()


async def _add(data_dir: Path | None, new: dict[str, Any]) -> "Model":
    from karat.models.service import create_model
    from karat.models.types import NewModel

    body = record_of(NewModel, new)
    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        return await create_model(db, here.caller, here.engine.models, body)


@app.command("change")
def change(
    model_id: ModelId,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    url: Annotated[str | None, typer.Option(help="Another address; the headers have to be given again.")] = None,
    settings: Annotated[Path | None, typer.Option(help="JSON file of all settings, - for standard input.")] = None,
    header: Headers = None,
    no_headers: Annotated[bool, typer.Option("--no-headers", help="Send none any more.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Change a model's name, settings, address or headers; what is not given stays."""
    headers = {} if no_headers else dict(_header(one) for one in header or []) or None
    model = run(_change(data_dir, model_id, without_none(name=name, headers=headers), json_of(settings), url))
    if as_json:
        show_json(model)
    else:
        typer.echo(f"{model.id}  {model.name}")


async def _change(
    data_dir: Path | None, model_id: UUID, values: dict[str, Any], settings: dict[str, Any], url: str | None
) -> "Model":
    from karat.models import get_model
    from karat.models.service import change_model
    from karat.models.types import ModelChange

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        found = await get_model(db, here.caller, model_id)
        if settings or url:
            kept = settings or (found.settings.model_dump(mode="json") if found.settings else {})
            values["settings"] = kept | {"adapter": found.adapter} | without_none(url=url)
        return await change_model(db, here.caller, here.engine.models, model_id, record_of(ModelChange, values))


@app.command("delete")
def delete(model_id: ModelId, data_dir: DataDir = None) -> None:
    """Forget a model; refused while projects, tasks or the record of labels refer to it."""
    run(_delete(data_dir, model_id))
    typer.echo("Deleted.")


async def _delete(data_dir: Path | None, model_id: UUID) -> None:
    from karat.models.service import delete_model

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        await delete_model(db, here.caller, model_id)
