"""Exports: files of labels."""

import os
from contextlib import AbstractContextManager
from pathlib import Path

import httpx

from karat_client.downloads import Promise, download
from karat_client.errors import Conflict
from karat_client.labels import Labels
from karat_client.listing import Listing
from karat_client.progress import Progress, Wanted, sink_of
from karat_client.records import Export, FormatList, FormatListItem
from karat_client.resources.base import Ref, Resource, id_of
from karat_client.waiting import until_made


class Exports(Resource):
    """Labels in the format of your choice."""

    def formats(self) -> tuple[FormatListItem, ...]:
        """The formats, and what each of them cannot say."""
        return self._call("GET", "/api/formats", FormatList).items

    def list(self, project: Ref) -> Listing[Export]:
        """The exports of a project, newest first."""
        return self._listing("GET", "/api/projects/{project_id}/exports", Export, project_id=id_of(project))

    def get(self, export: Ref) -> Export:
        """An export as it is now."""
        return self._call("GET", "/api/exports/{export_id}", Export, export_id=id_of(export))

    def start(self, project: Ref, format: str = "karat-jsonl") -> Export:  # noqa: A002 - the word of the API
        """Let the server write all labels of a project into a file."""
        path = "/api/projects/{project_id}/exports"
        return self._call("POST", path, Export, body={"format": format}, project_id=id_of(project))

    def wait(self, export: Ref, *, timeout: float | None = None, progress: Wanted = False) -> Export:
        """Wait until the file is written.

        Raises:
            JobFailed, JobCancelled: it will not be.
            WaitTimeout: it takes longer than `timeout` seconds.
        """
        return until_made(
            lambda: self.get(export),
            lambda now: Progress(f"Export as {now.format}", now.n_labels or 0, None, "labels"),
            "The export",
            timeout=timeout,
            progress=progress,
            fields=lambda now: {"export_id": str(now.id), "format": now.format},
        )

    def download(self, export: Ref, target: str | os.PathLike[str], *, progress: Wanted = False) -> Path:
        """Fetch the file of an export that is done, and keep it only if its digest is the one that was promised.

        A download that breaks off goes on where it ended: at once, and also when the same call is made again later.

        Args:
            target: a file, or a folder to put it into.

        Raises:
            DownloadDamaged: what came has another digest.
            Conflict: the export is not done.
        """
        done = self.get(export)
        if done.sha256 is None:
            title = "The export is not done, so there is no file yet."
            raise Conflict(title, code="export.not_ready", fields={"export_id": str(done.id), "state": done.state})
        path = Path(target)
        path = path / f"karat-labels-{done.id}{self._suffix(done.format)}" if path.is_dir() else path

        def open_(headers: dict[str, str]) -> AbstractContextManager[httpx.Response]:
            return self._transport.open("GET", "/api/exports/{export_id}/file", headers=headers, export_id=str(done.id))

        return download(open_, Promise(done.sha256, done.n_bytes), path, self._transport.backoff, sink_of(progress))

    def labels(self, export: Ref, *, progress: Wanted = False) -> Labels:
        """The labels of an export that is done, in Karat JSONL."""
        done = self.get(export)
        if done.format != "karat-jsonl":
            raise ValueError(f"labels are read from exports as karat-jsonl, and this one is {done.format}")
        return Labels(lambda target: self.download(done, target, progress=progress), done.n_labels)

    def _suffix(self, name: str) -> str:
        return next((one.suffix for one in self.formats() if one.name == name), "")
