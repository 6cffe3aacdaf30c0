"""Use cases of models: register, change, upload a version, delete; and open one to be asked."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import asyncpg

from karat import audit
from karat.database import Database, Transaction
from karat.errors import Fault, KaratError
from karat.kit import Action, Caller, Page, decode_cursor, make_page, new_id, require, utc_now
from karat.modalities import kind_named
from karat.models import store
from karat.models.adapters import IMPORT, Predictor, adapter_named
from karat.models.adapters.onnx_file import judge_file
from karat.models.errors import (
    ModelInUse,
    ModelInvalid,
    ModelKindDiffers,
    ModelNotFound,
    ModelSecretUnreadable,
    ModelTakesNoFile,
    ModelVersionNameTaken,
    ModelVersionNotFound,
    first_fault,
)
from karat.models.ground import Models, OpenModel
from karat.models.settings import AnySettings, OnnxSettings, RemoteSettings
from karat.models.types import Model, ModelChange, ModelVersion, NewModel, Question
from karat.outbound import check_headers
from karat.storage import note_released, pieces_of, released_on_failure, rely_on_blobs
from karat.storage.errors import SecretUnreadable
from karat.storage.sealing import seal, unseal

Claim = Callable[[Transaction, str], Awaitable[UUID]]


async def create_model(
    db: Transaction, caller: Caller, models: Models, new: NewModel, model_id: UUID | None = None
) -> Model:
    """Register a model; whether it answers, a test says.

    Raises:
        ModelInvalid: its adapter cannot bring annotations of that kind.
        OutboundRefused: this server does not go to its address, or cannot send one of the headers.
    """
    require(caller, Action.MANAGE_WORK)
    kind_named(new.kind)
    _check_kind(new.settings, new.kind)
    _check_address(models, new.settings, new.headers)
    model_id = model_id or new_id()
    values = {
        "name": new.name,
        "adapter": new.settings.adapter,
        "kind": new.kind,
        "settings": new.settings.model_dump(mode="json"),
    }
    await store.add_model(db, model_id, values | _sealed(models, caller, model_id, new.headers))
    await audit.record(db, caller, "model.created", model_id, name=new.name, adapter=new.settings.adapter)
    return await get_model(db, caller, model_id)


async def get_model(db: Transaction, caller: Caller, model_id: UUID) -> Model:
    """One model, without what it is asked with.

    Raises:
        ModelNotFound: no such model in the caller's tenant.
    """
    require(caller, Action.SEE_QUALITY)
    if not (found := await store.find_model(db, model_id)):
        raise ModelNotFound(model_id=model_id)
    return found


async def list_models(db: Transaction, caller: Caller, cursor: str | None, limit: int) -> Page[Model]:
    """The tenant's models, newest first; also those that learn here."""
    require(caller, Action.SEE_QUALITY)
    (before,) = decode_cursor(cursor, UUID)
    return make_page(await store.models(db, before, limit + 1), limit, lambda found: (found.id,))


async def change_model(db: Transaction, caller: Caller, models: Models, model_id: UUID, change: ModelChange) -> Model:
    """Change what is given; a new address wants the headers again.

    Otherwise somebody who does not know them could have them sent to a server of their own.

    Raises:
        ModelInvalid: settings of another adapter, or headers that are wanted again.
    """
    require(caller, Action.MANAGE_WORK)
    found = await get_model(db, caller, model_id)
    values: dict[str, object] = {} if change.name is None else {"name": change.name}
    if change.settings is not None:
        if change.settings.adapter != found.adapter:
            message = f"The model's adapter is {found.adapter}, and stays it."
            raise _invalid("model.adapter_fixed", message, "settings.adapter", "Register another model.")
        values["settings"] = change.settings.model_dump(mode="json")
    if change.headers is not None and found.settings is not None:
        values |= _sealed(models, caller, model_id, change.headers)
    if _address(change.settings) not in (None, _address(found.settings)) and found.header_names and not change.headers:
        message = "At another address the stored headers are not shown."
        raise _invalid("model.headers_wanted", message, "headers", "Enter the headers together with the new address.")
    _check_address(models, change.settings or found.settings, change.headers)
    if values:
        await store.change_model(db, model_id, values)
        await audit.record(db, caller, "model.changed", model_id, changed=sorted(values))
    return await get_model(db, caller, model_id)


