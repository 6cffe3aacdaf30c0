"""Use cases of projects: create, change, look, and the tasks that they consist of."""

from typing import Any
from uuid import UUID

import asyncpg

from karat import audit, jobs, ontology
from karat.database import Transaction
from karat.datasets import describe_asset, get_dataset
from karat.jobs import Event, Run
from karat.kit import Action, Caller, Fault, Page, decode_cursor, make_page, new_id, require
from karat.modalities import AnyKind, as_categorical, as_object_kind, kind_named
from karat.storage.doors import Link
from karat.tasks import budget, sayings, setup_store, store
from karat.tasks.errors import KindDoesNotFit, KindMissing, ProjectNotFound, TargetInvalid, TaskNotFound
from karat.tasks.instructions import as_stored, check_sections
from karat.tasks.retargeting import changed_target
from karat.tasks.templates import fill_in
from karat.tasks.types import (
    HistoryEntry,
    Instructions,
    NewProject,
    Phase,
    Pilot,
    PilotState,
    Project,
    ProjectPatch,
    QualityTarget,
    Stage,
    TaskDetail,
    TaskRow,
)

TASKS_PER_STEP = 5000


async def create_project(db: Transaction, caller: Caller, new: NewProject, project_id: UUID | None = None) -> Project:
    """A project over all assets of a dataset; its tasks are made by a job.

    Raises:
        DatasetNotFound, TemplateNotFound, KindMissing, KindUnknown, KindDoesNotFit, TargetInvalid, OntologyInvalid,
        InstructionsInvalid.
    """
    require(caller, Action.MANAGE_WORK)
    dataset = await get_dataset(db, caller, new.dataset_id)
    new = fill_in(new)
    if new.kind is None:
        raise KindMissing
    kind = kind_named(new.kind)
    if kind.modality != dataset.modality:
        raise KindDoesNotFit(kind=new.kind, modality=dataset.modality)
    target = _target_for(kind, new.target)
    version = await ontology.create_ontology(db, caller, new.kind, new.classes, new.attributes)
    await check_sections(db, new.dataset_id, version, new.sections)
    project_id = project_id or new_id()
    await store.add_project(
        db,
        project_id,
        new.name,
        new.dataset_id,
        version.id,
        Phase.COLLECTING,
        sayings.BEING_MADE(),
        target.model_dump(),
        simulated=new.simulated,
    )
    await store.add_instructions(db, project_id, 1, new.instructions, as_stored(new.sections))
    if new.pilot is not None:
        seed = int.from_bytes(project_id.bytes[-4:], "big")
        await setup_store.add_pilot(db, project_id, new.pilot.n_tasks, new.pilot.overlap, seed)
    await enqueue_fill(db, project_id)
    await audit.record(db, caller, "project.created", project_id, name=new.name, target=target.model_dump())
    return await get_project(db, caller, project_id)


async def get_project(db: Transaction, caller: Caller, project_id: UUID) -> Project:
    """One project.

    Raises:
        ProjectNotFound: no such project in the caller's tenant.
    """
    require(caller, Action.SEE_WORK)
    row = await store.find_project(db, project_id)
    if row is None:
        raise ProjectNotFound(project_id=project_id)
    return await _project(db, caller, row)


async def list_projects(db: Transaction, caller: Caller, cursor: str | None, limit: int) -> Page[Project]:
    """The tenant's projects, newest first."""
    require(caller, Action.SEE_WORK)
    (before,) = decode_cursor(cursor, UUID)
    rows = await store.projects(db, before, limit + 1)
    return make_page([await _project(db, caller, row) for row in rows], limit, lambda project: (project.id,))


