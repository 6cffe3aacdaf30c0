"""`serve`, `demo` and `sign-in-link`."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from karat.cli.shell import AsJson, DataDir, load_settings, open_here, run, show_json

URL_FILE = "server.url"


def serve(
    data_dir: DataDir = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; KARAT_HOST, or 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; KARAT_PORT, or 8484; 0 takes a free one.")] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the web app in the browser, signed in.")] = False,
) -> None:
    """Run the server: database, jobs, API and web app in one process, until Ctrl-C.

    The first start makes an owner, writes the owner's API key to owner.key in the data folder, and prints a link that
    signs you in once.
    """
    run(_serve(data_dir, host, port, open_browser=open_browser))


async def _serve(data_dir: Path | None, host: str | None, port: int | None, *, open_browser: bool) -> None:
    from karat.access import make_sign_in_code, operator
    from karat.api.serve import OWNER_KEY, serving, stop_signal

    settings = load_settings(data_dir=data_dir, host=host, port=port)
    stopped = asyncio.create_task(stop_signal())
    await asyncio.sleep(0)  # from here on a signal stops cleanly, also while the database is still starting
    async with serving(settings) as server:
        link = server.sign_in_link(server.first_owner.sign_in_code) if server.first_owner else None
        if link:
            key = settings.data_dir / OWNER_KEY
            typer.echo(f"Made a new installation in {settings.data_dir}. The owner's API key is in {key}.")
            typer.echo("This link signs you in, once, within half an hour:")
            typer.echo(f"  {link}")
        typer.echo(f"Karat answers at {server.url}; Ctrl-C stops it.")
        if not link:
            typer.echo(f"To sign in: karat sign-in-link --data-dir {settings.data_dir}")
        if open_browser:
            caller = None if link else await operator(server.engine.database)
            if caller is not None:
                async with server.engine.database.transaction(caller.tenant_id) as db:
                    link = server.sign_in_link(await make_sign_in_code(db, caller))
            typer.launch(link or server.url)
        url_file = settings.data_dir / URL_FILE
        url_file.write_text(server.url + "\n")
        try:
            await stopped
            typer.echo("Stopping.")
        finally:
            url_file.unlink(missing_ok=True)


def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="End when the report is written.")] = False,
    port: Annotated[int, typer.Option(help="Port of the web app; a free one is taken if it is in use.")] = 8484,
    seed: Annotated[int, typer.Option(help="Of the simulated people.")] = 0,
    out: Annotated[Path, typer.Option("--out", "--data-dir", help="Folder of report and data.")] = Path("karat-demo"),
    again: Annotated[bool, typer.Option("--again", help="Run anew although the folder holds a finished run.")] = False,
) -> None:
    """Label 10,000 real handwritten digits with simulated people, certify them, and show how."""
    from karat.demo import DemoSettings, run_demo

    status = run(run_demo(DemoSettings(out=out, port=port, seed=seed, serve=not no_serve, again=again)))
    raise typer.Exit(status)


def sign_in_link(
    data_dir: DataDir = None,
    url: Annotated[str | None, typer.Option(help="Address of the server, where it is not found by itself.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print a link that signs the owner in once, within half an hour."""
    link = run(_sign_in_link(data_dir, url))
    if as_json:
        show_json({"link": link})
    else:
        typer.echo(link)


async def _sign_in_link(data_dir: Path | None, url: str | None) -> str:
    from karat.access import make_sign_in_code

    async with open_here(data_dir) as here:
        settings, database = here.engine.settings, here.engine.database
        async with database.transaction(here.caller.tenant_id) as db:
            code = await make_sign_in_code(db, here.caller)
        if url is None:
            url = settings.public_url or f"http://{settings.host}:{settings.port}"
            with suppress(OSError):  # no server runs on the folder
                url = (settings.data_dir / URL_FILE).read_text().strip()
    return f"{url.rstrip('/')}/sign-in#{code}"
