"""`jobs` and `chores`: background work, what of it failed, and what comes round by itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from karat.cli.shell import AsJson, DataDir, open_here, run, show_json, show_table

if TYPE_CHECKING:
    from karat.jobs import ChoreStatus, Job

app = typer.Typer(no_args_is_help=True, help="Background work.")
JobId = Annotated[UUID, typer.Argument(help="From `karat jobs list`.")]


@app.command("list")
def list_(
    data_dir: DataDir = None,
    state: Annotated[
        list[str] | None, typer.Option(help="Only queued, running, done, failed or cancelled; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """The newest jobs: what they do, how far they are, why they failed. Dead letters: --state failed."""
    jobs = run(_list(data_dir, state or [], limit))
    if as_json:
        show_json(jobs)
        return
    rows = [
        (one.id, one.title, one.state, _how_far(one), one.attempts, f"{one.created_at:%Y-%m-%d %H:%M:%S}", one.error)
        for one in jobs
    ]
    show_table(("id", "job", "state", "progress", "attempts", "since", "error"), rows, "There are no such jobs.")


async def _list(data_dir: Path | None, states: list[str], limit: int) -> "list[Job]":
    from karat.cli.errors import JobStateUnknown
    from karat.jobs import JobState, list_jobs

    if unknown := set(states) - set(JobState):
        raise JobStateUnknown(unknown=sorted(unknown), known=[one.value for one in JobState])
    chosen = [JobState(one) for one in states]
    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        return (await list_jobs(db, here.caller, None, None, limit, states=chosen)).items


def _how_far(job: "Job") -> str:
    """Its own words, or numbers; with the speed, while it runs."""
    parts = [job.message or ""]
    if not job.message and job.progress is not None:
        parts = [f"{job.progress:,}" + (f" of {job.total:,}" if job.total else "")]
    if job.state == "running" and job.rate_per_s:
        parts.append(f"{job.rate_per_s:,.1f}/s")
    if job.eta:
        parts.append(f"until {job.eta:%H:%M:%S}")
    if job.next_attempt_at:
        parts.append(f"next attempt {job.next_attempt_at:%H:%M:%S}")
    return ", ".join(filter(None, parts))


@app.command("retry")
def retry(job_id: JobId, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Have a job that failed for good, or was cancelled, tried anew by the server."""
    job = run(_change(data_dir, job_id, "retry_job"))
    if as_json:
        show_json(job)
    else:
        typer.echo(f"{job.title} waits again.")


@app.command("cancel")
def cancel(job_id: JobId, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Stop a job: at once while it waits, at its next step while it runs."""
    job = run(_change(data_dir, job_id, "cancel_job"))
    if as_json:
        show_json(job)
    else:
        typer.echo(f"{job.title} is {'cancelled' if job.state == 'cancelled' else 'asked to stop'}.")


async def _change(data_dir: Path | None, job_id: UUID, how: str) -> "Job":
    from karat import jobs

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        changed: Job = await getattr(jobs, how)(db, here.caller, job_id)
        return changed


def chores(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """What comes round by itself: its last round, when it is due, what went wrong last."""
    found = run(_chores(data_dir))
    if as_json:
        show_json(found)
        return
    rows = [
        (
            one.name,
            f"{one.every_s:g} s",
            f"{one.last_run_at:%Y-%m-%d %H:%M:%S}",
            f"{one.last_duration_s:.3f} s",
            one.failures_in_a_row or "",
            f"{one.error_at:%Y-%m-%d %H:%M:%S}: {one.error}" if one.error_at else "",
        )
        for one in found
    ]
    columns = ("chore", "every", "last round", "took", "failures in a row", "last error")
    show_table(columns, rows, "None has come round yet; they do while the server runs.")


async def _chores(data_dir: Path | None) -> "list[ChoreStatus]":
    from karat.jobs import list_chores

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        return await list_chores(db, here.caller)