async def change_project(db: Transaction, caller: Caller, project_id: UUID, patch: ProjectPatch) -> Project:
    """Rename, pause, change the target, or give new instructions: a new version, so that every answer tells which it saw.

    Raises:
        ProjectNotFound, InstructionsInvalid, TargetInvalid, TargetFixed, OverlapFixed.
    """
    require(caller, Action.MANAGE_WORK)
    await store.lock_project(db, project_id)
    project = await get_project(db, caller, project_id)
    changes: dict[str, object] = {}
    if patch.name is not None:
        changes["name"] = patch.name
    if patch.state is not None:
        changes["state"] = patch.state
    if version := await _add_instructions(db, project, patch):
        changes["instructions_version"] = version
    if patch.target is not None and (target := await changed_target(db, project, patch.target)) != project.target:
        changes["target"] = _target_for(kind_named(project.ontology.kind), target).model_dump()
    if changes:
        await store.update_project(db, project_id, changes)
        await audit.record(
            db, caller, "project.changed", project_id, **{name: str(value) for name, value in changes.items()}
        )
        await jobs.publish(db, "tasks.project_changed", project_id=project_id)
    return await get_project(db, caller, project_id)


async def _add_instructions(db: Transaction, project: Project, patch: ProjectPatch) -> int | None:
    """The number of a new version, if the patch says something new."""
    row = await setup_store.instructions(db, project.id, project.instructions.version)
    assert row is not None
    text = row["text"] if patch.instructions is None else patch.instructions
    sections = row["sections"] if patch.sections is None else as_stored(patch.sections)
    if (text, sections) == (row["text"], row["sections"]):
        return None
    if patch.sections is not None:
        await check_sections(db, project.dataset_id, project.ontology, patch.sections)
    version = project.instructions.version + 1
    await store.add_instructions(db, project.id, version, text, sections)
    return version


async def list_tasks(
    db: Transaction,
    caller: Caller,
    link: Link,
    project_id: UUID,
    *,
    stage: Stage | None,
    label: str | None,
    lowest: float | None,
    highest: float | None,
    cursor: str | None,
    limit: int,
) -> Page[TaskRow]:
    """The tasks of a project, newest first, by stage, label and confidence."""
    require(caller, Action.SEE_QUALITY)
    await get_project(db, caller, project_id)
    (before,) = decode_cursor(cursor, UUID)
    rows = await store.tasks(db, project_id, stage, label, lowest, highest, before, limit + 1)
    return make_page([TaskRow(**_task(row, caller, link)) for row in rows], limit, lambda task: (task.id,))


async def get_task(db: Transaction, caller: Caller, link: Link, task_id: UUID) -> TaskDetail:
    """One task with its history.

    Raises:
        TaskNotFound: no such task in the caller's tenant.
    """
    require(caller, Action.SEE_QUALITY)
    row = await store.find_task(db, task_id)
    if row is None:
        raise TaskNotFound(task_id=task_id)
    kind = kind_named((await get_project(db, caller, row["project_id"])).ontology.kind)
    return TaskDetail(
        **_task(row, caller, link),
        project_id=row["project_id"],
        annotations=row["annotations"],
        history=[_entry(one, kind) for one in await store.history(db, task_id)],
    )


async def fill(run: Run) -> None:
    """Job `tasks.fill`: a task for every asset of the project's dataset that has none. Safe to run again.

    Labels that are frozen stay the ones that are certified and delivered: what is imported then waits until the check
    fails, or for another project.
    """
    project_id = UUID(run.payload["project_id"])
    n_made = 0
    while True:
        async with run.transaction() as db:
            await store.lock_project(db, project_id)
            project = await get_project(db, run.caller, project_id)
            if project.phase in (Phase.CHECKING, Phase.CERTIFIED):
                return
            assets = await store.assets_without_task(db, project_id, TASKS_PER_STEP)
            # What waits for a pilot, or has to be paid out of a budget, is opened by the engine's turn.
            is_held = project.target.budget is not None or _awaits_pilot(project)
            overlap = None if is_held else project.target.overlap
            stage = Stage.PEOPLE if overlap else Stage.MODEL
            await store.add_tasks(db, project_id, [(new_id(), asset) for asset in assets], stage, overlap or 0)
            n_made += len(assets)
            if len(assets) < TASKS_PER_STEP:
                if n_made and overlap:
                    await store.update_project(db, project_id, store.phase_words(sayings.OVERLAP(n=overlap)))
                # Told even if nothing was made now: a run before this one may have died before it could tell.
                await jobs.publish(db, "tasks.filled", project_id=project_id)
                return
        await run.progress(n_made, None, f"{n_made:,} tasks made")


