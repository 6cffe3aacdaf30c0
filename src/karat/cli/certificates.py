"""`certificate`: listing, saving, and verifying one without a server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from karat.cli.projects import ProjectName, find_project
from karat.cli.shell import AsJson, DataDir, all_pages, open_here, opened, run, show_json, show_table
from karat.cli.writing import written

if TYPE_CHECKING:
    from karat.quality.types import CertificateSummary
    from karat.quality.verification import VerificationReport

app = typer.Typer(no_args_is_help=True, help="Certificates.")


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="The certificate.")],
    labels: Annotated[Path | None, typer.Option(help="The delivery in Karat JSONL, to compare with.")] = None,
    public_key: Annotated[
        str | None, typer.Option(help="The issuer's key in hexadecimal, from a source other than the file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute everything that a certificate says, without a server; exit status 1 when it is refused."""
    from karat.quality.verification import verify as verify_bytes

    with opened(file) as stream:
        content = stream.read()
    if labels is None:
        report = verify_bytes(content, expected_public_key=public_key)
    else:
        with opened(labels) as stream:
            report = verify_bytes(content, labels=stream, expected_public_key=public_key)
    if as_json:
        show_json(report)
    else:
        _tell(report)
    raise typer.Exit(0 if report.is_valid else 1)


def _tell(report: "VerificationReport") -> None:
    for check in report.checks:
        mark, colour = {
            True: ("passed ", typer.colors.GREEN),
            False: ("FAILED ", typer.colors.RED),
            None: ("skipped", typer.colors.YELLOW),
        }[check.passed]
        typer.echo(f"{typer.style(mark, fg=colour)}  {check.name:10} {check.sentence}")
    if not report.is_valid:
        typer.secho("The certificate is refused.", fg=typer.colors.RED, bold=True)
        return
    assert report.certificate is not None
    typer.echo(f"\n{report.certificate.statement}\n")
    signer = "" if report.is_pinned else " Who signed it was not asked: give --public-key."
    typer.secho(f"The certificate is valid.{signer}", fg=typer.colors.GREEN, bold=True)


@app.command("list")
def list_(project: ProjectName, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The certificates of a project, newest first."""
    found = run(_list(data_dir, project))
    if as_json:
        show_json(found)
        return
    rows = [
        (one.id, f"{one.issued_at:%Y-%m-%d %H:%M}", f"{one.error_upper_bound:.2%}", f"{one.n_labels:,}", one.statement)
        for one in found
    ]
    show_table(("id", "issued", "error at most", "labels", ""), rows, "There is no certificate yet.")


async def _list(data_dir: Path | None, wanted: str) -> "list[CertificateSummary]":
    from karat.quality.certificates import list_certificates

    async with open_here(data_dir) as here:
        project = await find_project(here, wanted)
        async with here.engine.database.transaction(here.caller.tenant_id) as db:
            return await all_pages(lambda cursor: list_certificates(db, here.caller, project.id, cursor, 500))


@app.command("save")
def save(
    certificate_id: Annotated[UUID, typer.Argument(help="From `karat certificate list`.")],
    file: Annotated[Path, typer.Argument(help="Where to write the signed document.")],
    data_dir: DataDir = None,
) -> None:
    """Write a certificate to a file, for whoever is to verify it."""
    content = run(_save(data_dir, certificate_id))
    with written(file) as stream:
        stream.write(content)
    typer.echo(f"{file}: compare the key that `karat certificate key` prints by a way that you trust.")


async def _save(data_dir: Path | None, certificate_id: UUID) -> bytes:
    from karat.quality.certificates import certificate_file

    async with open_here(data_dir) as here, here.engine.database.transaction(here.caller.tenant_id) as db:
        return await certificate_file(db, here.caller, certificate_id)


@app.command("key")
def key(data_dir: DataDir = None) -> None:
    """Print the public key that this installation signs with, in hexadecimal."""
    typer.echo(run(_key(data_dir)))


async def _key(data_dir: Path | None) -> str:
    async with open_here(data_dir) as here:
        return here.engine.public_key
