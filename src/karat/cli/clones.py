"""`projects templates` and `projects clone`: what to start from."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karat.cli.datasets import find_dataset
from karat.cli.given import record_of
from karat.cli.project_setup import filled, tell_made
from karat.cli.projects import ProjectName, app, find_project
from karat.cli.shell import AsJson, DataDir, open_here, run, show_json, show_table

if TYPE_CHECKING:
    from karat.tasks import Project
    from karat.tasks.templates import ProjectTemplate


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
    project: ProjectName,
    name: Annotated[str, typer.Argument(help="Name of the new one.")],
    data_dir: DataDir = None,
    dataset: Annotated[str | None, typer.Option(help="Id or name of other data; the same if left out.")] = None,
    bare: Annotated[bool, typer.Option("--bare", help="Take over the ontology alone.")] = False,
    pilot: Annotated[bool, typer.Option("--pilot", help="Take over the pilot, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a project like this one, with nothing of what was answered."""
    made = run(_clone(project, name, data_dir, dataset, bare=bare, pilot=pilot))
    if as_json:
        show_json(made)
    else:
        tell_made(made)


async def _clone(
    wanted: str, name: str, data_dir: Path | None, dataset: str | None, *, bare: bool, pilot: bool
) -> "Project":
    from karat.tasks.cloning import ClonePart, NewClone, clone_project

    parts = set() if bare else {ClonePart.INSTRUCTIONS, ClonePart.TARGET}
    parts |= {ClonePart.PILOT} if pilot else set()
    async with open_here(data_dir) as here:
        project = await find_project(here, wanted)
        dataset_id = (await find_dataset(here, dataset)).id if dataset else None
        new = record_of(NewClone, {"name": name, "parts": parts, "dataset_id": dataset_id})
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            made = await clone_project(db, here.caller, project.id, new)
        return await filled(here, made)
