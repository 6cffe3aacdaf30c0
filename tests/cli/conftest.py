"""The command line as people run it: a process of its own, with its exit status and its words."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.examples import write_examples

ROOT = Path(__file__).parents[2]
Karat = Callable[..., subprocess.CompletedProcess[str]]


def environment(**settings: str) -> dict[str, str]:
    """Ours, without the settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KARAT_")}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1", **settings}


@pytest.fixture(scope="session")
def karat() -> Karat:
    """Run a command to its end."""

    def run(*arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "karat", *map(str, arguments)]
        return subprocess.run(
            command, env=environment(**settings), capture_output=True, text=True, timeout=120, check=False
        )

    return run


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


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server on a new folder."""
    server = Served(tmp_path_factory.mktemp("cli") / "data")
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
