"""HTTP doors of the audit record."""

from fastapi import APIRouter

from karat.access.doors import Db, SignedIn
from karat.audit import sealing, service
from karat.audit.chain import Seal
from karat.audit.service import AuditEntry
from karat.kit import Cursor, Limit, Page

router = APIRouter(prefix="/api", tags=["audit"])


@router.get("/audit")
async def list_entries(db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50) -> Page[AuditEntry]:
    """What happened, newest first."""
    return await service.list_entries(db, caller, cursor, limit)


@router.get("/audit/checkpoint")
async def checkpoint(db: Db, caller: SignedIn) -> Seal | None:
    """The newest seal; keep it elsewhere to prove later that nothing was cut off."""
    return await sealing.last_seal(db, caller)
