"""Waiting for what the server does by itself."""

import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Protocol, TypeVar

from karat_client.errors import JobCancelled, JobFailed, WaitTimeout
from karat_client.faults import Fault
from karat_client.progress import Progress, Wanted, sink_of

T = TypeVar("T")
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0
WAITING = ("queued", "running")
FAULTS_TOLD = 20


class Made(Protocol):
    """Something that a job of the server makes."""

    @property
    def state(self) -> str: ...

    @property
    def error(self) -> str | None: ...


M = TypeVar("M", bound=Made)


def wait_until(look: Callable[[], T], is_over: Callable[[T], bool], timeout_s: float | None, what: str) -> T:
    """Look, more and more rarely, until it is over.

    Args:
        timeout_s: None waits as long as it takes.

    Raises:
        WaitTimeout: it takes longer.
    """
    began, pause_s = time.monotonic(), FIRST_PAUSE_S
    while not is_over(found := look()):
        left = None if timeout_s is None else timeout_s - (time.monotonic() - began)
        if left is not None and left <= 0:
            raise WaitTimeout(detail=f"{what} after {timeout_s:g} s.")
        time.sleep(pause_s if left is None else min(pause_s, left))
        pause_s = min(pause_s * 1.3, LONGEST_PAUSE_S)
    return found


def until_made(
    look: Callable[[], M],
    describe: Callable[[M], Progress],
    what: str,
    *,
    timeout: float | None,
    progress: Wanted,
    fields: Callable[[M], dict[str, Any]],
    faults: Callable[[M], Iterable[Fault]] = lambda _found: (),
) -> M:
    """Wait until the job behind something has ended well.

    Args:
        describe: a point on the way; whether it is the last one is seen here.
        what: begins the sentences of errors: `The export`.

    Raises:
        JobFailed: with the first faults.
        JobCancelled: somebody stopped it.
        WaitTimeout: it takes longer than `timeout` seconds.
    """
    tell = sink_of(progress)

    def seen() -> M:
        now = look()
        point = describe(now)
        tell(Progress(point.what, point.done, point.total, point.unit, is_over=now.state not in WAITING))
        return now

    found = wait_until(seen, lambda now: now.state not in WAITING, timeout, f"{what} is not done")
    if found.state == "cancelled":
        raise JobCancelled(f"{what} was cancelled.", fields=fields(found))
    if found.state == "failed":
        first = tuple(islice(faults(found), FAULTS_TOLD))
        raise JobFailed(f"{what} failed.", detail=found.error, fields=fields(found), faults=first)
    return found
