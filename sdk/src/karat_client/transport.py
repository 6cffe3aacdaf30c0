"""Requests: sent again where that helps, answered by records or by errors of the family."""

import json
import os
import platform
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid4

import httpx

from karat_client.configuration import Address
from karat_client.decode import decode
from karat_client.errors import AnswerUnreadable, ConnectionFailed, KaratError, SourceUnusable, refusal
from karat_client.retries import Backoff, can_pass, seconds_asked
from karat_client.version import __version__

T = TypeVar("T")
Body = Callable[[], Iterable[bytes]]
USER_AGENT = f"karat-client/{__version__} python/{platform.python_version()} httpx/{httpx.__version__}"
CONNECT_S = 10.0
UPLOAD_ANSWER_S = 600.0
MOST_PROBLEM_BYTES = 1 << 20


class Transport:
    """One server and one key; threads may share it.

    Attributes:
        backoff: when requests are sent again.
    """

    def __init__(
        self,
        address: Address,
        *,
        timeout_s: float,
        backoff: Backoff,
        verify: Any = True,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = address.url
        self.backoff = backoff
        connect_s = min(CONNECT_S, timeout_s)
        self._timeout = httpx.Timeout(timeout_s, connect=connect_s)
        # After the last byte of an upload the server still has to make it durable.
        self._slow_answer = httpx.Timeout(timeout_s, connect=connect_s, read=max(UPLOAD_ANSWER_S, timeout_s))
        self._secret = {"Authorization": f"Bearer {address.key}"}
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json"}
        self._http = httpx.Client(headers=headers, timeout=self._timeout, verify=verify, transport=transport)
        self._has_answered = threading.Event()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def call(
        self,
        method: str,
        path: str,
        into: type[T],
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        **ids: Any,
    ) -> T:
        """Send a request and read its answer.

        Args:
            path: as in the server's OpenAPI document; `ids` go into its braces.
            into: what the answer is; `type(None)` for none.
        """
        content = None if body is None else json.dumps(body, default=_plain, allow_nan=False).encode()
        headers = {} if content is None else {"Content-Type": "application/json"}
        with self.open(method, path, query=query, content=content, headers=headers, whole=True, **ids) as response:
            return self._read(response, into)

    def upload(
        self, method: str, path: str, into: type[T], body: Body, *, query: Mapping[str, Any], again: bool, **ids: Any
    ) -> T:
        """Stream a body.

        Args:
            body: called for every try; gives the same bytes each time.
            again: False when it cannot be read a second time.
        """
        headers = {"Content-Type": "application/octet-stream"}
        with self.open(
            method,
            path,
            query=query,
            content=body,
            headers=headers,
            timeout=self._slow_answer,
            again=again,
            whole=True,
            **ids,
        ) as response:
            return self._read(response, into)

    @contextmanager
    def open(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        content: bytes | Body | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: httpx.Timeout | None = None,
        again: bool = True,
        whole: bool = False,
        **ids: Any,
    ) -> Iterator[httpx.Response]:
        """An answer that was not refused; its body is read already if it is wanted `whole`."""
        where = path.format(**{name: quote(str(value), safe="") for name, value in ids.items()})
        given = {**self._secret, **(headers or {})}
        if method == "POST":
            # Made once for all tries: the server does what it stands for once.
            given["Idempotency-Key"] = str(uuid4())
        params = {name: _of_query(value) for name, value in (query or {}).items() if value is not None}

        def send() -> httpx.Response:
            request = self._http.build_request(
                method,
                self.url + where,
                params=params,
                headers=given,
                content=content() if callable(content) else content,
                timeout=timeout or self._timeout,
            )
            return self._http.send(request, stream=not whole)

        with self._until_answered(send, f"{method} {where}", again=again) as response:
            yield response

    @contextmanager
    def open_link(self, url: str) -> Iterator[httpx.Response]:
        """What a signed link leads to. The link is enough: the key is not sent, since it may lead to another host."""
        whole = self.url + url if url.startswith("/") else url

        def send() -> httpx.Response:
            return self._http.send(self._http.build_request("GET", whole), stream=True)

        with self._until_answered(send, f"GET {urlsplit(whole).path}", again=True) as response:
            yield response

    @contextmanager
    def _until_answered(
        self, send: Callable[[], httpx.Response], request: str, *, again: bool
    ) -> Iterator[httpx.Response]:
        began, tries = time.monotonic(), 0
        while True:
            tries += 1
            error, pause_s, response = self._try(send, request, tries)
            if response is not None:
                break
            assert error is not None
            elapsed = time.monotonic() - began
            is_last = pause_s is None or not self.backoff.may_try_again(
                elapsed, pause_s, is_known=self._has_answered.is_set()
            )
            if is_last or pause_s is None:
                raise error
            if not again:
                raise SourceUnusable(
                    "The upload broke off and cannot be sent again from here, since its source can be read only once.",
                    detail=str(error),
                    hint="Give a path, bytes, or a file that can seek.",
                ) from error
            time.sleep(pause_s)
        try:
            yield response
        finally:
            response.close()

    def _try(
        self, send: Callable[[], httpx.Response], request: str, tries: int
    ) -> tuple[KaratError | None, float | None, httpx.Response | None]:
        """The answer; or the error, and the pause after which another try may help."""
        chance = random.random()  # noqa: S311 - spreads clients over time, guards nothing
        try:
            response = send()
        except httpx.TransportError as error:
            return self._broken(error, request), self.backoff.pause_s(tries, chance), None
        except httpx.InvalidURL as error:
            raise AnswerUnreadable(detail=str(error)) from error
        self._has_answered.set()
        if response.status_code < 300:
            return None, None, response
        try:
            failure, retryable = self._refused(response, request)
        finally:
            response.close()
        asked = seconds_asked(response.headers.get("retry-after"))
        passes = can_pass(response.status_code, retryable, tries)
        return failure, self.backoff.pause_s(tries, chance, asked) if passes else None, None

    def _broken(self, error: httpx.TransportError, request: str) -> ConnectionFailed:
        what = str(error) or type(error).__name__
        if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
            raise ConnectionFailed(detail=what, fields={"url": self.url}) from error
        if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
            what = f"No answer came in time ({type(error).__name__})."
        return ConnectionFailed(detail=what, fields={"url": self.url, "request": request}, retryable=True)

    def _refused(self, response: httpx.Response, request: str) -> tuple[KaratError, bool | None]:
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
            return refusal(status, {"code": "client.not_available"}, request), None
        detail = f"{status} {response.reason_phrase} came instead"
        return AnswerUnreadable(status=status, detail=f"{detail}.", fields={"url": self.url, "request": request}), None

    def _read(self, response: httpx.Response, into: type[T]) -> T:
        if response.status_code == 204 or into is type(None):
            return None  # type: ignore[return-value]
        try:
            value = json.loads(response.read())
        except ValueError as error:
            kind = response.headers.get("content-type", "nothing")
            detail = f"{kind} came instead of JSON."
            raise AnswerUnreadable(status=response.status_code, detail=detail, fields={"url": self.url}) from error
        return decode(into, value)


def _read_at_most(response: httpx.Response, most: int) -> bytes:
    found = bytearray()
    for piece in response.iter_bytes():
        found += piece
        if len(found) > most:
            break
    return bytes(found)


def _of_query(value: Any) -> Any:
    """Several values of one name as a list of them."""
    return [_of_query(one) for one in value] if isinstance(value, list | tuple) else _plain(value)


def _plain(value: Any) -> Any:
    """Ids as text; what else JSON does not know is a mistake of the caller."""
    if isinstance(value, UUID | os.PathLike):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return value
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")