async def delete_model(db: Transaction, caller: Caller, model_id: UUID) -> None:
    """Forget a model and its versions; their files are deleted soon after.

    Raises:
        ModelInUse: labels or the record of how they came about refer to it.
    """
    require(caller, Action.MANAGE_WORK)
    found = await get_model(db, caller, model_id)
    if found.n_projects or found.n_predictions or await store.is_in_history(db, model_id):
        raise ModelInUse(model_id=model_id, n_projects=found.n_projects, n_predictions=found.n_predictions)
    files = await store.files(db, model_id)
    await store.delete_model(db, model_id)
    await note_released(db, files)
    await audit.record(db, caller, "model.deleted", model_id, name=found.name)


async def list_versions(
    db: Transaction, caller: Caller, model_id: UUID, cursor: str | None, limit: int
) -> Page[ModelVersion]:
    """The versions of a model, newest first."""
    await get_model(db, caller, model_id)
    (before,) = decode_cursor(cursor, int)
    return make_page(await store.versions(db, model_id, before, limit + 1), limit, lambda found: (found.version,))


async def get_version(db: Transaction, caller: Caller, model_id: UUID, version_id: UUID) -> ModelVersion:
    """One version of a model.

    Raises:
        ModelVersionNotFound: the model has none of that id.
    """
    await get_model(db, caller, model_id)
    found = await store.find_version(db, version_id)
    if found is None or found.model_id != model_id:
        raise ModelVersionNotFound(model_id=model_id, version_id=version_id)
    return found


async def add_file(
    database: Database,
    caller: Caller,
    models: Models,
    model: Model,
    path: Path,
    name: str | None,
    claim: Claim | None = None,
) -> ModelVersion:
    """Make an uploaded file the newest version, if it can be asked. Opens its own transactions: judging takes its time.

    Nothing is stored before it was judged; the fault of a bad file is noted with the model.

    Args:
        claim: gives the id of the version, from the hash of the file: the same again for a request that is repeated.

    Raises:
        ModelInvalid: it is no model that can be asked, or needs other settings.
        ModelVersionNameTaken: another version is called that.
    """
    assert isinstance(model.settings, OnnxSettings)
    try:
        details = await judge_file(models, path, model.settings, str(model.kind))
    except KaratError as error:
        async with database.transaction(caller.tenant_id) as db:
            await store.note_error(db, model.id, utc_now(), first_fault(error, "file"))
        raise
    with path.open("rb") as file:
        blob = await models.storage.put(caller.tenant_id, pieces_of(file))
    try:
        async with (
            released_on_failure(database, caller.tenant_id, blob.sha256),
            database.transaction(caller.tenant_id) as db,
        ):
            version_id = await claim(db, blob.sha256) if claim else new_id()
            if before := await store.find_version(db, version_id):
                return before
            await rely_on_blobs(db)
            if not await models.storage.exists(caller.tenant_id, blob.sha256):  # deleted with another model just now
                with path.open("rb") as file:
                    await models.storage.put(caller.tenant_id, pieces_of(file))
            await store.add_version(
                db, version_id, model.id, name=name, file_sha256=blob.sha256, n_bytes=blob.size, details=details
            )
            await audit.record(db, caller, "model.version_uploaded", model.id, sha256=blob.sha256)
            return await get_version(db, caller, model.id, version_id)
    except asyncpg.UniqueViolationError:
        raise ModelVersionNameTaken(model_id=model.id, name=name) from None


