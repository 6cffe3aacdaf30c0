"""Waiting for what the server does by itself."""

import time
from collections.abc import Callable
from typing import TypeVar

from karat_client.errors import WaitTimeout

T = TypeVar("T")
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0


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
