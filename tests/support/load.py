"""A light HTTP/1.1 client that keeps its connection, for tests and benchmarks that are not about the client."""

import asyncio
import json
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID


class ConnectionLost(Exception):
    """The server went away before the answer was whole: whether it took hold is unknown."""


class Client(asyncio.Protocol):
    """One keep-alive connection of one person; one request at a time, the connection is opened when needed."""

    def __init__(self, url: str, key: str) -> None:
        parts = urlsplit(url)
        self.key = key
        self._address = (parts.hostname, parts.port)
        self._head = f" HTTP/1.1\r\nhost: {parts.netloc}\r\nauthorization: Bearer {key}\r\n".encode()
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    async def request(self, method: bytes, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and body.

        Raises:
            ConnectionLost: no whole answer came.
        """
        loop = asyncio.get_running_loop()
        if self._transport is None or self._transport.is_closing():
            try:
                await loop.create_connection(lambda: self, *self._address)
            except OSError as error:
                raise ConnectionLost from error
        assert self._transport
        self._answer = loop.create_future()
        kind = b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
        self._transport.write(method + b" " + path.encode() + self._head + kind + body)
        return await self._answer

    async def call(self, method: bytes, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and parsed body."""
        status, content = await self.request(method, path, b"" if body is None else json.dumps(body).encode())
        return status, json.loads(content) if content else None

    async def take(self, project_id: str, **wish: Any) -> Any:
        """`next`, which must succeed."""
        status, body = await self.call(b"POST", f"/api/projects/{project_id}/next", wish)
        assert status == 200, body
        return body

    async def submit(self, work: dict[str, Any], submission_id: UUID | str, label: str) -> tuple[int, Any]:
        """Hand in a class for work that was taken."""
        return await self.call(
            b"POST", f"/api/assignments/{work['assignment_id']}/submission", answer(work, submission_id, label)
        )

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Protocol."""
        self._transport, self._buffer = cast("asyncio.Transport", transport), b""

    def data_received(self, data: bytes) -> None:
        """Protocol: the answers that Karat gives to these requests all carry their length."""
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or self._answer is None or self._answer.done():
            return
        head = self._buffer[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._buffer) >= end + 4 + length:
            body, self._buffer = self._buffer[end + 4 : end + 4 + length], b""
            self._answer.set_result((int(head[9:12]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        """Protocol."""
        self._transport = None
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionLost())


def answer(work: dict[str, Any], submission_id: UUID | str, label: str) -> dict[str, Any]:
    """The body of a submission."""
    return {
        "submission_id": str(submission_id),
        "annotations": [draft_of(label)],
        "ontology_version_id": work["ontology_version_id"],
        "instructions_version": work["instructions_version"],
        "duration_s": 1.5,
    }


def draft_of(label: str) -> dict[str, Any]:
    """An annotation that names a class."""
    return {"kind": "text.class", "payload": {"label_class": label}}


async def make_project(owner: Client, n: int, *, overlap: int = 1) -> str:
    """A project of `n` short texts, each open to `overlap` people; its id, once all tasks are there."""
    _, dataset = await owner.call(b"POST", "/api/datasets", {"name": "Texts", "modality": "text"})
    table = "id,text\n" + "".join(f"text-{at},Is this text number {at} about something?\n" for at in range(n))
    status, _ = await owner.request(
        b"POST", f"/api/datasets/{dataset['id']}/imports?filename=texts.csv", table.encode()
    )
    assert status < 300, status
    project = {
        "name": "Project",
        "dataset_id": dataset["id"],
        "kind": "text.class",
        "classes": [{"name": "yes"}, {"name": "no"}],
        "target": {"overlap": overlap},
    }
    status, project = await owner.call(b"POST", "/api/projects", project)
    assert status == 201, project
    while (await owner.call(b"GET", f"/api/projects/{project['id']}"))[1]["n_tasks"] < n:
        await asyncio.sleep(0.1)
    return str(project["id"])


async def make_annotator(owner: Client, url: str, name: str) -> Client:
    """One more person with a key of their own."""
    status, made = await owner.call(b"POST", "/api/keys", {"name": name, "role": "annotator"})
    assert status == 201, made
    return Client(url, made["key"])
