"""A name server that says what it is told to, and a web server that misbehaves as its path says."""

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from karat.kit import utc_now
from karat.outbound import Address, NotResolved

PUBLIC = "93.184.215.14"
HERE = "127.0.0.1"
SECRET = "-".join(("INTERNAL", "BODY", "7f3a"))


class Names:
    """A name server: for each name its answers, one list of addresses after the other, the last one for ever."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = {name.replace("_", "."): list(one) for name, one in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[Address]:
        self.asked.append(host)
        if host not in self.answers:
            raise NotResolved(f"The host {host} is not known.")
        left = self.answers[host]
        return [ip_address(one) for one in (left.pop(0) if len(left) > 1 else left[0])]


@dataclass
class Seen:
    """What reached the server."""

    n_connections: int = 0
    heads: list[str] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)


@dataclass
class Lab:
    """The server, where it listens and what it saw; `redirects` says where `/to/NAME` leads."""

    port: int = 0
    seen: Seen = field(default_factory=Seen)
    redirects: dict[str, str] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.seen.n_connections += 1
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                self.seen.heads.append(head)
                await self._answer(head.split(" ")[1], writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        if path.startswith("/to/"):
            _send(writer, "302 Found", [f"Location: {self.redirects[path[4:]]}"], SECRET.encode())
        elif path in FIXED:
            FIXED[path](writer)
        elif path in SLOW:
            await SLOW[path](writer)
        else:
            _send(writer, "200 OK", ["Content-Type: Text/Plain; charset=utf-8", "ETag: e1"], b"hello " + path.encode())
        await writer.drain()


@asynccontextmanager
async def open_lab(context: ssl.SSLContext | None = None) -> AsyncIterator[Lab]:
    """A lab that runs, by TLS if there is a context."""
    lab = Lab()
    if context:
        context.sni_callback = lambda _socket, name, _context: lab.seen.names.append(name)
    server = await asyncio.start_server(lab.serve, HERE, 0, ssl=context)
    lab.port = server.sockets[0].getsockname()[1]
    try:
        yield lab
    finally:
        server.close()


def make_certificates(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate for the name, and the file of the authority that issued it."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    issuer, subject = (x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, one)]) for one in ("Lab", name))
    authority = _certificate(issuer, keys[0], issuer, keys[0]).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    own = _certificate(subject, keys[1], issuer, keys[0]).add_extension(
        x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False
    )
    pem = serialization.Encoding.PEM
    (folder / "authority.pem").write_bytes(authority.sign(keys[0], hashes.SHA256()).public_bytes(pem))
    (folder / "own.pem").write_bytes(
        own.sign(keys[0], hashes.SHA256()).public_bytes(pem)
        + keys[1].private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "own.pem")
    return context, folder / "authority.pem"


def _certificate(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, issuer: x509.Name, issuer_key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = utc_now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
    )


def _head(writer: asyncio.StreamWriter, status: str, headers: list[str]) -> None:
    writer.write("\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode())


def _send(
    writer: asyncio.StreamWriter, status: str, headers: list[str], body: bytes = b"", *, has_length: bool = False
) -> None:
    _head(writer, status, headers if has_length else [*headers, f"Content-Length: {len(body)}"])
    writer.write(body)


def _announces_more(writer: asyncio.StreamWriter) -> None:
    _send(writer, "200 OK", ["Content-Length: 1000"], b"short", has_length=True)
    writer.close()


def _no_http(writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP " + SECRET.encode() + b"\r\n")
    writer.close()


async def _silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def _drip_head(writer: asyncio.StreamWriter) -> None:
    await _drip(writer, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 10_000)


async def _drip_body(writer: asyncio.StreamWriter) -> None:
    _head(writer, "200 OK", ["Content-Length: 10000"])
    await _drip(writer, b"a" * 10_000)


async def _endless(writer: asyncio.StreamWriter) -> None:
    _head(writer, "200 OK", ["Connection: close"])
    while True:
        writer.write(b"a" * 65536)
        await writer.drain()


async def _drip(writer: asyncio.StreamWriter, data: bytes) -> None:
    for at in range(len(data)):
        writer.write(data[at : at + 1])
        await writer.drain()
        await asyncio.sleep(0.02)


FIXED: dict[str, Callable[[asyncio.StreamWriter], None]] = {
    "/loop": lambda to: _send(to, "302 Found", ["Location: /loop"]),
    "/announces-much": lambda to: _head(to, "200 OK", ["Content-Length: 999999999999"]),
    "/announces-more": _announces_more,
    "/announces-less": lambda to: _send(to, "200 OK", ["Content-Length: 5"], b"short and more", has_length=True),
    "/two-lengths": lambda to: _send(to, "200 OK", ["Content-Length: 5", "Content-Length: 9"], b"short"),
    "/cookie": lambda to: _send(to, "200 OK", ["Set-Cookie: seen=1; Path=/"]),
    "/bomb": lambda to: _send(to, "200 OK", ["Content-Encoding: gzip"], gzip.compress(bytes(32 << 20))),
    "/no-http": _no_http,
    "/long-head": lambda to: _head(to, "200 OK", [f"X-{at}: {'a' * 1000}" for at in range(500)]),
    "/no": lambda to: _send(to, "403 Forbidden", [], SECRET.encode()),
}
SLOW: dict[str, Callable[[asyncio.StreamWriter], Awaitable[None]]] = {
    "/silent": _silent,
    "/drip-head": _drip_head,
    "/drip-body": _drip_body,
    "/endless": _endless,
}
