"""How many bytes of an upload have left, told one point after the other, whichever thread sends them."""

import threading
from collections.abc import Iterable, Iterator

from karat_client.progress import Progress, Sink


class Counter:
    """What has left of the whole."""

    def __init__(self, what: str, total: int | None, tell: Sink) -> None:
        self._what, self._total, self._tell = what, total, tell
        self._done, self._lock = 0, threading.Lock()

    def add(self, n_bytes: int) -> None:
        """So many more; fewer, where what has left did not arrive."""
        with self._lock:
            self._done += n_bytes
            self._tell(Progress(self._what, self._done, self._total, "bytes"))

    def end(self) -> None:
        """All of it is there."""
        total = self._done if self._total is None else self._total
        self._tell(Progress(self._what, total, total, "bytes", is_over=True))


class Stopped(Exception):
    """Another file of the same upload could not be sent."""


class Counted:
    """The pieces of one request.

    Attributes:
        n_bytes: of them that have left; when the request breaks off, not all of that has arrived.
    """

    def __init__(self, counter: Counter, stop: threading.Event) -> None:
        self._counter, self._stop = counter, stop
        self.n_bytes = 0

    def of(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces, until all is to stop.

        Raises:
            Stopped: it is.
        """
        for piece in pieces:
            if self._stop.is_set():
                raise Stopped
            yield piece
            self.n_bytes += len(piece)
            self._counter.add(len(piece))
