"""The second factor of a person: checking a code of the app or a recovery code, once each."""

from datetime import datetime
from uuid import UUID

import structlog

from karat.access import proof_store, totp
from karat.access.devices import Visitor
from karat.database import Transaction

log = structlog.get_logger()


async def use_code(db: Transaction, user_id: UUID, code: str, visitor: Visitor) -> str | None:
    """Take a code: `app` or `recovery code`; None when it is neither, or was used."""
    text = "".join(code.split())
    if await use_app_code(db, user_id, text, visitor.key, visitor.now, confirmed=True):
        return "app"
    if await proof_store.use_recovery_code(db, user_id, totp.recovery_hash(user_id, text)):
        return "recovery code"
    return None


async def use_app_code(
    db: Transaction, user_id: UUID, code: str, key: bytes, now: datetime, *, confirmed: bool
) -> bool:
    """Take a code of the authenticator app; from then on neither it nor an earlier one counts.

    Args:
        confirmed: whether the app has to be in use already; otherwise it has to wait for this code.
    """
    app = await proof_store.find_app(db, user_id)
    if app is None or (app["confirmed_at"] is not None) != confirmed:
        return False
    secret = totp.unseal(app["sealed_secret"], key, user_id)
    if secret is None:
        log.error("the secret of an authenticator app was sealed with another secret.key", user=str(user_id))
        return False
    step = totp.matching_step(secret, code, now, after=app["last_step"])
    if step is None:
        return False
    await proof_store.note_step(db, user_id, step)
    return True
