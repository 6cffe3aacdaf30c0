"""Look names up beside the event loop."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from ipaddress import ip_address

from karat.outbound.errors import NotResolved
from karat.outbound.types import Address

# Of the host and port: every answer.
Resolver = Callable[[str, int], Awaitable[list[Address]]]

# A name server may stall; what waits for it shall not hold the threads that read and write media.
N_THREADS = 8


async def resolve(host: str, port: int) -> list[Address]:
    """Every address of a name, as the machine's resolver gives them.

    Raises:
        NotResolved: there is none.
    """
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads(), _look_up, host, port)
    except (OSError, UnicodeError, ValueError):
        hint = "Check the spelling, and whether the server that Karat runs on can look the name up."
        raise NotResolved(f"The host {host} is not known.", hint=hint, host=host) from None


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(N_THREADS, thread_name_prefix="karat-resolve")


def _look_up(host: str, port: int) -> list[Address]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [ip_address(one[4][0]) for one in found]