async def ensure_version(db: Transaction, model_id: UUID, name: str | None) -> UUID:
    """The version that a model says it is; a new one where that was not heard before."""
    found = await store.version_named(db, model_id, name)
    if found is None and name is not None:
        await store.name_silent_version(db, model_id, name)
        found = await store.version_named(db, model_id, name)
    if found is None:
        found = new_id()
        await store.add_version(db, found, model_id, name=name)
    return found


async def ensure_imported_version(db: Transaction, name: str, version: str | None, kind: str) -> tuple[UUID, UUID]:
    """Model and version that an import names; made where there are none."""
    model_id = await store.imported_model(db, name, kind)
    if model_id is None:
        model_id = new_id()
        await store.add_model(db, model_id, {"name": name, "adapter": IMPORT.name, "kind": kind})
    return model_id, await ensure_version(db, model_id, version)


@asynccontextmanager
async def open_model(
    db_of: Database, models: Models, caller: Caller, model_id: UUID, version_id: UUID | None, question: Question
) -> AsyncIterator[Predictor]:
    """A model, ready to be asked; no transaction is held while it is.

    Raises:
        ModelNotFound, ModelVersionNotFound, ModelNotAskable, ModelHasNoFile, ModelSecretUnreadable.
        ModelKindDiffers: it proposes annotations of another kind.
    """
    async with db_of.transaction(caller.tenant_id) as db:
        model = await get_model(db, caller, model_id)
        version = await get_version(db, caller, model_id, version_id) if version_id else model.latest
        sealed = await store.sealed_headers(db, model_id)
    check_question(model, question.kind)
    headers = _unsealed(models, caller, model_id, sealed)
    opened = OpenModel(caller.tenant_id, model, version, headers)
    async with adapter_named(model.adapter).open(models, opened, question) as predictor:
        yield predictor


def check_question(model: Model, kind: str) -> None:
    """Whether the model may be asked for annotations of the kind.

    Raises:
        ModelKindDiffers: it proposes others.
    """
    if model.kind is not None and model.kind != kind:
        raise ModelKindDiffers(model_id=model.id, model_kind=model.kind, kind=kind)


def require_file_adapter(model: Model) -> None:
    """Whether versions of the model are files.

    Raises:
        ModelTakesNoFile: they are not.
    """
    if not adapter_named(model.adapter).takes_file:
        raise ModelTakesNoFile(model_id=model.id, adapter=model.adapter)


def _check_kind(settings: AnySettings, kind: str) -> None:
    kinds = adapter_named(settings.adapter).kinds
    if kind not in kinds:
        message = f"The adapter {settings.adapter} does not bring annotations of the kind {kind}."
        raise _invalid("model.kind", message, "kind", f"It brings {', '.join(kinds)}.")


def _check_address(models: Models, settings: AnySettings | None, headers: Mapping[str, str] | None) -> None:
    if isinstance(settings, RemoteSettings):
        models.guard.judge(settings.url)
        check_headers(headers or {})
    elif headers:
        message = "A model that runs here is sent no headers."
        raise _invalid("model.headers", message, "headers", "Leave them out.")


def _address(settings: AnySettings | None) -> str | None:
    return settings.url if isinstance(settings, RemoteSettings) else None


def _sealed(models: Models, caller: Caller, model_id: UUID, headers: Mapping[str, str] | None) -> dict[str, object]:
    if not headers:
        return {"headers": None, "header_names": []}
    plain = json.dumps(dict(headers)).encode()
    return {"headers": seal(models.key, caller.tenant_id, model_id, plain), "header_names": sorted(headers)}


def _unsealed(models: Models, caller: Caller, model_id: UUID, sealed: bytes | None) -> dict[str, str]:
    if sealed is None:
        return {}
    try:
        found: dict[str, str] = json.loads(unseal(models.key, caller.tenant_id, model_id, sealed))
    except SecretUnreadable:
        raise ModelSecretUnreadable(model_id=model_id) from None
    return found


def _invalid(code: str, message: str, where: str, hint: str) -> ModelInvalid:
    return ModelInvalid(faults=[Fault(code=code, message=message, where=where, hint=hint)])
