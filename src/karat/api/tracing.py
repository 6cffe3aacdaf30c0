"""Every request has an id, which its log lines, its answer and its problem carry, and a duration, which is measured."""

import re
import time
from typing import Protocol

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, get_contextvars

from karat.kit import new_id

log = structlog.get_logger()

# What a proxy in front of us may have called it. Anything else could forge lines of a log.
GIVEN = re.compile(rb"[A-Za-z0-9._-]{8,64}")
HEADER = b"x-request-id"


class Observer(Protocol):
    """Who keeps the durations."""

    def observe(self, method: str, route: str, status: int, duration_s: float) -> None:
        """One more request that was answered."""
        ...


def request_id() -> str | None:
    """The id of the request in hand."""
    found: str | None = get_contextvars().get("request_id")
    return found


class RequestTrace:
    """Gives the id, and measures until the answer begins: streams go on for as long as somebody listens."""

    def __init__(self, app: ASGIApp, observer: Observer | None = None) -> None:
        self.app = app
        self._observer = observer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == HEADER), b"")
        name = given.decode() if GIVEN.fullmatch(given) else new_id().hex
        bind_contextvars(request_id=name)  # not unbound: the last handler of errors stands outside of this one
        began, status = time.perf_counter(), 0

        async def traced(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if not any(key.lower() == HEADER for key, _ in message["headers"]):
                    message["headers"] = [*message["headers"], (HEADER, name.encode())]
                self._note(scope, status, time.perf_counter() - began)
            await send(message)

        try:
            await self.app(scope, receive, traced)
        except BaseException:
            if not status:
                self._note(scope, 500, time.perf_counter() - began)
            raise

    def _note(self, scope: Scope, status: int, duration_s: float) -> None:
        route = route_of(scope)
        log.debug(
            "request answered", method=scope["method"], route=route, status=status, duration_s=round(duration_s, 4)
        )
        if self._observer:
            self._observer.observe(scope["method"], route, status, duration_s)


def route_of(scope: Scope) -> str:
    """The template of the path; never the path itself, which holds ids and has no end of values."""
    route = scope.get("route")
    return str(getattr(route, "path", None) or "other")
