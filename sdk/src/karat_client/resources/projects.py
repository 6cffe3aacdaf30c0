"""Projects: what is asked about a dataset, and how it is going."""

import json
from collections.abc import Iterator

import httpx

from karat_client.decode import decode
from karat_client.errors import NotCertified, WaitTimeout
from karat_client.labels import Labels
from karat_client.listing import Listing
from karat_client.progress import Progress, Wanted, sink_of
from karat_client.records import Overview, Phase, Project
from karat_client.resources.base import Ref, id_of
from karat_client.resources.exports import Exports
from karat_client.resources.project_setup import ProjectSetup
from karat_client.transport import Transport
from karat_client.waiting import wait_until

LABELS = "karat-jsonl"


class Projects(ProjectSetup):
    """A question about the assets of a dataset, and the quality that its answers must have."""

    def __init__(self, transport: Transport, exports: Exports) -> None:
        super().__init__(transport)
        self._exports = exports

    def list(self) -> Listing[Project]:
        """All projects, newest first."""
        return self._listing("GET", "/api/projects", Project)

    def get(self, project: Ref) -> Project:
        """One project as it is now."""
        return self._call("GET", "/api/projects/{project_id}", Project, project_id=id_of(project))

    def overview(self, project: Ref) -> Overview:
        """How it is going: answers, error, phase, people, model, and what waits for a decision."""
        return self._call("GET", "/api/projects/{project_id}/overview", Overview, project_id=id_of(project))

    def watch(self, project: Ref) -> Iterator[Overview]:
        """The overview now, and again whenever something has changed; ends when you stop asking for more."""
        while True:
            headers = {"Accept": "text/event-stream"}
            path = "/api/projects/{project_id}/events"
            with self._transport.open("GET", path, headers=headers, project_id=id_of(project)) as response:
                try:
                    for line in response.iter_lines():
                        if line.startswith("data: "):
                            yield decode(Overview, json.loads(line[6:]))
                except httpx.TransportError:
                    continue  # the server restarted, or was silent for too long: ask again, which has its own patience

    def wait(
        self,
        project: Ref,
        phase: Phase = "certified",
        *,
        timeout: float | None = None,
        progress: Wanted = False,
    ) -> Overview:
        """Wait until a project has come to a phase, by default until its labels are certified.

        Raises:
            WaitTimeout: it takes longer than `timeout` seconds; its text says what the project waits for.
        """
        tell = sink_of(progress)
        last = self.overview(project)

        def look() -> Overview:
            nonlocal last
            last = self.overview(project)
            stages = last.stages
            total = stages.model + stages.people + stages.review + stages.check + stages.done
            what = f"Project is {last.phase} after {last.answers.human:,} answers"
            tell(Progress(what, stages.done, total, "tasks", is_over=last.phase == phase))
            return last

        try:
            return wait_until(look, lambda now: now.phase == phase, timeout, f"The project is not {phase}")
        except WaitTimeout as error:
            error.detail = f"{error.detail} It is {last.phase}: {last.phase_sentence}"
            raise

    def labels(
        self, project: Ref, *, certified: bool = False, timeout: float | None = None, progress: Wanted = False
    ) -> Labels:
        """The labels of a project with all that is known of them: iterate, or `to_pandas()`, `to_arrow()`.

        The server writes them into an export, which is fetched and checked when the first label is wanted.

        Args:
            certified: only if there is a certificate for them.

        Raises:
            NotCertified: there is none.
        """
        now = self.get(project)
        if certified and now.phase != "certified":
            raise NotCertified(detail=f"The project is {now.phase}: {now.phase_sentence}")
        export = self._exports.start(project, LABELS)
        done = self._exports.wait(export, timeout=timeout, progress=progress)
        return self._exports.labels(done, progress=progress)

    def link(self, project: Ref) -> str:
        """Where the project is in the web app."""
        return f"{self._transport.url}/projects/{id_of(project)}"
