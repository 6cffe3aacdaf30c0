"""HTTP doors of models."""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from karat.access.doors import (
    CreateOnce,
    Db,
    IdempotencyKey,
    SignedIn,
    authenticate_briefly,
    check_idempotency_key,
    claim_once,
)
from karat.database import Transaction
from karat.errors import TooLarge
from karat.kit import Action, Caller, Cursor, Limit, Page, Record, require
from karat.models import service
from karat.models.adapters import ADAPTERS
from karat.models.ground import Models
from karat.models.types import Model, ModelChange, ModelVersion, NewModel
from karat.storage.streams import announced_bytes, gathered

router = APIRouter(prefix="/api", tags=["models"])

MAX_FILE_BYTES = 1 << 30


class AdapterView(Record):
    """A way in which models are asked.

    Attributes:
        settings: JSON schema of a model's settings; None of adapters whose models nobody registers.
    """

    name: str
    title: str
    kinds: list[str]
    takes_file: bool
    settings: dict[str, Any] | None


def models_of(request: Request) -> Models:
    """The means of the running application to ask models."""
    models: Models = request.app.state.models
    return models


async def opened_models(request: Request) -> Models:
    """`models_of`, as a dependency."""
    return models_of(request)


Opened = Annotated[Models, Depends(opened_models)]


@router.get("/model-adapters")
async def list_adapters(caller: SignedIn) -> list[AdapterView]:
    """Every way in which a model can be asked, and what has to be said for it."""
    require(caller, Action.SEE_QUALITY)
    return [
        AdapterView(
            name=one.name,
            title=one.title,
            kinds=list(one.kinds),
            takes_file=one.takes_file,
            settings=None if one.settings is None else one.settings.model_json_schema(),
        )
        for one in ADAPTERS
    ]


@router.get("/models")
async def list_models(db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50) -> Page[Model]:
    """Models, newest first: registered ones and those that learn here. Headers are never shown."""
    return await service.list_models(db, caller, cursor, limit)


@router.post("/models", status_code=201)
async def create_model(body: NewModel, db: Db, caller: SignedIn, models: Opened, once: CreateOnce) -> Model:
    """Register a model: an ONNX file to be uploaded, or the address of one that is asked over HTTP."""
    if once.repeated:
        return await service.get_model(db, caller, once.id)
    return await service.create_model(db, caller, models, body, once.id)


@router.get("/models/{model_id}")
async def get_model(model_id: UUID, db: Db, caller: SignedIn) -> Model:
    """One model, with its latest test and its last error."""
    return await service.get_model(db, caller, model_id)


@router.patch("/models/{model_id}")
async def change_model(model_id: UUID, body: ModelChange, db: Db, caller: SignedIn, models: Opened) -> Model:
    """Change what is given. A new address wants the headers again."""
    return await service.change_model(db, caller, models, model_id, body)


@router.delete("/models/{model_id}", status_code=204)
async def delete_model(model_id: UUID, db: Db, caller: SignedIn) -> None:
    """Forget a model; refused while projects, tasks or the record of labels refer to it."""
    await service.delete_model(db, caller, model_id)


@router.get("/models/{model_id}/versions")
async def list_versions(
    model_id: UUID, db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50
) -> Page[ModelVersion]:
    """The versions of a model, newest first."""
    return await service.list_versions(db, caller, model_id, cursor, limit)


async def may_upload(request: Request, model_id: UUID) -> Caller:
    """Who uploads: known, allowed to, and for a model of theirs that takes files, before anything is read."""
    caller = await authenticate_briefly(request)
    require(caller, Action.MANAGE_WORK)
    async with request.app.state.database.transaction(caller.tenant_id) as db:
        service.require_file_adapter(await service.get_model(db, caller, model_id))
    return caller


@router.post("/models/{model_id}/versions", status_code=201)
async def upload_version(
    request: Request,
    model_id: UUID,
    caller: Annotated[Caller, Depends(may_upload)],
    models: Opened,
    name: Annotated[str | None, Query(min_length=1, max_length=200, description="What you call this version.")] = None,
    idempotency_key: IdempotencyKey = None,
) -> ModelVersion:
    """Upload an ONNX file, as the request's body, as the model's newest version.

    It is judged before it becomes one: nothing of it runs that onnxruntime does not bring, and pickles are refused by their
    content, whatever their name.
    """
    if idempotency_key is not None:
        check_idempotency_key(idempotency_key)
    state = request.app.state
    if announced_bytes(request.scope) > MAX_FILE_BYTES:
        raise TooLarge(max_bytes=MAX_FILE_BYTES)

    async def claim(db: Transaction, sha256: str) -> UUID:
        return (await claim_once(request, db, caller, idempotency_key, sha256.encode())).id

    async with state.database.transaction(caller.tenant_id) as db:
        model = await service.get_model(db, caller, model_id)
    with tempfile.TemporaryDirectory(prefix="karat-upload-") as folder:
        path = Path(folder) / "model.onnx"
        await receive(request, path)
        return await service.add_file(state.database, caller, models, model, path, name, claim)


async def receive(request: Request, path: Path) -> None:
    """The request's body as a file.

    Raises:
        TooLarge: it is longer than a model may be.
    """
    n_bytes = 0
    with path.open("wb") as file:
        async for piece in gathered(request.stream()):
            n_bytes += len(piece)
            if n_bytes > MAX_FILE_BYTES:
                raise TooLarge(max_bytes=MAX_FILE_BYTES)
            await asyncio.to_thread(file.write, piece)
