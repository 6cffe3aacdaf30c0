"""The demo: a server, one run, and then the web app with the project in it."""

from contextlib import AbstractAsyncContextManager

from rich.console import Console

from karat import access
from karat.api.serve import PortInUse, Serving, free_port, serving, stop_signal
from karat.config import Settings
from karat.demo.digits import SAMPLE, SampleMissing
from karat.demo.run import DemoFailed, DemoRun
from karat.demo.types import DemoSettings
from karat.kit.logs import configure_logs


async def run_demo(settings: DemoSettings) -> int:
    """Run the demo and, unless told otherwise, stay up with its project open; the exit status.

    Raises:
        SampleMissing: not a source checkout.
    """
    if not SAMPLE.is_file():
        raise SampleMissing(path=str(SAMPLE))
    console = Console()
    settings.out.mkdir(parents=True, exist_ok=True)
    status = 0
    async with _open(settings, console) as server:
        finished = settings.out / "report.json"
        if finished.is_file() and settings.serve and not settings.again:
            console.print(f"The demo ran before: see {finished}. Use --again for a new run.")
        else:
            try:
                status = await DemoRun(settings, server, console).run()
            except* DemoFailed as failed:
                console.print(f"The demo stopped: {failed.exceptions[0]}", style="red")
                status = 1
        if settings.serve and not status:
            await _stay(server, console)
    return status


def _open(settings: DemoSettings, console: Console) -> AbstractAsyncContextManager[Serving]:
    """The server's context; on a free port when the usual one is taken."""
    port = settings.port if settings.serve else 0
    wanted = Settings.load(data_dir=settings.data_dir, port=port, log_level="warning")
    configure_logs(wanted.log_level)
    try:
        free_port(wanted.host, port)
    except PortInUse:
        console.print(f"Port {port} is taken, so a free one is used.")
        wanted = wanted.model_copy(update={"port": 0})
    return serving(wanted)


async def _stay(server: Serving, console: Console) -> None:
    owner = await access.operator(server.engine.database)
    assert owner is not None
    async with server.engine.database.transaction(owner.tenant_id) as db:
        code = await access.make_sign_in_code(db, owner)
    console.print("\nThe web app is up. Open it with this link, which signs you in once, within half an hour:")
    console.print(f"  {server.sign_in_link(code)}", soft_wrap=True, highlight=False)
    console.print("Stop with Ctrl-C.")
    await stop_signal()
