"""Trying again until something moves: every step forward renews the patience."""

import random
import threading
import time

from karat_client.retries import Backoff


def rest(pause_s: float, stop: threading.Event | None) -> bool:
    """Do nothing for a while; False, at once, when all is to stop."""
    if stop is not None:
        return not stop.wait(pause_s)
    time.sleep(pause_s)
    return True


class Patience:
    """How long something that keeps breaking off is tried again. One for each thing that is done."""

    def __init__(self, backoff: Backoff, stop: threading.Event | None = None) -> None:
        self._backoff, self._stop = backoff, stop
        self._tries, self._since = 0, time.monotonic()

    def renew(self) -> None:
        """Something has moved."""
        self._tries, self._since = 0, time.monotonic()

    def pause(self) -> bool:
        """Wait before the next try; False, at once, when there shall be none."""
        self._tries += 1
        chance = random.random()  # noqa: S311 - spreads clients over time, guards nothing
        pause_s = self._backoff.pause_s(self._tries, chance)
        if not self._backoff.may_try_again(time.monotonic() - self._since, pause_s, is_known=True):
            return False
        return rest(pause_s, self._stop)
