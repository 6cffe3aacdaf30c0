"""`projects create`, `projects change`, `projects start`: setting projects up."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from karat.cli.background import until_done
from karat.cli.datasets import find_dataset
from karat.cli.given import json_of, record_of, text_of, without_none
from karat.cli.projects import ProjectName, app, find_project
from karat.cli.shell import AsJson, DataDir, Here, open_here, run, show_json

if TYPE_CHECKING:
    from karat.tasks import Project

Instructions = Annotated[Path | None, typer.Option(help="Text file that annotators read, - for standard input.")]
Error = Annotated[float | None, typer.Option(help="Share of the labels that may be wrong, 0.01 say.")]
Confidence = Annotated[float | None, typer.Option(help="Of that promise, 0.95 say.")]
Overlap = Annotated[int | None, typer.Option(help="Answers for every task; without it, the router decides.")]
MaxAnswers = Annotated[int | None, typer.Option(help="Budget: human answers in all.")]
MaxCost = Annotated[int | None, typer.Option(help="Budget: money in all, in minor units; wants --price.")]
Price = Annotated[int | None, typer.Option(help="Of one answer, in minor units of --currency.")]
Currency = Annotated[str | None, typer.Option(help="ISO 4217, EUR say.")]


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    dataset: Annotated[str, typer.Argument(help="Id or name of the dataset.")],
    template: Annotated[str | None, typer.Option(help="One of `karat projects templates` to start from.")] = None,
    kind: Annotated[str | None, typer.Option(help="Of annotation; one of `karat kinds`.")] = None,
    label_class: Annotated[
        list[str] | None, typer.Option("--class", help="Name of a label class; may be repeated.")
    ] = None,
    instructions: Instructions = None,
    error: Error = None,
    confidence: Confidence = None,
    overlap: Overlap = None,
    max_answers: MaxAnswers = None,
    max_cost: MaxCost = None,
    price: Price = None,
    currency: Currency = None,
    pilot: Annotated[int | None, typer.Option(help="Label so many tasks first, and let the rest wait.")] = None,
    pilot_overlap: Annotated[int, typer.Option(help="People who label each task of the pilot.")] = 2,
    settings: Annotated[
        Path | None,
        typer.Option(help="JSON file of anything else that the API takes for a project; - for standard input."),
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make a project over all assets of a dataset."""
    given = json_of(settings) | without_none(
        name=name,
        template=template,
        kind=kind,
        classes=[{"name": one} for one in label_class] if label_class else None,
        instructions=text_of(instructions),
        pilot=None if pilot is None else {"n_tasks": pilot, "overlap": pilot_overlap},
    )
    target = _target(error, confidence, overlap, max_answers, max_cost, price, currency)
    made = run(_create(data_dir, dataset, _with_target(given, target)))
    if as_json:
        show_json(made)
    else:
        tell_made(made)


def _target(
    error: float | None,
    confidence: float | None,
    overlap: int | None,
    max_answers: int | None,
    max_cost: int | None,
    price: int | None,
    currency: str | None,
) -> dict[str, Any]:
    budget = without_none(max_answers=max_answers, max_cost=max_cost, price=price, currency=currency)
    return without_none(error=error, confidence=confidence, overlap=overlap, budget=budget or None)


def _with_target(given: dict[str, Any], target: dict[str, Any]) -> dict[str, Any]:
    """What a settings file says, with the parts of the target that options name.

    Raises:
        InputInvalid: the file's target has no parts.
    """
    from karat.cli.errors import InputInvalid
    from karat.errors import Fault

    if not target:
        return given
    said = given.get("target", {})
    if not isinstance(said, dict):
        message = "It is no object, so options cannot be added to it: leave it out of the file, or make it one."
        raise InputInvalid(faults=[Fault(code="malformed", message=message, where="target")])
    return given | {"target": said | target}


def tell_made(made: "Project") -> None:
    """One line about a new project."""
    typer.echo(f"{made.id}  {made.name}: {made.n_tasks:,} tasks")


async def _create(data_dir: Path | None, dataset: str, values: dict[str, Any]) -> "Project":
    from karat.tasks import create_project
    from karat.tasks.types import NewProject

    async with open_here(data_dir) as here:
        new = record_of(NewProject, {**values, "dataset_id": (await find_dataset(here, dataset)).id})
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            made = await create_project(db, here.caller, new)
        return await filled(here, made)


async def filled(here: Here, made: "Project") -> "Project":
    """The project once its tasks are made, by a server on the same folder or by us.

    Raises:
        TasksNotMade: the job that makes them has failed, or was cancelled.
    """
    from karat.cli.errors import TasksNotMade
    from karat.jobs import Job, list_jobs
    from karat.tasks import get_project

    database, caller = here.engine.database, here.caller

    async def look() -> Job:
        async with database.transaction(caller.tenant_id) as db:
            return (await list_jobs(db, caller, made.id, None, 1, name="tasks.fill")).items[0]

    job = await until_done(here, look, lambda _job: None)
    if job.state != "done":
        raise TasksNotMade(project=made.id, job=job.id, reason=job.error or f"the job was {job.state}")
    async with database.transaction(caller.tenant_id) as db:
        return await get_project(db, caller, made.id)


@app.command("change")
def change(
    project: ProjectName,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    instructions: Instructions = None,
    pause: Annotated[bool | None, typer.Option("--pause/--resume", help="Whether work is given out.")] = None,
    error: Error = None,
    confidence: Confidence = None,
    overlap: Overlap = None,
    max_answers: MaxAnswers = None,
    max_cost: MaxCost = None,
    price: Price = None,
    currency: Currency = None,
    no_budget: Annotated[bool, typer.Option("--no-budget", help="Take the budget away.")] = False,
    settings: Annotated[
        Path | None,
        typer.Option(help="JSON file of anything else that may change, sections say; - for standard input."),
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Change a project: name, instructions, target, budget; pause it, or let it go on. A budget is replaced whole."""
    given = json_of(settings) | without_none(
        name=name,
        instructions=text_of(instructions),
        state=None if pause is None else "paused" if pause else "running",
    )
    target = _target(error, confidence, overlap, max_answers, max_cost, price, currency)
    target |= {"budget": None} if no_budget else {}
    made = run(_change(data_dir, project, _with_target(given, target)))
    if as_json:
        show_json(made)
    else:
        typer.echo(f"{made.name} is {made.state}: {made.phase_sentence}")


async def _change(data_dir: Path | None, wanted: str, values: dict[str, Any]) -> "Project":
    from karat.tasks.projects import change_project
    from karat.tasks.types import ProjectPatch

    patch = record_of(ProjectPatch, values)
    async with open_here(data_dir) as here:
        project = await find_project(here, wanted)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            return await change_project(db, here.caller, project.id, patch)


@app.command("start")
def start(project: ProjectName, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """End the pilot, also before all of it is answered: from now on people are asked about the rest."""
    made = run(_start(data_dir, project))
    if as_json:
        show_json(made)
    else:
        typer.echo(f"{made.name}: {made.phase_sentence}")


async def _start(data_dir: Path | None, wanted: str) -> "Project":
    from karat.tasks.pilots import start_project

    async with open_here(data_dir) as here:
        project = await find_project(here, wanted)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            return await start_project(db, here.caller, project.id)
