"""HTTP doors of setting a project up: templates, instructions, the start after a pilot, clones."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from karat.access.doors import CreateOnce, Db, SignedIn
from karat.kit import Action, Record, require
from karat.storage.doors import Links
from karat.tasks import cloning, instructions, pilots, projects
from karat.tasks.cloning import NewClone
from karat.tasks.instruction_types import InstructionsVersion
from karat.tasks.templates import TEMPLATES, ProjectTemplate
from karat.tasks.types import Project

router = APIRouter(prefix="/api", tags=["tasks"])


class TemplateList(Record):
    """The templates that there are."""

    items: list[ProjectTemplate]


@router.get("/project-templates")
async def list_templates(
    caller: SignedIn, modality: Annotated[str | None, Query(max_length=50)] = None
) -> TemplateList:
    """Projects to start from; with a modality, those that fit such data."""
    require(caller, Action.SEE_WORK)
    return TemplateList(items=[one for one in TEMPLATES if modality in (None, one.modality)])


@router.get("/projects/{project_id}/instructions")
async def get_instructions(
    project_id: UUID,
    db: Db,
    caller: SignedIn,
    link: Links,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> InstructionsVersion:
    """The instructions whole, with sections and examples; those that hold now, or an earlier version."""
    return await instructions.get_instructions(db, caller, link, project_id, version)


@router.post("/projects/{project_id}/start")
async def start_project(project_id: UUID, db: Db, caller: SignedIn) -> Project:
    """End the pilot: from now on people are asked about the rest."""
    return await pilots.start_project(db, caller, project_id)


@router.post("/projects/{project_id}/clone", status_code=201)
async def clone_project(project_id: UUID, body: NewClone, db: Db, caller: SignedIn, once: CreateOnce) -> Project:
    """A new project like this one, with nothing of what was answered."""
    if once.repeated:
        return await projects.get_project(db, caller, once.id)
    return await cloning.clone_project(db, caller, project_id, body, once.id)
