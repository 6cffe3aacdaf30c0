"""HTTP doors of the quality engine."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from karat.access.doors import Db, SignedIn, authenticate_briefly
from karat.kit import Caller, Cursor, Limit, Page
from karat.quality import certificates, explaining, overview
from karat.quality.types import CertificateSummary, CheckedLabel, Explanation, Overview, SigningKey
from karat.storage.doors import Links

router = APIRouter(prefix="/api", tags=["quality"])

TICK_S = 1.0
KEEP_ALIVE_TICKS = 15


@router.get("/projects/{project_id}/overview")
async def get_overview(project_id: UUID, db: Db, caller: SignedIn) -> Overview:
    """How the project is going."""
    return await overview.get_overview(db, caller, project_id)


@router.get("/projects/{project_id}/events", response_class=StreamingResponse)
async def stream_overview(project_id: UUID, request: Request) -> StreamingResponse:
    """Server-sent events: an `overview` whenever something changed, at most once a second."""
    caller = await authenticate_briefly(request)
    async with request.app.state.database.transaction(caller.tenant_id) as db:
        first = await overview.get_overview(db, caller, project_id)
    return StreamingResponse(_stream(request, caller, first), media_type="text/event-stream")


@router.get("/tasks/{task_id}/explanation")
async def explain(task_id: UUID, db: Db, caller: SignedIn) -> Explanation:
    """Why a task has its label."""
    return await explaining.explain(db, caller, task_id)


@router.get("/projects/{project_id}/certificates")
async def list_certificates(
    project_id: UUID, db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50
) -> Page[CertificateSummary]:
    """The certificates of a project, newest first."""
    return await certificates.list_certificates(db, caller, project_id, cursor, limit)


@router.get("/certificates/{certificate_id}")
async def get_certificate(certificate_id: UUID, db: Db, caller: SignedIn) -> CertificateSummary:
    """One certificate."""
    return await certificates.get_certificate(db, caller, certificate_id)


@router.get("/certificates/{certificate_id}/file", response_class=Response)
async def download_certificate(certificate_id: UUID, db: Db, caller: SignedIn) -> Response:
    """The signed document, for `karat certificate verify`."""
    document = await certificates.certificate_file(db, caller, certificate_id)
    name = f"karat-certificate-{certificate_id}.json"
    return Response(
        document, media_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@router.get("/certificates/{certificate_id}/checks")
async def list_checks(
    certificate_id: UUID, db: Db, caller: SignedIn, link: Links, cursor: Cursor = None, limit: Limit = 50
) -> Page[CheckedLabel]:
    """What was drawn and checked for the certificate."""
    return await certificates.list_checks(db, caller, link, certificate_id, cursor, limit)


@router.get("/signing-key")
async def signing_key(request: Request, caller: SignedIn) -> SigningKey:
    """The public key to pin when verifying certificates of this installation."""
    key: str = request.app.state.public_key
    return SigningKey(public_key=key, fingerprint=":".join(key[at : at + 4] for at in range(0, 32, 4)))


async def _stream(request: Request, caller: Caller, first: Overview) -> AsyncIterator[bytes]:
    """Each look is a short read transaction of its own; the caller's right is asked again each time."""
    told, quiet, state = first, 0, first
    yield _event(first)
    while True:  # the response itself listens for the disconnect and ends this
        await asyncio.sleep(TICK_S)
        caller = await authenticate_briefly(request)
        async with request.app.state.database.transaction(caller.tenant_id) as db:
            state = await overview.get_overview(db, caller, first.project_id)
        if state.model_copy(update={"at": told.at}) != told:
            told, quiet = state, 0
            yield _event(state)
        elif (quiet := quiet + 1) % KEEP_ALIVE_TICKS == 0:
            yield b": still here\n\n"


def _event(state: Overview) -> bytes:
    return b"event: overview\ndata: " + state.model_dump_json().encode() + b"\n\n"
