"""Projects: what is asked about a dataset, and how it is going."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypedDict

import httpx

from karat_client.decode import decode
from karat_client.errors import NotCertified, WaitTimeout
from karat_client.labels import Labels
from karat_client.listing import Listing
from karat_client.progress import Progress, Wanted, sink_of
from karat_client.records import (
    Attribute,
    Budget,
    ClonePart,
    InstructionsVersion,
    LabelClass,
    NewPilot,
    Overview,
    Phase,
    Project,
    ProjectState,
    ProjectTemplate,
    QualityTarget,
    Section,
    TemplateList,
)
from karat_client.resources.base import Ref, Resource, id_of
from karat_client.resources.exports import Exports
from karat_client.transport import Transport
from karat_client.waiting import wait_until
from karat_client.wire import given, to_json

LABELS = "karat-jsonl"


class TargetChange(TypedDict, total=False):
    """What of a quality target shall be otherwise; see `QualityTarget`."""

    error: float
    confidence: float
    max_answers: int
    overlap: int | None
    match_overlap: float
    min_agreement: float
    min_score: float
    budget: Budget | None


class Templates(Resource):
    """Common projects to start from: `projects.create(…, template=name)`."""

    def list(self, modality: str | None = None) -> tuple[ProjectTemplate, ...]:
        """All templates, or those for data of a modality."""
        return self._call("GET", "/api/project-templates", TemplateList, query={"modality": modality}).items


class Projects(Resource):
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

    def create(
        self,
        name: str,
        dataset: Ref,
        *,
        kind: str | None = None,
        classes: Sequence[str | LabelClass] | None = None,
        template: str | None = None,
        attributes: Sequence[Attribute] | None = None,
        instructions: str | None = None,
        sections: Sequence[Section] | None = None,
        target: QualityTarget | None = None,
        pilot: NewPilot | None = None,
        simulated: bool = False,
        **more: Any,
    ) -> Project:
        """A project over all assets of a dataset.

        Args:
            kind: of the annotations; `image.class`, `text.class`; `client.kinds()` lists them.
            classes: names, or label classes with title, colour, key and description.
            template: name of one of `client.templates`; what is given beside it takes the place of the template's.
            attributes: what else is said about an annotation.
            instructions, sections: what annotators read; sections show assets as good and bad examples.
            target: the error that the labels may have, the confidence of that, and a budget; 1 % and 95 % if not given.
            pilot: so many tasks first; the rest waits until `start`.
            simulated: whoever answers is simulated, and every screen says so.
            more: what a newer server takes beside these.
        """
        body = given(
            name=name,
            dataset_id=id_of(dataset),
            kind=kind,
            classes=None if classes is None else [_class(one) for one in classes],
            template=template,
            attributes=attributes,
            instructions=instructions,
            sections=sections,
            target=target,
            pilot=pilot,
            simulated=simulated,
        )
        return self._call("POST", "/api/projects", Project, body={**body, **more})

    def change(
        self,
        project: Ref,
        *,
        name: str | None = None,
        instructions: str | None = None,
        sections: Sequence[Section] | None = None,
        target: TargetChange | None = None,
        state: ProjectState | None = None,
    ) -> Project:
        """Rename a project, give new instructions, another target or budget, pause it (`paused`) or let it go on (`running`).

        Args:
            target: only what changes; a budget is replaced whole, and None takes it away.
        """
        wanted = None if target is None else {key: to_json(value) for key, value in target.items()}
        body = given(name=name, instructions=instructions, sections=sections, target=wanted, state=state)
        return self._call("PATCH", "/api/projects/{project_id}", Project, body=body, project_id=id_of(project))

    def start(self, project: Ref) -> Project:
        """End the pilot, also before all of it is answered: from now on people are asked about the rest.

        Raises:
            Conflict: there is no pilot, or it was ended before.
        """
        return self._call("POST", "/api/projects/{project_id}/start", Project, project_id=id_of(project))

    def instructions(self, project: Ref, version: int | None = None) -> InstructionsVersion:
        """The instructions whole, with sections and examples; those that hold now, or an earlier version."""
        path = "/api/projects/{project_id}/instructions"
        return self._call("GET", path, InstructionsVersion, query={"version": version}, project_id=id_of(project))

    def clone(
        self,
        project: Ref,
        name: str,
        *,
        parts: Sequence[ClonePart] = ("instructions", "target"),
        dataset: Ref | None = None,
    ) -> Project:
        """A new project with the ontology of this one, and nothing of what was answered.

        Args:
            parts: what it takes over beside; also `pilot`.
            dataset: other data; the same if it is left out.
        """
        body = given(name=name, parts=[*parts], dataset_id=None if dataset is None else id_of(dataset))
        path = "/api/projects/{project_id}/clone"
        return self._call("POST", path, Project, body=body, project_id=id_of(project))

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


def _class(one: str | LabelClass) -> dict[str, Any]:
    found: dict[str, Any] = {"name": one} if isinstance(one, str) else to_json(one)
    return found
