"""What every command shares: known errors in plain words, bugs with their traceback, options handed on."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import karat.demo
from karat.cli import serving
from karat.cli.main import app
from karat.cli.shell import KnownErrors, explain
from karat.demo import DemoSettings
from karat.errors import Fault, Invalid, NotFound


def test_an_error_is_told_with_its_detail_its_data_its_faults_and_their_hints() -> None:
    faults = [
        Fault(code="a", message="It is empty.", where="row 3", hint="Fill it in."),
        Fault(code="b", message="It is long.", where="row 4"),
    ]

    lines = explain(Invalid("Two rows.", faults=faults, table_name="t.csv", known=["x", "y"], missing=None))

    assert lines == [
        "Error: The request is not valid; `faults` lists everything found. Two rows. (table name: t.csv, known: x, y)",
        "  row 3: It is empty. Fill it in.",
        "  row 4: It is long.",
    ]


def test_a_bug_is_not_explained_away() -> None:
    assert explain(RuntimeError("unexpected")) is None


def test_a_known_error_ends_with_status_one_and_a_bug_comes_through() -> None:
    program = typer.Typer(cls=KnownErrors)

    @program.command()
    def known() -> None:
        raise NotFound

    @program.command()
    def bug() -> None:
        raise ZeroDivisionError

    assert CliRunner().invoke(program, ["known"]).exit_code == 1
    assert isinstance(CliRunner().invoke(program, ["bug"]).exception, ZeroDivisionError)


def test_the_demo_gets_its_options_and_gives_its_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[DemoSettings] = []
    monkeypatch.setattr(karat.demo, "run_demo", lambda settings: seen.append(settings) or 3)
    monkeypatch.setattr(serving, "run", lambda status: status)

    done = CliRunner().invoke(app, ["demo", "--no-serve", "--port", "0", "--seed", "7", "--out", "there", "--again"])

    assert done.exit_code == 3
    assert seen == [DemoSettings(out=Path("there"), port=0, seed=7, serve=False, again=True)]
