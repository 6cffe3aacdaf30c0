"""Where a request comes from, in words that its owner recognises, and as the address that guesses are counted by."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request

from karat.access.secrets import Secret
from karat.access.throttle import Guard, address_guard
from karat.kit import utc_now

_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"(?:Firefox|FxiOS)/"),
    ("Chrome", r"(?:Chrome|CriOS)/"),
    ("Safari", r"Version/[\d.]+ .*Safari/"),
)
_SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks to be let in, before anything is known of them.

    Attributes:
        life, idle: how long a session lives at most, and without use.
        key: seals the secrets of authenticator apps.
        previous: the session that this browser had until now; it ends when another one begins.
    """

    address: str
    device: str
    now: datetime
    life: timedelta
    idle: timedelta
    key: bytes
    previous: Secret | None = None

    @property
    def guard(self) -> Guard:
        """Counts what fails from this address."""
        return address_guard(self.address)


def visitor_of(request: Request, previous: Secret | None = None) -> Visitor:
    """Whoever sent the request, as of now."""
    settings = request.app.state.settings
    return Visitor(
        address=client_address(request),
        device=describe_device(request.headers.get("user-agent", "")),
        now=utc_now(),
        life=timedelta(hours=settings.session_hours),
        idle=timedelta(hours=settings.session_idle_hours),
        key=request.app.state.access_key,
        previous=previous,
    )


def describe_device(user_agent: str) -> str:
    """`Firefox on Linux`; what is not known is left out, and of an unknown program its first word is shown."""
    browser = next((name for name, mark in _BROWSERS if re.search(mark, user_agent)), None)
    system = next((name for name, mark in _SYSTEMS if re.search(mark, user_agent)), None)
    if browser is None:
        first = re.match(r"[A-Za-z][\w.-]{0,30}", user_agent)
        browser = None if first is None or first[0] == "Mozilla" else first[0]
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "Unknown device"


def client_address(request: Request) -> str:
    """The address of who asks. Behind reverse proxies it is what the outermost of our own has noted; without, the peer's.

    `X-Forwarded-For` is written by anybody; only the entries that our own proxies have added at its end are believed.
    """
    peer = request.client.host if request.client else "unknown"
    n_proxies: int = request.app.state.settings.trusted_proxies
    if not n_proxies:
        return peer
    hops = [hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    return hops[-n_proxies] if len(hops) >= n_proxies else peer