async def fill_after_import(db: Transaction, events: list[Event]) -> None:
    """Hears `datasets.imported`: new assets become tasks of the projects that run on the dataset."""
    for dataset_id in {UUID(event.payload["dataset_id"]) for event in events}:
        for project_id in await store.projects_of_dataset(db, dataset_id):
            await enqueue_fill(db, project_id)


async def enqueue_fill(db: Transaction, project_id: UUID) -> None:
    """Make tasks of what has none, soon."""
    await jobs.enqueue(
        db,
        "tasks.fill",
        subject_id=project_id,
        dedupe_key=f"fill:{project_id}",
        title="Make tasks",
        project_id=project_id,
    )


def _awaits_pilot(project: Project) -> bool:
    return project.pilot is not None and project.pilot.state is not PilotState.STARTED


def _target_for(kind: AnyKind, target: QualityTarget) -> QualityTarget:
    """The target with what the kind decides where nothing was said."""
    if faults := budget.faults_of(target.budget):
        raise TargetInvalid(faults=faults)
    if as_object_kind(kind) is not None:
        return target if target.overlap is not None else target.model_copy(update={"overlap": 1})
    if target.overlap == 0:
        message = f"{kind.title} needs answers of people: an overlap of 0 is for objects that a model has predicted."
        hint = "Leave the overlap out to let the engine ask only where it pays."
        fault = Fault(code="target.overlap", message=message, where="target.overlap", hint=hint)
        raise TargetInvalid(faults=[fault])
    return target


async def _project(db: Transaction, caller: Caller, row: asyncpg.Record) -> Project:
    fields = {
        name: row[name]
        for name in (
            "id",
            "name",
            "dataset_id",
            "state",
            "phase",
            "phase_sentence",
            "phase_said",
            "simulated",
            "n_tasks",
            "created_at",
        )
    }
    return Project(
        **fields,
        ontology=await ontology.get_ontology(db, caller, row["ontology_version_id"]),
        instructions=Instructions(version=row["instructions_version"], text=row["instructions_text"]),
        target=QualityTarget.model_validate(row["target"]),
        pilot=_pilot(row),
    )


def _pilot(row: asyncpg.Record) -> Pilot | None:
    if row["pilot_state"] is None:
        return None
    facts = {name: row[f"pilot_{name}"] for name in ("state", "n_tasks", "overlap")}
    return Pilot.model_validate({**facts, "learnt": row["learnt"]})


def _task(row: asyncpg.Record, caller: Caller, link: Link) -> dict[str, Any]:
    fields = ("id", "stage", "label", "confidence", "n_answers", "updated_at")
    n_objects = None if row["annotations"] is None else len(row["annotations"])
    return {name: row[name] for name in fields} | {"n_objects": n_objects, "asset": describe_asset(row, caller, link)}


def _entry(row: asyncpg.Record, kind: AnyKind) -> HistoryEntry:
    facts = {name: row[name] for name in ("at", "what", "by_id", "by_name", "detail")}
    said: list[dict[str, Any]] | None = row["annotations"]
    if as_object_kind(kind) is not None:
        return HistoryEntry(**facts, label=None, n_objects=None if said is None else len(said), annotations=said)
    categorical, label = as_categorical(kind), None
    if categorical is not None and said:
        label = categorical.class_of(kind.payload.model_validate(said[0]["payload"]))
    return HistoryEntry(**facts, label=label)
