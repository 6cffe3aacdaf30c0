"""HTTP doors between models and projects: try, choose, ask, import."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from karat import tasks
from karat.access.doors import (
    CreateOnce,
    Db,
    IdempotencyKey,
    SignedIn,
    authenticate_briefly,
    check_idempotency_key,
    claim_once,
)
from karat.assist import binding
from karat.assist.trying import try_model as run_trial
from karat.assist.types import BindModel, ModelTrial, NewRun, PredictionRun, ProjectModel
from karat.errors import TooLarge
from karat.kit import Action, Caller, Cursor, Fault, Limit, Page, require
from karat.models import Models, ModelTest
from karat.models.routes import models_of
from karat.storage import released_on_failure
from karat.storage.streams import announced_bytes

router = APIRouter(prefix="/api", tags=["models"])

Briefly = Annotated[Caller, Depends(authenticate_briefly)]
Named = Annotated[str | None, Query(min_length=1, max_length=200, pattern=r"\S")]


@router.post("/models/{model_id}/test")
async def try_model(model_id: UUID, body: ModelTrial, request: Request, caller: Briefly) -> ModelTest:
    """Try a model on a few assets: is it there, what does it say, how fast, and what exactly stands in the way."""
    return await run_trial(request.app.state.database, caller, models_of(request), model_id, body)


@router.get("/projects/{project_id}/model")
async def get_project_model(project_id: UUID, db: Db, caller: SignedIn) -> ProjectModel:
    """The project's model: how good people find it, and for how many tasks it has predicted."""
    return await binding.get_project_model(db, caller, project_id)


@router.put("/projects/{project_id}/model")
async def bind_model(project_id: UUID, body: BindModel, db: Db, caller: SignedIn) -> ProjectModel:
    """Choose the project's model, and ask it about all open tasks."""
    return await binding.bind_model(db, caller, project_id, body)


@router.delete("/projects/{project_id}/model", status_code=204)
async def unbind_model(project_id: UUID, db: Db, caller: SignedIn) -> None:
    """Let the project have the model that learns here again."""
    await binding.unbind_model(db, caller, project_id)


@router.get("/projects/{project_id}/prediction-runs")
async def list_runs(
    project_id: UUID, db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50
) -> Page[PredictionRun]:
    """When the project's models were asked, and what files were read; newest first."""
    return await binding.list_runs(db, caller, project_id, cursor, limit)


@router.post("/projects/{project_id}/prediction-runs", status_code=202)
async def start_run(project_id: UUID, body: NewRun, db: Db, caller: SignedIn, once: CreateOnce) -> PredictionRun:
    """Ask the project's model about its open tasks. Answers at once; the asking is a job."""
    if once.repeated:
        return await binding.get_run(db, caller, once.id)
    return await binding.start_run(db, caller, project_id, body, once.id)


@router.get("/prediction-runs/{run_id}")
async def get_run(run_id: UUID, db: Db, caller: SignedIn) -> PredictionRun:
    """How far a run is. Cancel and retry it as a job: `job_id`."""
    return await binding.get_run(db, caller, run_id)


@router.get("/prediction-runs/{run_id}/faults")
async def list_run_faults(
    run_id: UUID, db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50
) -> Page[Fault]:
    """What of a run could not be taken: what, where, what to do."""
    return await binding.list_run_faults(db, caller, run_id, cursor, limit)


async def may_import(request: Request, project_id: UUID) -> Caller:
    """Who uploads: known, allowed to, and for a project of theirs, before anything is read."""
    caller = await authenticate_briefly(request)
    require(caller, Action.MANAGE_WORK)
    async with request.app.state.database.transaction(caller.tenant_id) as db:
        await tasks.get_project(db, caller, project_id)
    return caller


@router.post("/projects/{project_id}/prediction-imports", status_code=202)
async def import_predictions(
    request: Request,
    project_id: UUID,
    caller: Annotated[Caller, Depends(may_import)],
    filename: Annotated[str, Query(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]*\S[^\x00-\x1f]*$")],
    model: Named = None,
    version: Named = None,
    bind: Annotated[bool, Query(description="Make it the project's model.")] = True,
    idempotency_key: IdempotencyKey = None,
) -> PredictionRun:
    """Import predictions: the request's body is JSONL, a line for each asset. Answers at once; the import is a job."""
    if idempotency_key is not None:
        check_idempotency_key(idempotency_key)
    models: Models = models_of(request)
    state = request.app.state
    max_bytes: int = state.settings.max_upload_bytes
    if announced_bytes(request.scope) > max_bytes:
        raise TooLarge(max_bytes=max_bytes)
    blob = await models.storage.put(caller.tenant_id, request.stream(), max_bytes=max_bytes)
    async with (
        released_on_failure(state.database, caller.tenant_id, blob.sha256),
        state.database.transaction(caller.tenant_id) as db,
    ):
        once = await claim_once(request, db, caller, idempotency_key, blob.sha256.encode())
        if once.repeated:
            return await binding.get_run(db, caller, once.id)
        return await binding.start_import(
            db,
            caller,
            project_id,
            filename,
            blob.sha256,
            model=model,
            version=version,
            bind=bind,
            run_id=once.id,
        )
