"""A server of uploads in parts that can break the line, hold a file, or lose its answer; it keeps hashes, not bytes."""

import hashlib
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx

AT = "2026-01-01T00:00:00Z"
DATASET = "018f0000-0000-7000-8000-000000000000"
FILE = re.compile(r"/api/uploads/([0-9a-f-]+)/files/(\d+)$")
UPLOAD = re.compile(r"/api/uploads/([0-9a-f-]+)")


@dataclass
class File:
    """What has come of a file, and what it was."""

    name: str
    size: int
    offset: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def take(self, piece: bytes) -> None:
        self.digest.update(piece)
        self.offset += len(piece)


@dataclass
class Upload:
    """One upload."""

    id: UUID
    name: str
    files: list[File]
    import_id: UUID | None = None

    def view(self) -> dict[str, Any]:
        return {
            "id": str(self.id), "dataset_id": DATASET, "name": self.name, "n_files": len(self.files),
            "n_bytes": sum(one.size for one in self.files), "n_received": sum(one.offset for one in self.files),
            "import_id": self.import_id and str(self.import_id), "created_at": AT, "expires_at": None,
        }  # fmt: skip


class UploadsServer(httpx.BaseTransport):
    """Answers as the real one does.

    Attributes:
        on_piece: called with the file and every piece that comes; what it raises breaks the line, and a piece for which it
            gives True is lost on the way.
        on_request: called with every request; what it gives is the answer instead.
        received: bytes of parts that came in all.
    """

    def __init__(self) -> None:
        self.uploads: dict[UUID, Upload] = {}
        self.received = 0
        self.asked: list[str] = []
        self.on_piece: Callable[[File, bytes], bool | None] = lambda _file, _piece: None
        self.on_request: Callable[[httpx.Request], httpx.Response | None] = lambda _request: None
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        with self._lock:
            self.asked.append(f"{request.method} {path}")
        if answer := self.on_request(request):
            return answer
        if request.method == "POST" and path == "/api/uploads":
            return self._begin(json.loads(request.read()))
        found = UPLOAD.match(path)
        upload = self.uploads.get(UUID(found[1])) if found else None
        if upload is None:
            return problem(404, "upload.not_found")
        if at := FILE.match(path):
            file = upload.files[int(at[2])]
            return self._put(request, upload, file, int(at[2])) if request.method == "PUT" else ok(of(int(at[2]), file))
        return self._of_upload(request, path, upload)

    def _of_upload(self, request: httpx.Request, path: str, upload: Upload) -> httpx.Response:
        if request.method == "DELETE":
            del self.uploads[upload.id]
            return httpx.Response(204)
        if path.endswith("/complete"):
            missing = [one.name for one in upload.files if one.offset < one.size]
            if missing and upload.import_id is None:
                return problem(409, "upload.incomplete", missing=missing)
            upload.import_id = upload.import_id or uuid4()
            return ok(an_import(upload.import_id, upload.name), 202)
        if path.endswith("/files") and request.method == "GET":
            return ok({"items": [of(at, one) for at, one in enumerate(upload.files)], "next_cursor": None})
        if path.endswith("/files"):
            upload.files += [File(**one) for one in json.loads(request.read())["files"]]
        return ok(upload.view())

    def _begin(self, body: dict[str, Any]) -> httpx.Response:
        upload = Upload(uuid4(), body["name"], [File(**one) for one in body["files"]])
        self.uploads[upload.id] = upload
        return ok(upload.view(), 201)

    def _put(self, request: httpx.Request, upload: Upload, file: File, position: int) -> httpx.Response:
        if upload.import_id:
            return problem(409, "upload.complete")
        if int(request.url.params["offset"]) != file.offset:
            return problem(409, "upload.offset_wrong", offset=file.offset)
        assert isinstance(request.stream, httpx.SyncByteStream)
        n_bytes = 0
        for piece in request.stream:
            if self.on_piece(file, piece):
                continue
            with self._lock:
                self.received += len(piece)
            file.take(piece)
            n_bytes += len(piece)
        assert n_bytes == int(request.headers["content-length"])
        return ok(of(position, file))


def of(position: int, file: File) -> dict[str, Any]:
    return {"position": position, "name": file.name, "size": file.size, "offset": file.offset}


def an_import(import_id: UUID, name: str) -> dict[str, Any]:
    counts = dict.fromkeys(("rows_read", "n_added", "n_duplicates", "n_faults"), 0)
    empty = dict.fromkeys(("job_id", "rows_total", "error", "finished_at"))
    told = {"id": str(import_id), "dataset_id": DATASET, "source": "files", "name": name, "state": "queued"}
    return {**counts, **empty, **told, "created_at": AT}


def ok(body: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=body)


def problem(status: int, code: str, *, retryable: bool = False, **more: Any) -> httpx.Response:
    body = {"title": "No.", "status": status, "code": code, "retryable": retryable, **more}
    return httpx.Response(status, content=json.dumps(body), headers={"content-type": "application/problem+json"})
