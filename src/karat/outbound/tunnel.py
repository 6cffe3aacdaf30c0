"""A proxy on loopback for libraries that open their own connections: what they connect to is checked here as well.

A check of the endpoint alone would not hold: such a library looks the name up again, and follows redirects by itself.
Behind this proxy it does neither; TLS stays between the library and the other server.
"""

import asyncio
import base64
import hmac
import secrets
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from ipaddress import ip_address

from karat.errors import KaratError
from karat.outbound.errors import NotConnected, OutboundRefused, TimedOut
from karat.outbound.guard import Guard
from karat.outbound.messages import PIECE, Head, as_bytes, body_of_request, read_head

CONNECT_S = 10.0
IDLE_S = 120.0
MAX_CONNECTIONS = 256
MAX_REMEMBERED = 100

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Tunnel:
    """The proxy while it runs.

    Attributes:
        url: for the library, with a password: nobody else on this machine may send through it.
    """

    def __init__(self, guard: Guard) -> None:
        self.url = ""
        self._guard = guard
        self._password = secrets.token_urlsafe(32)
        self._slots = asyncio.Semaphore(MAX_CONNECTIONS)
        self._failures: dict[str, KaratError] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def failure_of(self, host: str) -> KaratError | None:
        """Why the latest connection to a host did not come about; libraries only say that it did not."""
        return self._failures.get(host.lower())

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Tunnel"]:
        """Listen until the block ends."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        self.url = f"http://karat:{self._password}@127.0.0.1:{port}"
        try:
            yield self
        finally:
            server.close()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            async with self._slots:
                await self._answer((reader, writer))
        except (OSError, TimeoutError, ValueError, EOFError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # one of the two has gone, or does not speak HTTP, or this is over
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _answer(self, client: Ends) -> None:
        async with asyncio.timeout(CONNECT_S):
            head = await read_head(client[0])
        if not self._knows(head):
            client[1].write(_refusal("407 Proxy Authentication Required"))
            return
        is_tunnel = head.method == "CONNECT"
        try:
            server, first = await self._connect(f"https://{head.target}" if is_tunnel else head.target)
        except KaratError as error:
            status = 403 if isinstance(error, OutboundRefused) else error.status
            client[1].write(_refusal(f"{status} {error.code}"))
            return
        try:
            await (_pipe(client, server) if is_tunnel else _forward(head, first, client, server))
        finally:
            server[1].close()

    def _knows(self, head: Head) -> bool:
        expected = b"Basic " + base64.b64encode(f"karat:{self._password}".encode())
        return hmac.compare_digest(head.field("proxy-authorization").encode(), expected)

    async def _connect(self, url: str) -> tuple[Ends, tuple[str, str]]:
        """A connection to a checked address, and the authority and target to ask for there."""
        try:
            parsed = self._guard.judge(url)
            server = await self._open(parsed.host, parsed.port)
        except KaratError as error:
            self._failures[str(error.data.get("host"))] = error
            while len(self._failures) > MAX_REMEMBERED:
                self._failures.pop(next(iter(self._failures)))
            raise
        self._failures.pop(parsed.host, None)
        return server, (parsed.authority, parsed.target)

    async def _open(self, host: str, port: int) -> Ends:
        try:
            async with asyncio.timeout(CONNECT_S):
                return await self._open_one(host, port)
        except TimeoutError:
            raise TimedOut(f"{host} did not accept a connection in time.", host=host, phase="connect") from None

    async def _open_one(self, host: str, port: int) -> Ends:
        for address in await self._guard.addresses(host, port):
            try:
                server = await asyncio.open_connection(str(address), port)
            except OSError:
                continue
            own, peer = (server[1].get_extra_info(name)[0] for name in ("sockname", "peername"))
            if own == peer:
                self._guard.permit_itself(host, port, ip_address(peer))
            return server
        raise NotConnected(f"Nothing accepts connections at port {port} of {host}.", host=host)


@asynccontextmanager
async def open_tunnel(guard: Guard) -> AsyncIterator[Tunnel]:
    """A proxy that connects where the guard lets it, for `proxy_url` of a library such as obstore.

    The library must be given credentials, or told to send none: what it fetches by itself from the metadata service of
    a cloud, it fetches past every proxy.
    """
    async with Tunnel(guard).running() as tunnel:
        yield tunnel


async def _pipe(client: Ends, server: Ends) -> None:
    """Carry bytes both ways: TLS, of which nothing can be read here."""
    client[1].write(b"HTTP/1.1 200 Connected\r\n\r\n")
    await _until_one_ends(_carry(client[0], server[1]), _carry(server[0], client[1]))


async def _forward(head: Head, asked: tuple[str, str], client: Ends, server: Ends) -> None:
    """Carry one request and its answer; the next one comes by a new connection, and is judged anew."""
    authority, target = asked
    fields = [("Host", authority), *head.end_to_end(), ("Connection", "close")]
    server[1].write(as_bytes(f"{head.method} {target} HTTP/1.1", fields))

    async def up() -> None:
        async for piece in body_of_request(head, client[0]):
            server[1].write(piece)
            await server[1].drain()
        while await client[0].read(PIECE):
            pass  # nothing more is carried; this ends when the client goes away

    async def down() -> None:
        answer = await read_head(server[0])
        while answer.status.startswith("1"):
            answer = await read_head(server[0])
        client[1].write(as_bytes(answer.first_line, [*answer.end_to_end(), ("Connection", "close")]))
        await _carry(server[0], client[1])

    await _until_one_ends(up(), down())


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        async with asyncio.timeout(IDLE_S):
            piece = await reader.read(PIECE)
        if not piece:
            return
        writer.write(piece)
        async with asyncio.timeout(IDLE_S):
            await writer.drain()


async def _until_one_ends(*ways: Awaitable[None]) -> None:
    """Go both ways until one of them is over or fails."""
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _refusal(status: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
