"""`python -m karat`."""

from karat.cli.main import app

app()
