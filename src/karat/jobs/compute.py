"""Heavy arithmetic in a process of its own: the server stays quick and small, and gets its memory back afterwards."""

import asyncio
import ctypes
import multiprocessing
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from typing import Any

IDLE_S = 30.0


class Compute:
    """One worker process, started when needed and ended when idle."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._running = 0
        self._idle: asyncio.TimerHandle | None = None

    async def run(self, function: str, *args: Any) -> Any:
        """Call a function in the worker; arguments and result travel by pickle within this machine.

        Args:
            function: `package.module:name`. Named, not passed, so that the server never imports what only the worker
                needs.
        """
        if self._idle:
            self._idle.cancel()
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_prepare, initargs=(os.getpid(),))
        self._running += 1
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.wrap_future(self._pool.submit(_call, function, args))
        except BrokenProcessPool:
            self._pool = None  # the next call gets a new worker
            raise
        finally:
            self._running -= 1
            if not self._running:
                self._idle = loop.call_later(IDLE_S, self.close)

    def close(self) -> None:
        """End the worker now; a call that runs fails."""
        pool, self._pool = self._pool, None
        if pool is not None:
            for process in list((pool._processes or {}).values()):
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)


def _call(function: str, args: tuple[Any, ...]) -> Any:
    module, _, name = function.partition(":")
    return getattr(import_module(module), name)(*args)


def _prepare(parent: int) -> None:
    """End with the server, leave Ctrl-C to it, and stay off the cores that answer requests."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)
    os.nice(5)
