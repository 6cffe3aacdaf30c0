"""A model's server on this machine that says what a test wants."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[str, Any], Any]


@dataclass
class Raw:
    """An answer that is no JSON, or has another status."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class ModelServer:
    """Answers by `answer(path, body)`; `seen` has what it was asked, and with which headers."""

    answer: Answer
    delay_s: float = 0.0
    port: int = 0
    seen: list[tuple[str, Any, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def asked(self, path: str) -> list[Any]:
        """The bodies that came to a path."""
        return [body for at, body, _ in self.seen if at == path]


@contextmanager
def model_server(answer: Answer, port: int = 0) -> Iterator[ModelServer]:
    """A server that runs until the block ends."""
    state = ModelServer(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply(None)

        def do_POST(self) -> None:
            self.reply(json.loads(self.rfile.read(int(self.headers["content-length"]))))

        def reply(self, body: Any) -> None:
            state.seen.append((self.path, body, {name.lower(): value for name, value in self.headers.items()}))
            time.sleep(state.delay_s)
            said = state.answer(self.path, body)
            said = said if isinstance(said, Raw) else Raw(body=json.dumps(said).encode())
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *args: Any) -> None:
            pass

        def handle(self) -> None:
            with suppress(ConnectionError):
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def even(body: Any, **shares: float) -> dict[str, Any]:
    """The same probabilities for every item."""
    return {
        "model_version": "v7",
        "predictions": [{"id": item["id"], "probabilities": shares} for item in body["items"]],
    }
