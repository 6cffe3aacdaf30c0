"""What `backup` and `restore` say of what they did, and while they do it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from karat.cli.shell import show_json

if TYPE_CHECKING:
    from karat.operations import BackupReport, Progress
    from karat.operations.types import BucketPart, RestoreReport

UNITS = ("B", "kB", "MB", "GB", "TB")


def show_report(report: "BackupReport", word: str, *, as_json: bool) -> None:
    """A backup in a sentence, what is not in it, and exit status 1 where something should have been.

    Args:
        word: what was done with it.
    """
    if as_json:
        show_json(report)
    else:
        media = f"{report.n_media:,} media ({_bytes(report.media_bytes)})" if report.has_media else "without media"
        secret = "with secret.key" if report.has_secret else "without secret.key"
        sealed = ", encrypted" if report.is_sealed else ""
        typer.echo(
            f"{word}: {report.file} ({_bytes(report.n_bytes)}{sealed}), the state of {report.taken_at:%Y-%m-%d %H:%M:%S} "
            f"UTC: {report.n_rows:,} rows of {report.n_tables} tables, {media}, {secret}."
        )
        _show_elsewhere(report.elsewhere)
    if report.n_missing or report.n_damaged:
        _warn(
            f"{report.n_missing:,} media that rows refer to are not in the storage, {report.n_damaged:,} are damaged "
            "there; the manifest in the archive names them."
        )
        raise typer.Exit(1)


def show_restored(report: "RestoreReport", *, as_json: bool) -> None:
    """A restore in sentences, and exit status 1 where media are missing."""
    if as_json:
        show_json(report)
    else:
        typer.echo(
            f"Restored the state of {report.taken_at:%Y-%m-%d %H:%M:%S} UTC into {report.data_dir}: {report.n_rows:,} "
            f"rows, {report.n_media:,} media."
        )
        if report.from_revision != report.revision:
            typer.echo(f"The schema was brought from {report.from_revision} to {report.revision}.")
        if report.n_jobs_queued:
            typer.echo(f"{report.n_jobs_queued:,} jobs wait; they go on when the server starts.")
        _show_elsewhere(report.elsewhere)
    if report.n_missing:
        _warn(
            f"{report.n_missing:,} media that rows refer to are nowhere: they were missing or damaged when the backup was "
            "made, or are not in the folder that was given."
        )
        raise typer.Exit(1)


def _show_elsewhere(buckets: "Sequence[BucketPart]") -> None:
    """What stays in buckets."""
    for one in buckets:
        typer.echo(
            f"Not in it: {one.n_files:,} media ({_bytes(one.n_bytes)}) that stay in the {one.kind} bucket {one.bucket} "
            f"(connection “{one.connection}”). They are read there; keep the bucket."
        )


def _warn(sentence: str) -> None:
    """In red, on stderr."""
    typer.secho(sentence, err=True, fg=typer.colors.RED)


def _bytes(n: float) -> str:
    for unit in UNITS:
        if n < 1000 or unit == UNITS[-1]:
            return f"{n:,.0f} {unit}" if unit == "B" else f"{n:,.1f} {unit}"
        n /= 1000
    raise AssertionError


@contextmanager
def progress_line(*, quiet: bool) -> "Iterator[Progress]":
    """A line for each step on stderr, where that is a terminal."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        steps: dict[str, Any] = {}

        def show(step: str, done: int, total: int | None) -> None:
            if step not in steps:
                steps[step] = bar.add_task(step, total=total)
            bar.update(steps[step], completed=done, total=total)

        yield show
