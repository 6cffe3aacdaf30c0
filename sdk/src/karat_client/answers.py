"""Answers of the server: records, or errors of the family."""

import json
from contextlib import suppress
from typing import TypeVar

import httpx

from karat_client.decode import decode
from karat_client.errors import AnswerUnreadable, ConnectionFailed, KaratError, refusal

T = TypeVar("T")
MOST_PROBLEM_BYTES = 1 << 20


def read(response: httpx.Response, into: type[T], url: str) -> T:
    """What an answer holds.

    Raises:
        AnswerUnreadable: something else.
    """
    if response.status_code == 204 or into is type(None):
        return None  # type: ignore[return-value]
    try:
        value = json.loads(response.read())
    except ValueError as error:
        kind = response.headers.get("content-type", "nothing")
        detail = f"{kind} came instead of JSON."
        raise AnswerUnreadable(status=response.status_code, detail=detail, fields={"url": url}) from error
    return decode(into, value)


def broken(error: httpx.TransportError, url: str, request: str) -> ConnectionFailed:
    """The error for a request that got no answer."""
    what = str(error) or type(error).__name__
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        raise ConnectionFailed(detail=what, fields={"url": url}) from error
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        what = f"No answer came in time ({type(error).__name__})."
    return ConnectionFailed(detail=what, fields={"url": url, "request": request}, retryable=True)


def refused(response: httpx.Response, url: str, request: str) -> tuple[KaratError, bool | None]:
    """The error that an answer stands for, and what the server says about trying again."""
    status = response.status_code
    if 300 <= status < 400:
        to = response.headers.get("location", "another address")
        return AnswerUnreadable("The server sends on to another address.", status=status, detail=to), None
    if "problem+json" in response.headers.get("content-type", ""):
        with suppress(ValueError, httpx.HTTPError):
            problem = json.loads(_read_at_most(response, MOST_PROBLEM_BYTES))
            if isinstance(problem, dict):
                said = problem.get("retryable")
                return refusal(status, problem, request), said if isinstance(said, bool) else None
    if status in (429, 502, 503, 504):
        return refusal(status, {"code": "client.not_available", "retryable": True}, request), None
    detail = f"{status} {response.reason_phrase} came instead."
    return AnswerUnreadable(status=status, detail=detail, fields={"url": url, "request": request}), None


def _read_at_most(response: httpx.Response, most: int) -> bytes:
    found = bytearray()
    for piece in response.iter_bytes():
        found += piece
        if len(found) > most:
            break
    return bytes(found)
