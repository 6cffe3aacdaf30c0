"""`jobs`: background work."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karat.cli.shell import AsJson, DataDir, open_here, run, show_json, show_table

if TYPE_CHECKING:
    from karat.jobs import Job

app = typer.Typer(no_args_is_help=True, help="Background work.")


@app.callback()
def _group() -> None:
    """Keeps `list` a command of its own while it is the only one."""


@app.command("list")
def list_(
    data_dir: DataDir = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """The newest jobs: what they do, how far they are, why they failed."""
    jobs = run(_list(data_dir, limit))
    if as_json:
        show_json(jobs)
        return
    rows = [
        (one.id, one.title, one.state, one.message, f"{one.created_at:%Y-%m-%d %H:%M:%S}", one.error) for one in jobs
    ]
    show_table(("id", "job", "state", "progress", "since", "error"), rows, "There are no jobs.")


async def _list(data_dir: Path | None, limit: int) -> "list[Job]":
    from karat.jobs import list_jobs

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        return (await list_jobs(db, here.caller, None, None, limit)).items
