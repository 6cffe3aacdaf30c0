"""Files from the server: kept only if they are whole, and gone on with where they broke off."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx

from karat_client.errors import ConnectionFailed, DownloadDamaged
from karat_client.patience import Patience
from karat_client.progress import Progress, Sink
from karat_client.retries import Backoff

PIECE = 1 << 18
Open = Callable[[dict[str, str]], AbstractContextManager[httpx.Response]]


@dataclass(frozen=True, slots=True)
class Promise:
    """What the server says of a file: its digest, and its size where it says it."""

    sha256: str
    n_bytes: int | None


def download(open_: Open, promise: Promise, target: Path, backoff: Backoff, tell: Sink) -> Path:
    """Fetch a file beside its place, check it, and only then put it there.

    Args:
        open_: sends the request with more headers.
        target: replaced if it is there. A part that an earlier try left beside it is gone on with.

    Raises:
        DownloadDamaged: what came has another digest; it is not kept.
        ConnectionFailed: the connection broke and did not come back; the part stays for the next try.
    """
    part = target.with_name(f".{target.name}.{promise.sha256[:16]}.part")
    is_old = part.exists() and part.stat().st_size > 0
    digest = _fetch(open_, promise, part, target.name, backoff, tell)
    if digest != promise.sha256 and is_old:
        part.unlink()  # the old part may have been the damaged one
        digest = _fetch(open_, promise, part, target.name, backoff, tell)
    if digest != promise.sha256:
        part.unlink()
        raise DownloadDamaged(fields={"file": target.name, "sha256_promised": promise.sha256, "sha256_found": digest})
    return part.replace(target)


class _Part:
    """What has arrived, and its digest so far."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest = file, hashlib.sha256()
        file.seek(0)
        while piece := file.read(PIECE):
            self._digest.update(piece)

    @property
    def size(self) -> int:
        return self._file.tell()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def add(self, piece: bytes) -> None:
        self._file.write(piece)
        self._digest.update(piece)

    def begin_anew(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._digest = hashlib.sha256()


def _fetch(open_: Open, promise: Promise, path: Path, name: str, backoff: Backoff, tell: Sink) -> str:
    """Bring the part to its end; its digest. Every piece that arrives renews the patience."""
    patience = Patience(backoff)
    with path.open("a+b") as file:
        part = _Part(file)
        while True:
            before = part.size
            try:
                _go_on(open_, promise, part, name, tell)
                break
            except httpx.TransportError as error:
                if part.size > before:
                    patience.renew()
                if not patience.pause():
                    detail = f"{part.size:,} bytes have arrived and are kept; the same call goes on after them."
                    raise ConnectionFailed("The download broke off.", detail=detail, retryable=True) from error
        tell(Progress(f"Download {name}", part.size, promise.n_bytes, "bytes", is_over=True))
    return part.sha256


def _go_on(open_: Open, promise: Promise, part: _Part, name: str, tell: Sink) -> None:
    """Append what is missing."""
    begin = part.size
    if promise.n_bytes is not None and begin >= promise.n_bytes > 0:
        return
    headers = {"Accept-Encoding": "identity"}
    if begin:
        # The digest is the entity tag: if the file has become another one, the whole of it comes.
        headers |= {"Range": f"bytes={begin}-", "If-Range": f'"{promise.sha256}"'}
    with open_(headers) as response:
        if begin and response.status_code != 206:
            part.begin_anew()
        for piece in response.iter_bytes():
            part.add(piece)
            tell(Progress(f"Download {name}", part.size, promise.n_bytes, "bytes"))
