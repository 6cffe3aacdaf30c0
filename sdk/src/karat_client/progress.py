"""How far something is, told to whoever wants to know."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Progress:
    """A point on the way.

    Attributes:
        what: is being done; "Upload photos".
        done, total: in `unit`; `total` is None while unknown. `done` falls when an upload has to begin again.
        is_over: this is the last one.
    """

    what: str
    done: int
    total: int | None
    unit: str
    is_over: bool = False


Sink = Callable[[Progress], None]
Wanted = Sink | bool


def sink_of(progress: Wanted) -> Sink:
    """Where to tell: a function, a bar on stderr for True, nowhere for False."""
    if callable(progress):
        return progress
    return Bar(sys.stderr) if progress else _nowhere


def _nowhere(_point: Progress) -> None:
    pass


class Bar:
    """A line that is drawn anew; where nobody watches a terminal, a new line now and then."""

    WIDTH = 24
    EVERY_S, EVERY_S_IN_A_LOG = 0.1, 10.0

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_watched = stream.isatty()
        self._began = self._drawn = time.monotonic()

    def __call__(self, point: Progress) -> None:
        now = time.monotonic()
        if not point.is_over and now - self._drawn < (self.EVERY_S if self._is_watched else self.EVERY_S_IN_A_LOG):
            return
        self._drawn = now
        line = describe(point, now - self._began, self.WIDTH)
        self._stream.write(f"\r\x1b[2K{line}{chr(10) if point.is_over else ''}" if self._is_watched else f"{line}\n")
        self._stream.flush()


def describe(point: Progress, elapsed_s: float, width: int) -> str:
    """A point as one line: what, a bar where the end is known, the amount, the time."""
    amount, end = (_amount(one, point.unit) for one in (point.done, point.total))
    if point.total:
        filled = round(width * min(point.done / point.total, 1.0))
        bar = f" {'█' * filled}{'░' * (width - filled)} {min(point.done / point.total, 1.0):4.0%}"
        amount = f"{amount} of {end}"
    else:
        bar = ""
    return f"{point.what}{bar} {amount} in {elapsed_s:.0f} s"


def _amount(number: int | None, unit: str) -> str:
    if number is None:
        return ""
    if unit != "bytes":
        return f"{number:,} {unit}"
    size = float(number)
    for name in ("B", "kB", "MB", "GB"):
        if size < 1000 or name == "GB":
            break
        size = size // 100 / 10
    return f"{size:,.1f} {name}" if name != "B" else f"{number} B"
