"""Use cases of a project's model: choose it, ask it about open tasks, read a file of predictions, look how far that is."""

from pathlib import PurePosixPath
from uuid import UUID

from karat import audit, jobs, tasks
from karat.assist import run_store
from karat.assist.errors import LabelsCertified, NoProjectModel, PredictionRunNotFound, PredictionsUnderWay
from karat.assist.types import BindModel, NewRun, PredictionRun, PredictionSource, ProjectModel
from karat.database import Transaction
from karat.jobs import Event
from karat.jobs.runner import ENGINE_USER
from karat.kit import Action, Caller, Fault, Page, Role, decode_cursor, make_page, new_id, require
from karat.models import (
    ADAPTERS,
    IN_PROCESS,
    Model,
    ModelHasNoFile,
    ModelNotAskable,
    adapter_named,
    check_question,
    ensure_version,
    get_model,
    get_version,
)
from karat.tasks import Phase, Project

ASKABLE = frozenset(one.name for one in ADAPTERS if one.settings is not None)
RUN = "assist.predict"
IMPORT = "assist.import"


async def get_project_model(db: Transaction, caller: Caller, project_id: UUID) -> ProjectModel:
    """The project's model, how good people find it, and how far it is.

    Raises:
        ProjectNotFound: no such project in the caller's tenant.
        NoProjectModel: none was chosen, and none has learned here yet.
    """
    require(caller, Action.SEE_QUALITY)
    await tasks.get_project(db, caller, project_id)
    row = await run_store.binding(db, project_id)
    if row is None:
        raise NoProjectModel(project_id=project_id)
    counts = await run_store.coverage(db, project_id, row["model_id"])
    newest = await run_store.runs(db, project_id, None, 1)
    version_id = row["model_version_id"]
    return ProjectModel(
        model=await get_model(db, caller, row["model_id"]),
        version=await get_version(db, caller, row["model_id"], version_id) if version_id else None,
        accuracy=row["metrics"].get("accuracy"),
        calibration_error=row["metrics"].get("calibration_error"),
        n_compared=row["metrics"].get("n_compared", 0),
        n_predicted=counts["n_predicted"],
        n_open=counts["n_open"],
        run=newest[0] if newest else None,
    )


async def bind_model(db: Transaction, caller: Caller, project_id: UUID, wish: BindModel) -> ProjectModel:
    """Choose the project's model, in the place of the one that learns here or of another.

    Raises:
        ProjectNotFound, ModelNotFound, ModelVersionNotFound: not in the caller's tenant.
        ModelKindDiffers: it proposes annotations of another kind.
        ModelNotAskable: it is one that learns here, for another project.
        ModelHasNoFile: nothing was uploaded for it yet.
        PredictionsUnderWay, LabelsCertified: as `start_run`.
    """
    require(caller, Action.MANAGE_WORK)
    project = await tasks.get_project(db, caller, project_id)
    model = await get_model(db, caller, wish.model_id)
    check_question(model, project.ontology.kind)
    if model.adapter == IN_PROCESS.name:
        raise ModelNotAskable(model_id=model.id, adapter=model.adapter)
    if wish.version_id:
        await get_version(db, caller, model.id, wish.version_id)
    if model.latest is None:
        if adapter_named(model.adapter).takes_file:
            raise ModelHasNoFile(model_id=model.id)
        await ensure_version(db, model.id, None)
    await run_store.bind(db, project_id, model.id, wish.version_id)
    await audit.record(db, caller, "project.model_bound", project_id, model_id=str(model.id))
    if wish.predict and model.adapter in ASKABLE:
        await _start(db, project, model, NewRun())
    return await get_project_model(db, caller, project_id)


async def unbind_model(db: Transaction, caller: Caller, project_id: UUID) -> None:
    """Let the project have no model but the one that learns here. What the other said stays until something new is said.

    Raises:
        ProjectNotFound: no such project in the caller's tenant.
    """
    require(caller, Action.MANAGE_WORK)
    await tasks.get_project(db, caller, project_id)
    await run_store.unbind(db, project_id)
    await audit.record(db, caller, "project.model_unbound", project_id)


async def start_run(
    db: Transaction, caller: Caller, project_id: UUID, new: NewRun, run_id: UUID | None = None
) -> PredictionRun:
    """Ask the project's model about its open tasks: as a job.

    Raises:
        NoProjectModel: none was chosen.
        ModelNotAskable: the chosen one cannot be asked.
        PredictionsUnderWay: it waits to be asked already.
        LabelsCertified: it would change nothing.
    """
    require(caller, Action.MANAGE_WORK)
    project = await tasks.get_project(db, caller, project_id)
    row = await run_store.binding(db, project_id)
    if row is None:
        raise NoProjectModel(project_id=project_id)
    model = await get_model(db, caller, row["model_id"])
    run = await _start(db, project, model, new, run_id)
    await audit.record(db, caller, "predictions.started", project_id, run_id=str(run.id))
    return run


