"""Setting projects up: templates, targets, instructions, pilots, clones."""

from collections.abc import Sequence
from typing import Any, TypedDict

from karat_client.records import (
    Attribute,
    Budget,
    ClonePart,
    InstructionsVersion,
    LabelClass,
    NewPilot,
    Project,
    ProjectState,
    ProjectTemplate,
    QualityTarget,
    Section,
    TemplateList,
)
from karat_client.resources.base import Ref, Resource, id_of
from karat_client.wire import given, to_json


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


class ProjectSetup(Resource):
    """What is done to a project beside the work on it."""

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


def _class(one: str | LabelClass) -> dict[str, Any]:
    found: dict[str, Any] = {"name": one} if isinstance(one, str) else to_json(one)
    return found
