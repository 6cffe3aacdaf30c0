"""Whole projects as files: to keep, to hand over, to take elsewhere."""

import os
from contextlib import AbstractContextManager
from pathlib import Path

import httpx

from karat_client.downloads import Promise, download
from karat_client.errors import Conflict
from karat_client.listing import Listing
from karat_client.loads import OneFile, one_file
from karat_client.progress import Progress, Wanted, sink_of
from karat_client.records import ArchiveMedia, ProjectArchive, ProjectImport
from karat_client.resources.base import Ref, Resource, id_of
from karat_client.sending import send_whole
from karat_client.waiting import until_made


class Archives(Resource):
    """A project with its data, ontology, instructions, answers, reviews, labels and certificates in one ZIP."""

    def list(self, project: Ref) -> Listing[ProjectArchive]:
        """The archives that were made of a project, newest first."""
        return self._listing("GET", "/api/projects/{project_id}/archives", ProjectArchive, project_id=id_of(project))

    def get(self, archive: Ref) -> ProjectArchive:
        """An archive as it is now."""
        return self._call("GET", "/api/archives/{archive_id}", ProjectArchive, archive_id=id_of(archive))

    def start(self, project: Ref, *, media: ArchiveMedia = "included") -> ProjectArchive:
        """Let the server write a project into a file.

        Args:
            media: `included`, or `referenced` by their hashes: they must be there already where the project goes.
        """
        path = "/api/projects/{project_id}/archives"
        return self._call("POST", path, ProjectArchive, body={"media": media}, project_id=id_of(project))

    def wait(self, archive: Ref, *, timeout: float | None = None, progress: Wanted = False) -> ProjectArchive:
        """Wait until the file is written.

        Raises:
            JobFailed, JobCancelled: it will not be.
            WaitTimeout: it takes longer than `timeout` seconds.
        """
        return until_made(
            lambda: self.get(archive),
            lambda now: Progress("Pack the project", now.n_bytes or 0, now.n_bytes, "bytes"),
            "The archive",
            timeout=timeout,
            progress=progress,
            fields=lambda now: {"archive_id": str(now.id)},
        )

    def download(self, archive: Ref, target: str | os.PathLike[str], *, progress: Wanted = False) -> Path:
        """Fetch an archive that is done, and keep it only if its digest is the promised one; goes on where it broke off.

        Args:
            target: a file, or a folder to put it into.

        Raises:
            DownloadDamaged: what came has another digest.
            Conflict: the archive is not done.
        """
        done = self.get(archive)
        if done.sha256 is None:
            title = "The archive is not done, so there is no file yet."
            raise Conflict(title, code="archive.not_ready", fields={"archive_id": str(done.id), "state": done.state})
        path = Path(target)
        path = path / f"karat-project-{done.id}.zip" if path.is_dir() else path

        def open_(headers: dict[str, str]) -> AbstractContextManager[httpx.Response]:
            where = "/api/archives/{archive_id}/file"
            return self._transport.open("GET", where, headers=headers, archive_id=str(done.id))

        return download(open_, Promise(done.sha256, done.n_bytes), path, self._transport.backoff, sink_of(progress))

    def save(
        self,
        project: Ref,
        target: str | os.PathLike[str],
        *,
        media: ArchiveMedia = "included",
        timeout: float | None = None,
        progress: Wanted = False,
    ) -> Path:
        """Write a whole project to a file here: `start`, `wait` and `download` in one."""
        done = self.wait(self.start(project, media=media), timeout=timeout, progress=progress)
        return self.download(done, target, progress=progress)

    def upload(
        self, source: OneFile, *, wait: bool = True, timeout: float | None = None, progress: Wanted = False
    ) -> ProjectImport:
        """Make a project of an archive, with new ids; `project_id` of the answer names it. It is paused.

        Args:
            source: the path of the file, its bytes, or an open file.

        Raises:
            JobFailed: it is damaged, no archive, or one of a newer Karat; nothing of it is kept.
        """
        file, tell = one_file(source, "project.zip"), sink_of(progress)
        query = {"filename": file.name}
        started = send_whole(self._transport, "POST", "/api/project-imports", ProjectImport, file, tell, query=query)
        return self.wait_for_import(started, timeout=timeout, progress=tell) if wait else started

    def imports(self) -> Listing[ProjectImport]:
        """The projects that came or come in as archives, newest first."""
        return self._listing("GET", "/api/project-imports", ProjectImport)

    def get_import(self, one: Ref) -> ProjectImport:
        """A project on its way in, as it is now."""
        path = "/api/project-imports/{project_import_id}"
        return self._call("GET", path, ProjectImport, project_import_id=id_of(one))

    def wait_for_import(self, one: Ref, *, timeout: float | None = None, progress: Wanted = False) -> ProjectImport:
        """Wait until a project is here, whole.

        Raises:
            JobFailed, JobCancelled: nothing of it is here.
            WaitTimeout: it takes longer than `timeout` seconds.
        """
        return until_made(
            lambda: self.get_import(one),
            lambda now: Progress(f"Bring in {now.name}", int(now.project_id is not None), 1, "projects"),
            "The import of the project",
            timeout=timeout,
            progress=progress,
            fields=lambda now: {"project_import_id": str(now.id), "name": now.name},
        )
