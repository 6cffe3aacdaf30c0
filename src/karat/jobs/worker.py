"""The compute process: `python -m karat.jobs.worker PARENT_PID`. Answers calls from its standard input until that ends."""

import ctypes
import os
import pickle
import signal
import sys
import traceback
from importlib import import_module
from typing import Any, BinaryIO

from karat.jobs.compute import LENGTH


def main(parent: int) -> None:
    """Serve; what the functions print goes to stderr, since stdout carries the answers."""
    _end_with(parent)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    calls = sys.stdin.buffer
    while header := calls.read(LENGTH.size):
        (size,) = LENGTH.unpack(header)
        function, args = pickle.loads(calls.read(size))  # noqa: S301 - our own parent wrote it
        _send(answers, _answer(function, args))


def _answer(function: str, args: tuple[Any, ...]) -> bytes:
    try:
        module, _, name = function.partition(":")
        return pickle.dumps((True, getattr(import_module(module), name)(*args)), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        error.add_note(f"in the compute process:\n{traceback.format_exc()}")
        try:
            return pickle.dumps((False, error))
        except Exception:  # an error that cannot travel is told by its text
            return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))


def _send(answers: BinaryIO, message: bytes) -> None:
    answers.write(LENGTH.pack(len(message)) + message)
    answers.flush()


def _end_with(parent: int) -> None:
    """End with the server even if that is killed, leave Ctrl-C to it, and give way to it on a busy machine."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            sys.exit(1)
    os.nice(5)


if __name__ == "__main__":
    main(int(sys.argv[1]))
