"""When to try again, and how long to wait before: pure rules."""

from dataclasses import dataclass

PASSING = frozenset({429, 502, 503, 504})
SERIOUS = frozenset({500, 507})
MOST_TRIES_AT_SERIOUS = 3


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses that double, with jitter, so that many clients do not come back at the same moment.

    Attributes:
        first_s: before the second try, at most.
        most_s: longest pause, unless the server asks for a longer one.
        patience_s: no new try begins later than this after the first one.
        patience_unknown_s: the same while this client has never had an answer: then the address is probably wrong.
    """

    first_s: float = 0.25
    most_s: float = 8.0
    patience_s: float = 60.0
    patience_unknown_s: float = 3.0

    def pause_s(self, tries: int, chance: float, retry_after_s: float | None = None) -> float:
        """Seconds to wait after `tries` tries.

        Args:
            chance: in [0, 1); the pause lies between the half and the whole of what doubling gives.
            retry_after_s: what the server asked for; never less than that.
        """
        whole = min(self.most_s, self.first_s * 2.0 ** min(tries - 1, 30))
        return max(retry_after_s or 0.0, whole * (1 + chance) / 2)

    def may_try_again(self, elapsed_s: float, pause_s: float, *, is_known: bool) -> bool:
        """Whether the next try would still begin in time."""
        patience = self.patience_s if is_known else min(self.patience_s, self.patience_unknown_s)
        return elapsed_s + pause_s <= patience


def can_pass(status: int, retryable: bool | None, tries: int) -> bool:
    """Whether an answer may be another one later.

    Args:
        retryable: what the server says of it, None where it says nothing (then a proxy answered).
    """
    if retryable is None:
        return status in PASSING
    if status in SERIOUS:
        return retryable and tries < MOST_TRIES_AT_SERIOUS
    return retryable


def seconds_asked(retry_after: str | None) -> float | None:
    """Retry-After in seconds; its other form, a date, is not believed: clocks differ."""
    try:
        return max(0.0, min(float(retry_after or ""), 300.0))
    except ValueError:
        return None
