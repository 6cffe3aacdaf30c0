"""Requests: sent again where that helps, answered by records or by errors of the family."""

import json
import platform
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit
from uuid import uuid4

import httpx

from karat_client.answers import broken, read, refused
from karat_client.configuration import Address
from karat_client.errors import AnswerUnreadable, KaratError, SourceUnusable
from karat_client.patience import rest
from karat_client.retries import Backoff, can_pass, seconds_asked
from karat_client.version import __version__
from karat_client.wire import of_query, plain

T = TypeVar("T")
Body = Callable[[], Iterable[bytes]]
USER_AGENT = f"karat-client/{__version__} python/{platform.python_version()} httpx/{httpx.__version__}"
CONNECT_S = 10.0
UPLOAD_ANSWER_S = 600.0


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
        once: bool = False,
        stop: threading.Event | None = None,
        **ids: Any,
    ) -> T:
        """Send a request and read its answer.

        Args:
            path: as in the server's OpenAPI document; `ids` go into its braces.
            into: what the answer is; `type(None)` for none.
            once: do not send it again, whatever comes.
            stop: do not send it again once this is set.
        """
        content = None if body is None else json.dumps(body, default=plain, allow_nan=False).encode()
        headers = {} if content is None else {"Content-Type": "application/json"}
        with self.open(
            method, path, query=query, content=content, headers=headers, whole=True, once=once, stop=stop, **ids
        ) as response:
            return read(response, into, self.url)

    def upload(
        self,
        method: str,
        path: str,
        into: type[T],
        body: Body,
        *,
        query: Mapping[str, Any] | None = None,
        n_bytes: int | None = None,
        again: bool = True,
        once: bool = False,
        **ids: Any,
    ) -> T:
        """Stream a body.

        Args:
            body: called for every try; gives the same bytes each time.
            n_bytes: how many, where that is known.
            again: False when it cannot be read a second time.
            once: do not send it again, whatever comes.
        """
        headers = {"Content-Type": "application/octet-stream"}
        if n_bytes is not None:
            headers["Content-Length"] = str(n_bytes)
        with self.open(
            method,
            path,
            query=query,
            content=body,
            headers=headers,
            timeout=self._slow_answer,
            again=again,
            once=once,
            whole=True,
            **ids,
        ) as response:
            return read(response, into, self.url)

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
        once: bool = False,
        stop: threading.Event | None = None,
        whole: bool = False,
        **ids: Any,
    ) -> Iterator[httpx.Response]:
        """An answer that was not refused; its body is read already if it is wanted `whole`."""
        where = path.format(**{name: quote(str(value), safe="") for name, value in ids.items()})
        given = {**self._secret, **(headers or {})}
        if method == "POST":
            # Made once for all tries: the server does what it stands for once.
            given["Idempotency-Key"] = str(uuid4())
        params = of_query(query)

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

        with self._until_answered(send, f"{method} {where}", again=again, once=once, stop=stop) as response:
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
        self,
        send: Callable[[], httpx.Response],
        request: str,
        *,
        again: bool,
        once: bool = False,
        stop: threading.Event | None = None,
    ) -> Iterator[httpx.Response]:
        began, tries = time.monotonic(), 0
        while True:
            tries += 1
            error, pause_s, response = self._try(send, request, tries)
            if response is not None:
                break
            assert error is not None
            elapsed = time.monotonic() - began
            is_last = (
                once
                or pause_s is None
                or not self.backoff.may_try_again(elapsed, pause_s, is_known=self._has_answered.is_set())
            )
            if is_last or pause_s is None:
                raise error
            if not again:
                raise SourceUnusable(
                    "The upload broke off and cannot be sent again from here, since its source can be read only once.",
                    detail=str(error),
                    hint="Give a path, bytes, or a file that can seek.",
                ) from error
            if not rest(pause_s, stop):
                raise error
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
            return broken(error, self.url, request), self.backoff.pause_s(tries, chance), None
        except httpx.InvalidURL as error:
            raise AnswerUnreadable(detail=str(error)) from error
        self._has_answered.set()
        if response.status_code < 300:
            return None, None, response
        try:
            failure, retryable = refused(response, self.url, request)
        finally:
            response.close()
        asked = seconds_asked(response.headers.get("retry-after"))
        passes = can_pass(response.status_code, retryable, tries)
        return failure, self.backoff.pause_s(tries, chance, asked) if passes else None, None
