"""As much of HTTP/1.1 as a proxy needs: heads, and where a request's body ends (RFC 9112)."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

PIECE = 1 << 16
# Of one connection only; the proxy's password among them.
HOP_BY_HOP = frozenset({"connection", "keep-alive", "te", "upgrade", "expect", "host"})
FIELD = re.compile(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Head:
    """The first line of a message, and its fields in their order."""

    first_line: str
    fields: tuple[tuple[str, str], ...]

    @property
    def method(self) -> str:
        """Of a request."""
        return self.first_line.split(" ")[0]

    @property
    def target(self) -> str:
        """Of a request."""
        return self.first_line.split(" ")[1]

    @property
    def status(self) -> str:
        """Of an answer, three digits."""
        return self.first_line.split(" ")[1]

    def field(self, name: str) -> str:
        """The values of a field, joined by commas; empty where there is none."""
        return ", ".join(value for one, value in self.fields if one.lower() == name)

    def end_to_end(self) -> Iterable[tuple[str, str]]:
        """The fields that a proxy passes on."""
        return ((name, value) for name, value in self.fields if not _is_hop_by_hop(name.lower()))


async def read_head(reader: asyncio.StreamReader) -> Head:
    """Everything up to the empty line.

    Raises:
        ValueError: it is no head.
    """
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    if len(lines[0].split(" ")) < 2 or any(mark in line for line in lines for mark in "\r\n\0"):
        raise ValueError("no HTTP")
    fields = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not FIELD.match(name):
            raise ValueError("no field")
        fields.append((name, value.strip(" \t")))
    return Head(lines[0], tuple(fields))


def as_bytes(first_line: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """A head as it travels."""
    lines = [first_line, *(f"{name}: {value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("latin-1")


async def body_of_request(head: Head, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The body as it is framed, and not a byte of what comes after it.

    Raises:
        ValueError: two readers could see its end at two places.
    """
    encoding, length = head.field("transfer-encoding").lower(), head.field("content-length")
    if encoding and (encoding != "chunked" or length):
        raise ValueError("framed twice")
    if encoding:
        async for piece in _chunks(reader):
            yield piece
    elif length:
        if not re.fullmatch(r"[0-9]{1,18}", length, re.ASCII):
            raise ValueError("no length")
        async for piece in _exactly(reader, int(length)):
            yield piece


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.partition(b";")[0].strip(), 16)
        yield line
        if size == 0:
            break
        async for piece in _exactly(reader, size + 2):
            yield piece
    while True:
        line = await reader.readuntil(b"\r\n")
        yield line
        if line == b"\r\n":
            return


async def _exactly(reader: asyncio.StreamReader, n_bytes: int) -> AsyncIterator[bytes]:
    while n_bytes:
        piece = await reader.read(min(PIECE, n_bytes))
        if not piece:
            raise asyncio.IncompleteReadError(b"", n_bytes)
        n_bytes -= len(piece)
        yield piece


def _is_hop_by_hop(name: str) -> bool:
    return name in HOP_BY_HOP or name.startswith("proxy-")
