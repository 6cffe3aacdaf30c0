"""One handler for all errors: `application/problem+json`, RFC 9457."""

import json
from collections.abc import Sequence
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from karat.access.doors import authenticate_briefly
from karat.api.tracing import request_id
from karat.errors import Fault, Invalid, KaratError, NotFound, TooLarge

log = structlog.get_logger()

# What PostgreSQL says of such values; asyncpg says it as plain DataError before it sends them.
NOT_STORABLE = (
    asyncpg.CharacterNotInRepertoireError,
    asyncpg.UntranslatableCharacterError,
    asyncpg.NumericValueOutOfRangeError,
)

NOT_JSON = Fault(code="malformed.json_invalid", message="The body is not JSON in UTF-8.", where="body")
# Where a malformed request is told so whoever sends it: signing in, and links that somebody was given.
FOR_STRANGERS = frozenset(
    ("POST", f"/api/{path}")
    for path in (
        "session",
        "sign-in",
        "sign-in/second-factor",
        "sign-in/passkey/options",
        "sign-in/passkey",
        "invitation",
        "invitation/passkey/options",
        "invitation/accept",
        "reset",
        "reset/password",
    )
)


class RouteNotFound(NotFound):
    """There is no such page or route."""

    code = "route.not_found"


class MethodNotAllowed(KaratError):
    """This route does not take that method."""

    code = "route.method_not_allowed"
    status = 405


class RequestMalformed(Invalid):
    """The request is not what this route takes; `faults` lists everything found."""

    code = "request.malformed"


class BodyTooLarge(TooLarge):
    """The body of the request is larger than this route takes."""

    code = "request.too_large"


class ValueNotStorable(Invalid):
    """A value of the request cannot be stored: a text holds a NUL character, or a number is out of range."""

    code = "request.not_storable"


class Bug(KaratError):
    """Something went wrong on our side; it was logged and nothing was changed."""

    code = "internal"
    status = 500
    retryable = True


def install(app: FastAPI, routes: Sequence[BaseRoute], max_body_bytes: int) -> None:
    """Make every error of the application answer in one way.

    Args:
        routes: all of them, to tell which methods a path takes.
    """

    @app.exception_handler(KaratError)
    async def known(_request: Request, error: KaratError) -> Response:
        return answer(error)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        return await _to_known(request, RequestMalformed(faults=[_fault(one) for one in error.errors()]))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 405:
            response = answer(MethodNotAllowed())
            response.headers["Allow"] = ", ".join(_methods(request, routes))
            return response
        if error.status_code == 400:
            return await _to_known(request, RequestMalformed(faults=[NOT_JSON]))
        return answer(BodyTooLarge(max_bytes=max_body_bytes) if error.status_code == 413 else RouteNotFound())

    @app.exception_handler(asyncpg.DataError)
    async def not_storable(request: Request, error: asyncpg.DataError) -> Response:
        if not isinstance(error, NOT_STORABLE) and type(error) is not asyncpg.DataError:
            return await bug(request, error)
        log.warning("value not storable", method=request.method, path=request.url.path, error=repr(error))
        return answer(ValueNotStorable())

    @app.exception_handler(ClientDisconnect)
    async def gone(_request: Request, _error: ClientDisconnect) -> Response:
        return Response(status_code=400)  # nobody is there to read it

    app.add_exception_handler(Exception, bug)


async def bug(request: Request, error: Exception) -> Response:
    """What nobody expected: logged whole, told to nobody."""
    log.error("unexpected error", method=request.method, path=request.url.path, exc_info=error)
    return answer(Bug())


class LastResort:
    """Answers what nobody expected, within the middleware that sets headers: Starlette's own handler stands outside of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI. An answer that has begun can only break off."""
        has_begun = False

        async def noticed(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, noticed)
        except Exception as error:
            if has_begun or scope["type"] != "http":
                raise  # Starlette's own handler logs it
            response = await bug(Request(scope), error)
            await response(scope, receive, send)


def answer(error: KaratError) -> Response:
    """The error as it travels."""
    traced = request_id()
    problem = error.problem() | ({"request_id": traced} if traced else {})
    body = json.dumps(problem, ensure_ascii=False).encode()
    # Browsers would keep some, 410 among them, for ever; what went wrong now may be mended in a moment.
    headers = {"Cache-Control": "no-store"} | ({"X-Request-Id": traced} if traced else {})
    headers |= {"Retry-After": str(error.data.get("retry_after_s", 1))} if error.retryable else {}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(body, error.status, headers, "application/problem+json")


async def _to_known(request: Request, error: KaratError) -> Response:
    """The error, to somebody whom we know; others learn nothing about a request that they may not make.

    FastAPI judges a body before its dependencies, and the parameters of routes that open their own transaction too.
    """
    if (request.method, request.url.path) not in FOR_STRANGERS:
        try:
            await authenticate_briefly(request)
        except KaratError as stranger:
            return answer(stranger)
    return answer(error)


def _methods(request: Request, routes: Sequence[BaseRoute]) -> list[str]:
    """What a path takes (RFC 9110, 15.5.6: to be told with a 405)."""
    fitting = (
        route for route in routes if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
    )
    return sorted({method for route in fitting for method in route.methods or ()})


def _fault(one: dict[str, Any]) -> Fault:
    """A fault of a malformed request. The value itself is not repeated: it may be long, or a secret."""
    where = ".".join(str(part) for part in one["loc"])
    return Fault(code=f"malformed.{one['type']}", message=one["msg"], where=where)
