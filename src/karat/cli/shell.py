"""What all commands share: how they start, how they speak, how they fail.

Nothing heavy is imported here: `karat --help` must come at once.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, TypeVar

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from karat.api.engine import Engine
    from karat.config import Settings
    from karat.errors import Fault, KaratError
    from karat.kit import Caller, Page

T = TypeVar("T")
FAULTS_SHOWN = 50

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Folder of database, media and keys; KARAT_DATA_DIR, or karat-data.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


class KnownErrors(TyperGroup):
    """The commands, with Karat's own errors as one clear line instead of a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command; exit status 1 after a known error."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            lines = explain(error)
            if lines is None:
                raise
            for line in lines:
                typer.secho(line, err=True, fg=typer.colors.RED if line is lines[0] else None)
            raise typer.Exit(1) from error


def explain(error: Exception) -> list[str] | None:
    """What a known error says to people, line by line; None for a bug, which keeps its traceback."""
    if "karat.errors" in sys.modules:
        from karat.errors import KaratError

        if isinstance(error, KaratError):
            return _lines_of(error)
    if "pydantic" in sys.modules:
        from pydantic import ValidationError

        if isinstance(error, ValidationError) and error.title == "Settings":
            faults = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors(include_url=False)]
            return [
                "Error: a setting is not valid.",
                *(f"  KARAT_{name.upper()}: {message}" for name, message in faults),
            ]
    return None


def _lines_of(error: "KaratError") -> list[str]:
    details = ", ".join(
        f"{name.replace('_', ' ')}: {_short(value)}"
        for name, value in error.data.items()
        if name != "faults" and value is not None
    )
    said = f"{error.title()} {error.detail}" if error.detail and error.detail != error.title() else error.title()
    faults = error.data.get("faults") or []
    return [
        f"Error: {said}{f' ({details})' if details else ''}",
        *map(fault_line, faults),
    ]


def fault_line(fault: "Fault") -> str:
    """What is wrong, where, and what to do."""
    return f"  {fault.where}: {fault.message}{f' {fault.hint}' if fault.hint else ''}"


def show_faults(faults: "Sequence[Fault]", n_faults: int | None = None, rest: str = "") -> None:
    """Faults on stderr, the first of them where there are many.

    Args:
        n_faults: how many there are in all.
        rest: where the others are told.
    """
    for fault in faults[:FAULTS_SHOWN]:
        typer.echo(fault_line(fault), err=True)
    if (more := (n_faults or len(faults)) - min(len(faults), FAULTS_SHOWN)) > 0:
        typer.echo(f"  … and {more:,} more{rest}.", err=True)


def _short(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work to its end."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def load_settings(**chosen: object) -> "Settings":
    """Settings from the environment, under what the command line chose; logs are set up by them."""
    from karat.config import Settings
    from karat.kit.logs import configure_logs

    settings = Settings.load(None, **chosen)
    configure_logs(settings.log_level)
    return settings


@dataclass(frozen=True, slots=True)
class Here:
    """The installation in a data folder, and its operator as the caller of every service."""

    engine: "Engine"
    caller: "Caller"


@asynccontextmanager
async def open_here(data_dir: Path | None) -> AsyncIterator[Here]:
    """The installation in this folder, beside a server that runs on it or alone.

    Raises:
        NoDataFolder: a mistyped path must not become a new, empty installation.
        NotSetUp: it was never started.
    """
    from karat.access import operator
    from karat.api.engine import open_engine
    from karat.cli.errors import NoDataFolder, NotSetUp

    settings = load_settings(data_dir=data_dir)
    if not (settings.data_dir / "secret.key").is_file():
        raise NoDataFolder(data_dir=settings.data_dir)
    async with open_engine(settings) as engine:
        caller = await operator(engine.database)
        if caller is None:
            raise NotSetUp(data_dir=settings.data_dir)
        yield Here(engine, caller)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file that somebody named.

    Raises:
        FileUnreadable: it is not there, or not for us.
    """
    from karat.cli.errors import FileUnreadable

    try:
        stream = path.open("rb")
    except OSError as error:
        raise FileUnreadable(file=path, reason=error.strerror) from error
    with stream:
        yield stream


async def all_pages(fetch: "Callable[[str | None], Awaitable[Page[T]]]") -> list[T]:
    """Everything that a cursor list has."""
    page = await fetch(None)
    items = list(page.items)
    while page.next_cursor:
        page = await fetch(page.next_cursor)
        items += page.items
    return items


def show_json(value: object) -> None:
    """A record, or a list of them, as JSON on stdout."""
    from pydantic import TypeAdapter

    typer.echo(json.dumps(TypeAdapter(Any).dump_python(value, mode="json"), indent=2, ensure_ascii=False))


def show_table(columns: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> None:
    """Rows for people; plain text when the output is no terminal.

    Args:
        empty: what to say when there are none.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    if not rows:
        typer.echo(empty)
        return
    table = Table(*columns, box=box.SIMPLE_HEAD if sys.stdout.isatty() else None, pad_edge=False)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    # Off a terminal nothing is folded: whoever reads it there wants whole ids.
    Console(width=None if sys.stdout.isatty() else 10_000, markup=False).print(table)
