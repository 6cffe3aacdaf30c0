"""`karat …` as a process of its own, without waiting for its imports each time.

A process that has imported Karat once forks for every command: arguments, environment, standard streams and exit status are
those of a process that was started, and so is what happens at its end.
"""

import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Commands:
    """Runs commands, one after the other."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src")))}
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.support.commands"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, arguments: list[str], environment: Mapping[str, str], given: bytes = b"") -> "Done":
        """Run `karat` with these arguments to its end.

        Args:
            given: to its standard input.
        """
        assert self._parent.stdin and self._parent.stdout
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "stdin").write_bytes(given)
            order = {"arguments": arguments, "environment": dict(environment), "folder": folder}
            self._parent.stdin.write(json.dumps(order) + "\n")
            self._parent.stdin.flush()
            status = int(self._parent.stdout.readline())
            out, err = ((Path(folder) / name).read_text() for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(arguments, status, out, err)

    def close(self) -> None:
        """End it."""
        assert self._parent.stdin and self._parent.stdout
        self._parent.stdin.close()
        self._parent.wait(30)
        self._parent.stdout.close()


Done = subprocess.CompletedProcess[str]


def _next_order() -> list[str]:
    """Fork for every order; the arguments of the first, in its child."""
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            return _become(order)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    return []


def _become(order: dict[str, object]) -> list[str]:
    os.environ.clear()
    os.environ.update(order["environment"])  # type: ignore[call-overload]
    folder = Path(str(order["folder"]))
    for number, name, flags in ((0, "stdin", os.O_RDONLY), (1, "stdout", os.O_WRONLY), (2, "stderr", os.O_WRONLY)):
        os.dup2(os.open(folder / name, flags | os.O_CREAT, 0o600), number)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - what was read ahead of it was the parent's
    arguments: list[str] = order["arguments"]  # type: ignore[assignment]
    return arguments


if __name__ == "__main__":
    import uvloop  # noqa: F401

    import karat.api.app
    import karat.api.serve  # noqa: F401
    from karat.cli.main import app

    gc.freeze()  # children do not copy what they only look at
    if arguments := _next_order():
        sys.argv = ["karat", *arguments]
        app()
