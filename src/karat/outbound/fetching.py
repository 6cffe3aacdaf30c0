"""Clients and single fetches over the guarded transport."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

import httpx

import karat
from karat.outbound.errors import AnsweredNo, OutboundRefused, RedirectRefused
from karat.outbound.guard import Guard
from karat.outbound.headers import check_headers
from karat.outbound.transport import CAPS, DEADLINE, GuardedTransport
from karat.outbound.types import Caps, FetchedHead
from karat.outbound.urls import parse_url

MAX_REDIRECTS = 5
LOCATION = "karat.location"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What may go along to another origin; every other header of the caller can be a secret.
HARMLESS = frozenset({"accept", "accept-language", "range", "if-range", "if-none-match", "if-modified-since"})
FINAL_HINT = "Open the address in a browser, see where it leads, and give that address itself."
# What a refusal usually means, for the statuses that people can do something about.
STATUS_HINTS = {
    401: "It wants credentials, or those that were given are wrong.",
    403: "It does not let this server have it; a signed link may have expired.",
    404: "There is nothing at this address; check it for typing errors.",
    410: "It was taken away.",
    429: "It is asked too often; try again later.",
}


class GuardedClient(httpx.AsyncClient):
    """An HTTP client that connects only where the guard lets it; no proxy, no cookies kept, no redirect followed."""

    def __init__(self, guard: Guard, caps: Caps) -> None:
        super().__init__(
            transport=GuardedTransport(guard, caps),
            trust_env=False,
            timeout=None,
            headers={"User-Agent": f"Karat/{karat.__version__}"},
            event_hooks={"response": [_no_redirect]},
            cookies=CookieJar(
                DefaultCookiePolicy(allowed_domains=[])
            ),  # of none: what one sets, no other request sends
        )
        self._guard = guard
        self._caps = caps

    def build_request(self, method: str, url: httpx.URL | str, **more: Any) -> httpx.Request:
        """A request to an address in its plain spelling, with headers that can be sent.

        Raises:
            OutboundRefused: where httpx would raise errors of its own, or would not object.
        """
        check_headers(dict(more.get("headers") or {}))
        plain = self._guard.judge(url).url if isinstance(url, str) and "://" in url else url
        return super().build_request(method, plain, **more)

    async def head_of(self, url: str) -> httpx.Headers:
        """The headers of whatever an address answers to HEAD; nothing is followed, a redirect is an answer too.

        Raises:
            OutboundRefused: this server does not go there.
            OutboundFailed: no answer came.
        """
        answer = await self.send(self.build_request("HEAD", url, extensions={CAPS: self._caps}))
        return answer.headers

    async def fetch(
        self,
        url: str,
        *,
        max_bytes: int | None = None,
        timeout_s: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> "Fetched":
        """GET one address; redirects are followed and each is checked.

        Args:
            max_bytes, timeout_s: instead of the client's caps; the time is for all of it.
            headers: what another origin has no business with is left out there.

        Raises:
            OutboundRefused: this server does not go there, or not where it redirects.
            OutboundFailed: the other server did not answer as asked.
        """
        caps = self._caps.model_copy(
            update={"max_bytes": self._caps.max_bytes if max_bytes is None else max_bytes}
            | ({} if timeout_s is None else {"total_s": timeout_s})
        )
        deadline = asyncio.get_running_loop().time() + caps.total_s
        at = self._guard.judge(url).url
        sent = dict(headers or {})
        for hop in range(MAX_REDIRECTS + 1):
            try:
                request = self.build_request("GET", at, headers=sent, extensions={CAPS: caps, DEADLINE: deadline})
                response = await self.send(request, stream=True)
            except OutboundRefused as refused:
                if hop == 0:
                    raise
                raise _refused_after(url, refused) from refused
            if response.status_code not in REDIRECTS:
                return await _fetched(response, at)
            await response.aclose()
            at, sent = _next(url, at, response, sent)
        raise RedirectRefused(f"It redirects more than {MAX_REDIRECTS} times.", hint=FINAL_HINT)


class Fetched:
    """An answer whose body has yet to be read: iterate over it once, or `read` it; then it is closed.

    Attributes:
        head: what came before the body.
        closes_with: what else is over when this is.
    """

    def __init__(self, head: FetchedHead, response: httpx.Response) -> None:
        self.head = head
        self.closes_with: list[Callable[[], Awaitable[None]]] = []
        self._response = response

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces of the body as they come.

        Raises:
            OutboundFailed: it is too long, takes too long, or breaks off.
        """
        try:
            async for piece in self._response.aiter_raw():
                yield piece
        finally:
            await self.aclose()

    async def read(self) -> bytes:
        """The whole body, at most the cap."""
        return b"".join([piece async for piece in self])

    async def aclose(self) -> None:
        """Close what is open."""
        await self._response.aclose()
        while self.closes_with:
            await self.closes_with.pop()()


async def _no_redirect(response: httpx.Response) -> None:
    """Take redirects out of httpx's hands, which would read and follow them by rules of its own."""
    response.extensions[LOCATION] = response.headers.pop("location", None)
    is_fetched = CAPS in response.request.extensions
    if response.status_code in REDIRECTS and not is_fetched:
        await response.aclose()
        raise RedirectRefused(f"{response.request.url.host} redirects to another address.", hint=FINAL_HINT)


async def _fetched(response: httpx.Response, at: str) -> Fetched:
    status = response.status_code
    if status not in {200, 206}:
        await response.aclose()
        host = parse_url(at).host
        error = AnsweredNo(f"{host} answered with {status}.", hint=STATUS_HINTS.get(status), host=host, answered=status)
        raise error
    length = response.headers.get("content-length", "")
    head = FetchedHead(
        url=at,
        status=status,
        media_type=response.headers.get("content-type", "").partition(";")[0].strip().lower() or None,
        n_bytes=int(length) if length.isdecimal() else None,
        etag=response.headers.get("etag"),
        last_modified=response.headers.get("last-modified"),
    )
    return Fetched(head, response)


def _next(first: str, at: str, response: httpx.Response, sent: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Where a redirect leads, and what may be sent there."""
    location = response.extensions[LOCATION]
    if not location:
        raise RedirectRefused("It redirects without saying where to.", hint=FINAL_HINT)
    here = parse_url(at)
    try:
        there = parse_url(urljoin(at, location))
    except (OutboundRefused, ValueError) as refused:
        raise _refused_after(first, refused) from refused
    if (here.scheme, there.scheme) == ("https", "http"):
        raise RedirectRefused("It redirects from https:// to http://, where anybody can listen.", hint=FINAL_HINT)
    if here.origin != there.origin:
        sent = {name: value for name, value in sent.items() if name.lower() in HARMLESS}
    return there.url, sent


def _refused_after(first: str, refused: Exception) -> RedirectRefused:
    """A refusal on the way: which address the user gave is told, not what the other server answered with."""
    code = refused.code if isinstance(refused, OutboundRefused) else "outbound.url_invalid"
    host = parse_url(first).host
    data = {"refused_with": code}
    return RedirectRefused(f"{host} redirects to an address that is refused ({code}).", hint=FINAL_HINT, **data)
