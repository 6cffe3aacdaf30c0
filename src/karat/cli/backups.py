"""`backup` and `restore`: the whole installation in one file, and back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from karat.cli.backup_report import progress_line, show_report, show_restored
from karat.cli.shell import AsJson, DataDir, load_settings, opened, run

if TYPE_CHECKING:
    from karat.operations import BackupReport, Progress
    from karat.operations.types import RestoreReport

PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help="File whose first line is the passphrase of the encryption.")
]


class BackupGroup(TyperGroup):
    """`karat backup FILE` is `karat backup create FILE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put in the word that may be left out."""
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["create", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=BackupGroup, no_args_is_help=True, help="The whole installation in one file. `create` may be left out."
)


@app.command("create")
def create(
    target: Annotated[Path, typer.Argument(help="The file to write, or a folder in which it gets a name.")],
    data_dir: DataDir = None,
    passphrase_file: PassphraseFile = None,
    without_secret: Annotated[
        bool, typer.Option("--without-secret", help="Leave secret.key out; keep it apart, restoring needs it.")
    ] = False,
    without_media: Annotated[
        bool, typer.Option("--without-media", help="Leave media out; restoring needs the folder that holds them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Back up database, media and secret.key, also while the server works.

    Exit status 1 when media are missing or damaged: the backup is made all the same, without them.
    """
    with progress_line(quiet=as_json) as progress:
        with_secret, with_media = not without_secret, not without_media
        report = run(
            _create(target, data_dir, passphrase_file, progress, with_secret=with_secret, with_media=with_media)
        )
    show_report(report, "Backed up", as_json=as_json)


async def _create(
    target: Path,
    data_dir: Path | None,
    passphrase_file: Path | None,
    progress: "Progress",
    *,
    with_secret: bool,
    with_media: bool,
) -> "BackupReport":
    from karat.kit import utc_now
    from karat.operations import back_up

    return await back_up(
        load_settings(data_dir=data_dir),
        target,
        utc_now(),
        passphrase=_passphrase(passphrase_file),
        with_secret=with_secret,
        with_media=with_media,
        progress=progress,
    )


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    passphrase_file: PassphraseFile = None,
    public_key: Annotated[str | None, typer.Option(help="The installation's public key, as it must be.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read a backup to its last byte and check all of it; needs no server and no database."""
    from karat.operations import verify_backup

    with opened(file), progress_line(quiet=as_json) as progress:
        report = verify_backup(file, passphrase=_passphrase(passphrase_file), public_key=public_key, progress=progress)
    show_report(report, "Whole", as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    data_dir: DataDir = None,
    passphrase_file: PassphraseFile = None,
    secret_key: Annotated[
        Path | None, typer.Option("--secret-key", help="secret.key, where the backup was made without it.")
    ] = None,
    media: Annotated[
        Path | None, typer.Option("--media", help="Folder of the media, where the backup was made without them.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the installation of a backup anew, in a folder that is empty or not there yet; whole or not at all.

    With KARAT_DATABASE_URL the rows go into that database, which must be empty. Exit status 1 when media are missing: the
    rest is restored all the same.
    """
    with opened(file), progress_line(quiet=as_json) as progress:
        report = run(_restore(file, data_dir, passphrase_file, secret_key, media, progress))
    show_restored(report, as_json=as_json)


async def _restore(
    file: Path,
    data_dir: Path | None,
    passphrase_file: Path | None,
    secret_key: Path | None,
    media: Path | None,
    progress: "Progress",
) -> "RestoreReport":
    from karat.operations import restore

    return await restore(
        load_settings(data_dir=data_dir),
        file,
        passphrase=_passphrase(passphrase_file),
        secret_key=secret_key,
        media=media,
        progress=progress,
    )


def _passphrase(file: Path | None) -> str | None:
    if file is None:
        return None
    with opened(file) as stream:
        return stream.readline().decode().rstrip("\r\n")
