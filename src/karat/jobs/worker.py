"""The compute process: answers calls from its standard input until that ends.

`python -m karat.jobs.worker PARENT_PID MEMORY_BYTES CPU_S`, 0 for no limit.
"""

import ctypes
import os
import pickle
import resource
import signal
import sys
import traceback
from importlib import import_module
from typing import Any, BinaryIO

from karat.jobs.compute import LENGTH


def main(parent: int, memory_bytes: int, cpu_s: int) -> None:
    """Serve; what the functions print goes to stderr, since stdout carries the answers."""
    _end_with(parent)
    if memory_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    calls = sys.stdin.buffer
    while header := calls.read(LENGTH.size):
        (size,) = LENGTH.unpack(header)
        function, args = pickle.loads(calls.read(size))  # noqa: S301 - our own parent wrote it
        if cpu_s:
            _allow_cpu(cpu_s)
        _send(answers, _answer(function, args))


def _allow_cpu(seconds: int) -> None:
    """From now on; the kernel ends the process that goes on after that."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, resource.RLIM_INFINITY))


def _answer(function: str, args: tuple[Any, ...]) -> bytes:
    try:
        module, _, name = function.partition(":")
        return pickle.dumps((True, getattr(import_module(module), name)(*args)), protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        os._exit(1)  # nothing more can be relied on here; the caller learns that the call was lost
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
    main(*map(int, sys.argv[1:4]))
