"""`bench`: measurements, which belong to a source checkout."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

BENCH = Path(__file__).parents[3] / "bench"


def bench(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="server, quality, footprint …: a script in `bench/`.")],
) -> None:
    """Measure this machine with a script of the source checkout; options after the name are the script's own."""
    from karat.cli.errors import BenchUnknown, NoSourceCheckout

    scripts = sorted(path.stem for path in BENCH.glob("*.py"))
    if not scripts:
        raise NoSourceCheckout(missing=BENCH)
    if name not in scripts:
        raise BenchUnknown(name=name, known=scripts)
    raise typer.Exit(subprocess.run([sys.executable, BENCH / f"{name}.py", *context.args], check=False).returncode)
