"""`audit`: the record of what happened, and whether anybody has changed it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karat.cli.shell import AsJson, DataDir, open_here, opened, run, show_json

if TYPE_CHECKING:
    from karat.audit.chain import ChainReport, Seal

app = typer.Typer(no_args_is_help=True, help="The audit record.")


@app.command("verify")
def verify(
    data_dir: DataDir = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="A seal that was kept elsewhere, from `karat audit checkpoint`.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute the chain of entries and say where it is broken first. Exit status 1 when it is."""
    report = run(_verify(data_dir, checkpoint))
    broken = report.broken
    if as_json:
        facts = {"is_whole": broken is None, "n_entries": report.n_entries, "head_sha256": report.head.hex()}
        found = None if broken is None else {"position": broken.position, "code": broken.code, "said": broken.sentence}
        show_json({**facts, "broken": found})
    elif broken is None:
        kept = "" if checkpoint else " That nothing was cut off its end, only a checkpoint kept elsewhere can show."
        typer.echo(f"The chain is whole: {report.n_entries:,} sealed entries.{kept}")
    else:
        typer.secho(f"The chain is broken at entry {broken.position}: {broken.sentence}", fg=typer.colors.RED)
    raise typer.Exit(0 if broken is None else 1)


async def _verify(data_dir: Path | None, checkpoint: Path | None) -> "ChainReport":
    from pydantic import ValidationError

    from karat.audit.chain import Seal
    from karat.audit.sealing import verify
    from karat.cli.errors import CheckpointUnreadable

    seal = None
    if checkpoint is not None:
        with opened(checkpoint) as stream:
            content = stream.read()
        try:
            seal = Seal.model_validate_json(content)
        except ValidationError as error:
            raise CheckpointUnreadable(file=checkpoint) from error
    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        return await verify(db, here.caller, here.engine.public_key, seal)


@app.command("checkpoint")
def checkpoint(data_dir: DataDir = None) -> None:
    """Print the newest seal as JSON.

    Kept outside this machine, it shows later that nothing was cut off or rewritten.
    """
    seal = run(_checkpoint(data_dir))
    typer.echo(seal.model_dump_json(indent=2))


async def _checkpoint(data_dir: Path | None) -> "Seal":
    from karat.audit.sealing import last_seal
    from karat.cli.errors import NothingSealed

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        seal = await last_seal(db, here.caller)
    if seal is None:
        raise NothingSealed
    return seal
