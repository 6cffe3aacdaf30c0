"""`certificate`: verifying one without a server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karat.cli.shell import AsJson, opened, show_json

if TYPE_CHECKING:
    from karat.quality.verification import VerificationReport

app = typer.Typer(no_args_is_help=True, help="Certificates.")


@app.callback()
def _group() -> None:
    """Keeps `verify` a command of its own while it is the only one."""


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
