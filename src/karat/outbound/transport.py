"""HTTP over connections that are checked when they are opened, and that end when they take too long or bring too much."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from karat.outbound.errors import (
    AnswerEncoded,
    AnswerTooLarge,
    CertificateRefused,
    CutOff,
    NotConnected,
    NotHttp,
    TimedOut,
)
from karat.outbound.guard import Guard
from karat.outbound.types import Caps
from karat.outbound.urls import ParsedUrl

MAX_TRIED = 4
CAPS = "karat.caps"
# When the whole has to be over, on the loop's clock: shared by a request and the redirects after it.
DEADLINE = "karat.deadline"
TRUST_HINT = (
    "If it uses a certificate of your own authority, the operator points SSL_CERT_FILE to that authority's"
    " certificate and starts Karat again."
)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections: looks the name up once, judges every answer, connects to one of those and to nothing else."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the interface is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to a checked address of the host."""
        addresses = (await self._guard.addresses(host, port))[:MAX_TRIED]
        for at, address in enumerate(addresses):
            share = None if timeout is None else timeout / len(addresses)
            try:
                stream = await self._plain.connect_tcp(
                    str(address), port, share, local_address, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if at == len(addresses) - 1:
                    raise
            else:
                return await self._checked(stream, host, port)
        raise AssertionError("there is an address")

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise NotConnected("Unix sockets are not connected to.")

    async def sleep(self, seconds: float) -> None:
        """Part of the interface."""
        await self._plain.sleep(seconds)

    async def _checked(self, stream: httpcore.AsyncNetworkStream, host: str, port: int) -> httpcore.AsyncNetworkStream:
        """Judge the connection itself, before a byte is sent: a public address of this machine passes no firewall."""
        own, peer = stream.get_extra_info("client_addr"), stream.get_extra_info("server_addr")
        try:
            if own[0] == peer[0]:
                self._guard.permit_itself(host, port, ip_address(peer[0]))
        except BaseException:
            await stream.aclose()
            raise
        return stream


class GuardedTransport(httpx.AsyncBaseTransport):
    """The transport of a guarded client."""

    def __init__(self, guard: Guard, caps: Caps) -> None:
        self._guard = guard
        self._caps = caps
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_trust(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
            max_connections=32,
            keepalive_expiry=5,
            network_backend=GuardedBackend(guard),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and give the answer as soon as its head is there."""
        parsed = self._guard.judge(str(request.url))
        caps = request.extensions.get(CAPS, self._caps)
        loop = asyncio.get_running_loop()
        deadline = request.extensions.get(DEADLINE, loop.time() + caps.total_s)
        head_by = min(deadline, loop.time() + caps.connect_s + caps.first_byte_s)
        with told(parsed, "head"):
            async with asyncio.timeout_at(head_by):
                response = await self._pool.handle_async_request(_outgoing(request, parsed, caps))
        body = CappedBody(response, parsed, caps.max_bytes, deadline)
        try:
            _judge_head(response, parsed, caps.max_bytes, request.method)
        except BaseException:
            await body.aclose()
            raise
        return httpx.Response(response.status, headers=response.headers, stream=body, extensions=response.extensions)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


class CappedBody(httpx.AsyncByteStream):
    """A body that ends in an error once it is too long or takes too long."""

    def __init__(self, response: httpcore.Response, parsed: ParsedUrl, max_bytes: int, deadline: float) -> None:
        self._response = response
        self._parsed = parsed
        self._max_bytes = max_bytes
        self._deadline = deadline

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces as they come."""
        pieces = aiter(self._response.aiter_stream())
        n_bytes = 0
        while True:
            with told(self._parsed, "body"):
                async with asyncio.timeout_at(self._deadline):
                    piece = await anext(pieces, None)
            if piece is None:
                return
            n_bytes += len(piece)
            if n_bytes > self._max_bytes:
                raise _too_large(self._parsed, self._max_bytes)
            yield piece

    async def aclose(self) -> None:
        """Give the connection back, or close it where the body has not ended."""
        await self._response.aclose()


@contextmanager
def told(parsed: ParsedUrl, phase: str) -> Iterator[None]:
    """Turn what the network did into an error of ours; none of them repeats what the other server said."""
    host = parsed.host
    try:
        yield
    except (TimeoutError, httpcore.TimeoutException) as error:
        step = "connect" if isinstance(error, httpcore.ConnectTimeout) else phase
        did = {"connect": "did not accept a connection", "head": "did not begin to answer", "body": "did not finish"}
        raise TimedOut(f"{host} {did[step]} in time.", host=host, phase=step) from None
    except httpcore.ConnectError as error:
        raise _not_connected(parsed, error) from None
    except (httpcore.ReadError, httpcore.WriteError, httpcore.NetworkError):
        raise (CutOff if phase == "body" else NotConnected)(f"{host} broke the connection off.", host=host) from None
    except (httpcore.RemoteProtocolError, httpcore.LocalProtocolError):
        if phase == "body":
            raise CutOff(f"{host} sent less than it had announced, or broke its framing.", host=host) from None
        hint = "Check scheme and port: http:// to a port that expects https:// looks like this."
        raise NotHttp(f"{host} did not answer in HTTP.", hint=hint, host=host) from None
    except httpcore.UnsupportedProtocol:
        raise NotHttp(f"{host} cannot be asked this way.", host=host) from None


@lru_cache(maxsize=2)
def _trust(*_where: str | None) -> ssl.SSLContext:
    """Public authorities, and those of the machine and of SSL_CERT_FILE, where a company's own are."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def _outgoing(request: httpx.Request, parsed: ParsedUrl, caps: Caps) -> httpcore.Request:
    """The request as it leaves: to the plain address, for an answer that is not compressed."""
    asked = request.extensions.get("timeout") or {}
    limits = {"connect": caps.connect_s, "read": caps.first_byte_s, "write": caps.first_byte_s, "pool": caps.total_s}
    timeout = {name: min(limit, asked.get(name) or limit) for name, limit in limits.items()}
    ours = {b"host", b"accept-encoding"}
    headers = [(name, value) for name, value in request.headers.raw if name.lower() not in ours]
    headers = [(b"Host", parsed.authority.encode()), *headers, (b"Accept-Encoding", b"identity")]
    url = httpcore.URL(
        scheme=parsed.scheme.encode(), host=parsed.host.encode(), port=parsed.port, target=parsed.target.encode()
    )
    return httpcore.Request(
        request.method, url, headers=headers, content=request.stream, extensions={"timeout": timeout}
    )


def _judge_head(response: httpcore.Response, parsed: ParsedUrl, max_bytes: int, method: str) -> None:
    headers = httpx.Headers(response.headers)
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        hint = "Have it serve the file as it is: a small compressed answer can unfold to any size."
        raise AnswerEncoded(f"{parsed.host} sent a compressed answer.", hint=hint, host=parsed.host)
    length = headers.get("content-length", "")
    if length.isdecimal() and method != "HEAD" and (len(length) > 18 or int(length) > max_bytes):
        raise _too_large(parsed, max_bytes)


def _too_large(parsed: ParsedUrl, max_bytes: int) -> AnswerTooLarge:
    return AnswerTooLarge(f"{parsed.host} sends more than {max_bytes:,} bytes.", host=parsed.host, max_bytes=max_bytes)


def _not_connected(parsed: ParsedUrl, error: httpcore.ConnectError) -> NotConnected | CertificateRefused | NotHttp:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = str(cause.verify_message).rstrip(".")
        return CertificateRefused(f"The certificate of {parsed.host}: {why}.", hint=TRUST_HINT, host=parsed.host)
    if isinstance(cause, ssl.SSLError):
        hint = "Check scheme and port: https:// to a port that expects http:// looks like this."
        return NotHttp(f"{parsed.host} does not speak TLS as it should.", hint=hint, host=parsed.host)
    hint = "Check host and port, and that no firewall stands between it and the server that Karat runs on."
    return NotConnected(f"Nothing accepts connections at {parsed.authority}.", hint=hint, host=parsed.host)