async def start_import(
    db: Transaction,
    caller: Caller,
    project_id: UUID,
    filename: str,
    sha256: str,
    *,
    model: str | None,
    version: str | None,
    bind: bool,
    run_id: UUID | None = None,
) -> PredictionRun:
    """Read a stored file of predictions: as a job.

    Args:
        model, version: of rows that name none; the file's name is the last resort.
        bind: the model becomes the project's, so that the one that learns here does not replace what was read.

    Raises:
        ProjectNotFound, LabelsCertified.
    """
    require(caller, Action.MANAGE_WORK)
    project = await tasks.get_project(db, caller, project_id)
    if project.phase is Phase.CERTIFIED:
        raise LabelsCertified(project_id=project_id)
    run_id = run_id or new_id()
    options = {"model": model or PurePosixPath(filename).stem[:200] or "import", "version": version, "bind": bind}
    values = {"source": PredictionSource.FILE, "name": filename, "file_sha256": sha256, "options": options}
    await run_store.add_run(db, run_id, project_id, values)
    job_id = await jobs.enqueue(
        db, IMPORT, subject_id=project_id, title=f"Read predictions from {filename}"[:200], run_id=run_id
    )
    assert job_id is not None
    await run_store.set_job(db, run_id, job_id)
    await audit.record(db, caller, "predictions.imported", project_id, run_id=str(run_id), sha256=sha256)
    return await get_run(db, caller, run_id)


async def get_run(db: Transaction, caller: Caller, run_id: UUID) -> PredictionRun:
    """One run and how far it is.

    Raises:
        PredictionRunNotFound: no such run in the caller's tenant.
    """
    require(caller, Action.SEE_QUALITY)
    if not (found := await run_store.find_run(db, run_id)):
        raise PredictionRunNotFound(run_id=run_id)
    return found


async def list_runs(
    db: Transaction, caller: Caller, project_id: UUID, cursor: str | None, limit: int
) -> Page[PredictionRun]:
    """The runs of a project, newest first."""
    require(caller, Action.SEE_QUALITY)
    await tasks.get_project(db, caller, project_id)
    (before,) = decode_cursor(cursor, UUID)
    return make_page(await run_store.runs(db, project_id, before, limit + 1), limit, lambda found: (found.id,))


async def list_run_faults(db: Transaction, caller: Caller, run_id: UUID, cursor: str | None, limit: int) -> Page[Fault]:
    """What of a run could not be taken, in its order; the first 10,000."""
    await get_run(db, caller, run_id)
    (after,) = decode_cursor(cursor, int)
    rows = await run_store.faults(db, run_id, after, limit + 1)
    page = make_page(rows, limit, lambda row: (row["position"],))
    items = [Fault(**{name: row[name] for name in ("code", "message", "where", "hint")}) for row in page.items]
    return Page(items=items, next_cursor=page.next_cursor)


async def on_tasks_filled(db: Transaction, events: list[Event]) -> None:
    """Hears `tasks.filled`: a chosen model is asked about tasks that came later."""
    assert db.tenant_id is not None
    engine = Caller(tenant_id=db.tenant_id, user_id=ENGINE_USER, role=Role.SERVICE)
    for project_id in {UUID(event.payload["project_id"]) for event in events}:
        row = await run_store.binding(db, project_id)
        if row is None or row["adapter"] not in ASKABLE:
            continue
        if not await run_store.count_open(db, project_id, row["model_id"], only_new=True):
            continue
        project = await tasks.get_project(db, engine, project_id)
        model = await get_model(db, engine, row["model_id"])
        try:
            await _start(db, project, model, NewRun(only_new=True))
        except (PredictionsUnderWay, LabelsCertified):
            continue


async def _start(
    db: Transaction, project: Project, model: Model, new: NewRun, run_id: UUID | None = None
) -> PredictionRun:
    if model.adapter not in ASKABLE:
        raise ModelNotAskable(model_id=model.id, adapter=model.adapter)
    if project.phase is Phase.CERTIFIED:
        raise LabelsCertified(project_id=project.id)
    run_id = run_id or new_id()
    job_id = await jobs.enqueue(
        db,
        RUN,
        subject_id=project.id,
        dedupe_key=f"predict:{project.id}",
        title=f"Ask {model.name}"[:200],
        run_id=run_id,
    )
    if job_id is None:
        raise PredictionsUnderWay(project_id=project.id)
    values = {"source": PredictionSource.MODEL, "name": model.name, "model_id": model.id, "job_id": job_id}
    await run_store.add_run(db, run_id, project.id, values | {"options": new.model_dump()})
    found = await run_store.find_run(db, run_id)
    assert found is not None
    return found
