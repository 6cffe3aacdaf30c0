"""`karat`: every command, each imported with what it needs only when it runs."""

import typer

from karat.cli import about, keys, serving
from karat.cli.shell import KnownErrors

app = typer.Typer(
    name="karat",
    cls=KnownErrors,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with local variables would print secrets
    help="An open, self-hosted data engine: raw data in, labels of certified quality out.",
)

for command in (serving.serve, serving.demo, serving.sign_in_link, about.kinds, about.formats, about.version):
    app.command()(command)
app.add_typer(keys.app, name="keys")

if __name__ == "__main__":
    app()
