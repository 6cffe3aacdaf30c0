"""Calls the application without a network and looks at what it sends, message by message; ends endless streams."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

Watch = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass
class Answer:
    """What the application sent."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


async def call(
    app: Any,
    method: str,
    path: str,
    *,
    headers: dict[str, str] | None = None,
    query: bytes = b"",
    body: bytes = b"",
    watch: Watch | None = None,
    raw_path: bytes | None = None,
    breaks_off: bool = False,
) -> Answer:
    """One request; the client goes away after the first piece of the body.

    Args:
        watch: sees every message before it leaves.
        breaks_off: the client goes away before its body has ended.
        raw_path: as on the wire, where it differs from the path that the server decodes.
    """
    answer, answered = Answer(), asyncio.Event()
    pending = [{"type": "http.request", "body": body, "more_body": breaks_off}]

    async def receive() -> dict[str, Any]:
        if pending:
            return pending.pop()
        if not breaks_off:
            await answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if watch:
            await watch(message)
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        elif message.get("body") or not message.get("more_body"):
            answer.body += message.get("body", b"")
            answered.set()

    sent = {"host": "localhost", **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": raw_path or path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
    }
    await app(scope, receive, send)
    return answer
