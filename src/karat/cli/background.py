"""Waiting for a job from the command line: beside a server it does the work, alone we do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

from karat.cli.shell import Here

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from karat.jobs import JobState

POLL_S = 0.2


class HasState(Protocol):
    """Something that a job makes."""

    @property
    def state(self) -> "JobState":
        """Where the job is."""
        ...


S = TypeVar("S", bound=HasState)


async def until_done(here: Here, look: Callable[[], Awaitable[S]], show: Callable[[S], None]) -> S:
    """Run what is queued until the job behind a record has ended, showing how far it is.

    A server on the same data folder may take the job first; then it is only watched. What follows from the job is done
    too, so the folder is left with nothing half-finished.
    """
    drain = asyncio.create_task(here.engine.runner().drain())
    while True:
        seen = await look()
        show(seen)
        if seen.state not in ("queued", "running"):
            await drain
            return seen
        if drain.done():
            drain.result()
            await asyncio.sleep(POLL_S)
            drain = asyncio.create_task(here.engine.runner().drain())
        await asyncio.sleep(POLL_S)


@asynccontextmanager
async def progress_bar(title: str, *, quiet: bool) -> "AsyncIterator[tuple[Progress, TaskID]]":
    """A bar on stderr, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        yield bar, bar.add_task(title, total=None)
