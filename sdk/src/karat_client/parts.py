"""One upload in parts: announced, sent file by file, each going on where it broke off, and completed."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from uuid import UUID

from karat_client.counting import Counted, Counter, Stopped
from karat_client.errors import KaratError, NotFound, SourceUnusable
from karat_client.listing import listing
from karat_client.loads import PART_BYTES, Load
from karat_client.notes import Notes
from karat_client.patience import Patience
from karat_client.records import Import, Upload, UploadFile
from karat_client.sources import Source
from karat_client.tape import Tape
from karat_client.transport import Transport

FILES_AT_ONCE = 4
ANNOUNCED_AT_ONCE = 10_000


class Parts:
    """A load on its way."""

    def __init__(self, transport: Transport, notes: Notes, dataset_id: str, load: Load, counter: Counter) -> None:
        self._transport, self._notes, self._load, self._dataset_id = transport, notes, load, dataset_id
        self._stamp = load.stamp()
        self._mark = self._stamp and f"{transport.url} {dataset_id} {load.name} {self._stamp}"
        self._counter = counter
        self._stop = threading.Event()

    def send(self) -> Import:
        """Send what the server does not have yet, and have all of it read."""
        upload, offsets = self._find() or (self._begin(), {})
        self._counter.add(sum(offsets.values()))
        self._send_files(upload, offsets)
        if self._load.stamp() != self._stamp:
            self._abandon(upload)
            raise SourceUnusable("A file has changed while it was sent.", hint="Upload it when nobody writes to it.")
        path = "/api/uploads/{upload_id}/complete"
        started = self._transport.call("POST", path, Import, upload_id=upload.id)
        if self._mark:
            self._notes.forget(self._mark)
        self._counter.end()
        return started

    def _find(self) -> tuple[Upload, dict[int, int]] | None:
        """The upload that an earlier call began with the same files, and how far each of them is."""
        upload_id = self._notes.find(self._mark) if self._mark else None
        if upload_id is None:
            return None
        try:
            upload = self._get(upload_id)
            path = "/api/uploads/{upload_id}/files"
            files = listing(self._transport, "GET", path, UploadFile, upload_id=upload_id).to_list()
        except NotFound:
            return None
        if [(one.name, one.size) for one in files] != [(one.name, one.size) for one in self._load.sources]:
            return None
        # With an import only the answer to its end was lost, and the bytes are being read or gone.
        return upload, {one.position: one.offset if upload.import_id is None else one.size for one in files}

    def _get(self, upload_id: UUID) -> Upload:
        return self._transport.call("GET", "/api/uploads/{upload_id}", Upload, upload_id=upload_id)

    def _begin(self) -> Upload:
        body = {"dataset_id": self._dataset_id, "name": self._load.name, "files": self._announced(0)}
        upload = self._transport.call("POST", "/api/uploads", Upload, body=body)
        patience = Patience(self._transport.backoff)
        while (n_files := upload.n_files) < len(self._load.sources):
            # Sent once: said twice, the same files would be announced twice. What came of it, the upload says.
            path = "/api/uploads/{upload_id}/files"
            more = {"files": self._announced(n_files)}
            try:
                upload = self._transport.call("POST", path, Upload, body=more, once=True, upload_id=upload.id)
                patience.renew()
            except KaratError as error:
                if not error.retryable:
                    self._abandon(upload)  # not noted yet: nobody would find it again
                    raise
                if not patience.pause():
                    raise
                upload = self._get(upload.id)
        if self._mark:
            self._notes.keep(self._mark, upload.id)
        return upload

    def _announced(self, first: int) -> list[dict[str, object]]:
        some = self._load.sources[first : first + ANNOUNCED_AT_ONCE]
        return [{"name": one.name, "size": one.size} for one in some]

    def _send_files(self, upload: Upload, offsets: dict[int, int]) -> None:
        left = [
            (at, source, offsets.get(at, 0))
            for at, source in enumerate(self._load.sources)
            if offsets.get(at, 0) < (source.size or 0)
        ]
        if len(left) == 1:
            self._send_file(upload, *left[0])
            return
        with ThreadPoolExecutor(FILES_AT_ONCE, "karat-upload") as pool:
            try:
                sent = [pool.submit(self._send_file, upload, *one) for one in left]
                for one in as_completed(sent):
                    one.result()
            except BaseException:
                self._stop.set()
                pool.shutdown(cancel_futures=True)
                raise

    def _send_file(self, upload: Upload, position: int, source: Source, offset: int) -> None:
        """Send the rest of a file, part by part. Every byte that arrives renews the patience.

        Raises:
            Stopped: another file could not be sent.
        """
        patience, tape, size = Patience(self._transport.backoff, self._stop), Tape(source), source.size or 0
        while (before := offset) < size:
            if self._stop.is_set():
                raise Stopped
            part = Counted(self._counter, self._stop)
            n_bytes = min(PART_BYTES, size - offset)
            try:
                offset = self._put(upload, position, offset, n_bytes, part.of(tape.read(offset, n_bytes)))
                patience.renew()
            except KaratError as error:
                if error.code == "upload.complete":
                    return  # another process has sent the same files
                if not error.retryable and error.code != "upload.offset_wrong":
                    raise
                offset = self._come_to(upload, position)
                if offset > before:
                    patience.renew()
                if not patience.pause():
                    raise
            self._counter.add(offset - before - part.n_bytes)

    def _put(self, upload: Upload, position: int, offset: int, n_bytes: int, part: Iterator[bytes]) -> int:
        file = self._transport.upload(
            "PUT",
            "/api/uploads/{upload_id}/files/{position}",
            UploadFile,
            lambda: part,
            query={"offset": offset},
            n_bytes=n_bytes,
            once=True,
            upload_id=upload.id,
            position=position,
        )
        return file.offset

    def _come_to(self, upload: Upload, position: int) -> int:
        """How much of a file is there; asked until the server answers or all stops, as long as that is patient."""
        path = "/api/uploads/{upload_id}/files/{position}"
        call, stop = self._transport.call, self._stop
        return call("GET", path, UploadFile, stop=stop, upload_id=upload.id, position=position).offset

    def _abandon(self, upload: Upload) -> None:
        if self._mark:
            self._notes.forget(self._mark)
        with suppress(KaratError):
            self._transport.call("DELETE", "/api/uploads/{upload_id}", type(None), upload_id=upload.id)
