"""Heavy arithmetic in a process of its own: the server stays quick and small, and gets its memory back afterwards.

Messages are pickles with their length in front, over the pipes of a child that this very program starts; nothing from
outside ever takes that way.
"""

import asyncio
import os
import pickle
import struct
import sys
from asyncio.subprocess import PIPE, Process
from typing import Any

from karat.errors import Unavailable

IDLE_S = 30.0
LENGTH = struct.Struct(">Q")


class ComputeLost(Unavailable):
    """The process that does the arithmetic ended unexpectedly, perhaps for want of memory."""

    code = "jobs.compute_lost"


class Compute:
    """One worker process, started when needed and ended when idle; calls take turns.

    Args:
        memory_bytes: of address space, at most; for calls that meet bytes which a stranger sent. What would take more
            ends the worker, and the call is lost.
        cpu_s: of one call, in seconds of processor time.
    """

    def __init__(self, memory_bytes: int | None = None, cpu_s: int | None = None) -> None:
        self._limits = (memory_bytes, cpu_s)
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._idle: asyncio.TimerHandle | None = None

    async def run(self, function: str, *args: Any) -> Any:
        """Call a function in the worker.

        Args:
            function: `package.module:name`. Named, not passed, so that the server never imports what only the worker
                needs.

        Raises:
            ComputeLost: the worker died; the next call gets a new one.
        """
        if self._idle:
            self._idle.cancel()
        self._waiting += 1
        try:
            async with self._turn:
                return await self._call(function, args)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._idle = asyncio.get_running_loop().call_later(IDLE_S, self.close)

    def close(self) -> None:
        """End the worker now; a call that runs fails."""
        if self._idle:
            self._idle.cancel()
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()

    async def _call(self, function: str, args: tuple[Any, ...]) -> Any:
        if self._process is None or self._process.returncode is not None:
            limits = [str(limit or 0) for limit in self._limits]
            worker = [sys.executable, "-m", "karat.jobs.worker", str(os.getpid()), *limits]
            self._process = await asyncio.create_subprocess_exec(*worker, stdin=PIPE, stdout=PIPE, env=_environment())
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            message = pickle.dumps((function, args), protocol=pickle.HIGHEST_PROTOCOL)
            process.stdin.write(LENGTH.pack(len(message)) + message)
            await process.stdin.drain()
            (size,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
            is_good, value = pickle.loads(await process.stdout.readexactly(size))  # noqa: S301 - our own child wrote it
        except (OSError, asyncio.IncompleteReadError) as error:
            self.close()
            raise ComputeLost(function=function) from error
        except asyncio.CancelledError:
            self.close()  # its answer would be taken for that of the next call
            raise
        if not is_good:
            raise value
        return value


def _environment() -> dict[str, str]:
    """The child finds this package wherever we found it; its libraries leave a core to the server."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OMP_NUM_THREADS": "1"}
