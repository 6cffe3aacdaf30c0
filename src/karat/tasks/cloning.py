"""Use case: a project once more, over the same data or other data, with nothing of what was answered."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from karat.database import Transaction
from karat.kit import Action, Caller, Record, require
from karat.tasks import setup_store
from karat.tasks.instruction_types import Section
from karat.tasks.projects import create_project, get_project
from karat.tasks.types import NewPilot, NewProject, Project, QualityTarget


class ClonePart(StrEnum):
    """What a clone takes over beside the kind, the label classes and their attributes."""

    INSTRUCTIONS = "instructions"
    TARGET = "target"
    PILOT = "pilot"


class NewClone(Record):
    """A clone to make.

    Attributes:
        parts: what it takes over; what is left out is as in a new project.
        dataset_id: of other data; the same if it is left out. Examples in the instructions that are not in the other data
            are left out.
    """

    name: str = Field(min_length=1, max_length=200)
    parts: frozenset[ClonePart] = frozenset({ClonePart.INSTRUCTIONS, ClonePart.TARGET})
    dataset_id: UUID | None = None


async def clone_project(
    db: Transaction, caller: Caller, project_id: UUID, new: NewClone, clone_id: UUID | None = None
) -> Project:
    """A new project with the ontology of this one; its tasks are made by a job.

    Raises:
        ProjectNotFound, DatasetNotFound, KindDoesNotFit.
    """
    require(caller, Action.MANAGE_WORK)
    project = await get_project(db, caller, project_id)
    dataset_id = new.dataset_id or project.dataset_id
    sections: tuple[Section, ...] = ()
    if ClonePart.INSTRUCTIONS in new.parts:
        row = await setup_store.instructions(db, project_id, project.instructions.version)
        assert row is not None
        sections = tuple(Section.model_validate(one) for one in row["sections"])
        if dataset_id != project.dataset_id:
            sections = await _found_in(db, dataset_id, sections)
    pilot = project.pilot if ClonePart.PILOT in new.parts else None
    made = NewProject(
        name=new.name,
        dataset_id=dataset_id,
        kind=project.ontology.kind,
        classes=project.ontology.classes,
        attributes=project.ontology.attributes,
        instructions=project.instructions.text if ClonePart.INSTRUCTIONS in new.parts else "",
        sections=sections,
        target=project.target if ClonePart.TARGET in new.parts else QualityTarget(),
        pilot=NewPilot(n_tasks=pilot.n_tasks, overlap=pilot.overlap) if pilot else None,
        simulated=project.simulated,
    )
    return await create_project(db, caller, made, clone_id)


async def _found_in(db: Transaction, dataset_id: UUID, sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The sections with those of their examples that the dataset has; those that say nothing then are left out."""
    asked = {one.asset_id for section in sections for one in (*section.good, *section.bad)}
    known = await setup_store.assets_among(db, dataset_id, asked)
    kept = [
        section.model_copy(
            update={
                side: tuple(one for one in getattr(section, side) if one.asset_id in known) for side in ("good", "bad")
            }
        )
        for section in sections
    ]
    return tuple(one for one in kept if one.text.strip() or one.good or one.bad)
