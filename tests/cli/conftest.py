"""The command line as people run it: a process of its own, with its exit status and its words."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.commands import ROOT, Commands
from tests.support.examples import write_examples

Karat = Callable[..., subprocess.CompletedProcess[str]]
OPEN = {"KARAT_OUTBOUND_ALLOW": "127.0.0.1"}


def environment(**settings: str) -> dict[str, str]:
    """Ours, without the settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KARAT_")}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1", **settings}


@pytest.fixture(scope="session")
def karat() -> Iterator[Karat]:
    """Run a command to its end."""
    commands = Commands()

    def run(*arguments: str | Path, given: bytes = b"", **settings: str) -> subprocess.CompletedProcess[str]:
        return commands.run([*map(str, arguments)], environment(**settings), given)

    yield run
    commands.close()


class Served:
    """A `karat serve` on a folder, started by the test."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self.settings = {"KARAT_LOG_LEVEL": "error", **settings}
        self.lines: list[str] = []

    def start(self) -> None:
        """Start it and wait until it says that it answers."""
        command = [sys.executable, "-m", "karat", "serve", "--data-dir", str(self.data_dir), "--port", "0"]
        self.process = subprocess.Popen(
            command,
            env=environment(**self.settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if line.startswith("Karat answers at"):
                return
        raise AssertionError("\n".join(self.lines))

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.lines[-1].split()[3].rstrip(";")

    def stop(self) -> int:
        """Ask it to stop; its exit status."""
        self.process.terminate()
        return self.process.wait(60)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server on a new folder that all modules share; nobody stops it. It may connect to this machine."""
    server = Served(tmp_path_factory.mktemp("cli") / "data", **OPEN)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server on a new folder that the tests of a module may stop and look into."""
    server = Served(tmp_path_factory.mktemp("own") / "data")
    server.start()
    yield server
    if server.process.poll() is None:
        server.stop()


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photos, a certificate, its labels, its issuer's key."""
    folder = tmp_path_factory.mktemp("papers")
    write_examples(folder)
    return folder
