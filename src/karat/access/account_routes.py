"""HTTP doors of one's own account. All but looking need a browser session: an API key cannot change how one signs in."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from karat.access import account, cookies, passkeys
from karat.access.doors import AsVisitor, Browser, BrowserBriefly, Db, SignedIn
from karat.access.proof_types import (
    AuthenticatorCode,
    AuthenticatorSetup,
    Me,
    NewPasskeyAnswer,
    Passkey,
    PasskeyChange,
    PasskeyRequest,
    PasswordChange,
    Proof,
    RecoveryCodes,
    SelfChange,
)
from karat.access.types import Session
from karat.kit import utc_now

router = APIRouter(prefix="/api/me", tags=["account"])


@router.get("")
async def read_me(request: Request, db: Db, caller: SignedIn) -> Me:
    """One's own account and ways to sign in."""
    return await account.describe_me(db, caller, passkeys_fit=passkeys.fits(request))


@router.patch("")
async def change_me(request: Request, body: SelfChange, db: Db, browser: Browser) -> Me:
    """Change one's name or e-mail address."""
    await account.change_me(db, browser, body, utc_now())
    return await account.describe_me(db, browser.caller, passkeys_fit=passkeys.fits(request))


@router.post("/proof")
async def prove(
    request: Request, response: Response, body: Proof, visitor: AsVisitor, browser: BrowserBriefly
) -> Session:
    """Confirm that it is still oneself, by password or code; changes of how one signs in ask for it."""
    done = await account.prove(request.app.state.database, visitor, browser, body)
    return cookies.keep(request, response, done)


@router.put("/password")
async def change_password(
    request: Request, response: Response, body: PasswordChange, visitor: AsVisitor, browser: BrowserBriefly
) -> Session:
    """Set one's password; all other browsers are signed out."""
    done = await account.change_password(request.app.state.database, visitor, browser, body)
    return cookies.keep(request, response, done)


@router.post("/passkey-options")
async def ask_for_new_passkey(request: Request, db: Db, browser: Browser) -> PasskeyRequest:
    """What `navigator.credentials.create` is to be called with."""
    return await account.passkey_request(db, browser, passkeys.site_of(request), utc_now())


@router.post("/passkeys", status_code=201)
async def add_passkey(
    request: Request, response: Response, body: NewPasskeyAnswer, db: Db, browser: Browser
) -> Passkey:
    """Keep the passkey that the browser has made."""
    done = await account.add_passkey(db, browser, passkeys.site_of(request), body, utc_now())
    cookies.keep(request, response, done.started)
    return done.value


@router.patch("/passkeys/{passkey_id}")
async def rename_passkey(passkey_id: UUID, body: PasskeyChange, db: Db, browser: Browser) -> Passkey:
    """Call a passkey something else."""
    return await account.rename_passkey(db, browser, passkey_id, body)


@router.delete("/passkeys/{passkey_id}", status_code=204)
async def remove_passkey(passkey_id: UUID, db: Db, browser: Browser) -> None:
    """Take a passkey away."""
    await account.remove_passkey(db, browser, passkey_id, utc_now())


@router.post("/authenticator")
async def begin_authenticator(request: Request, db: Db, browser: Browser) -> AuthenticatorSetup:
    """Begin to set up an authenticator app: its QR code and secret, shown once."""
    return await account.begin_authenticator(db, browser, request.app.state.access_key, utc_now())


@router.post("/authenticator/confirm")
async def confirm_authenticator(
    request: Request, response: Response, body: AuthenticatorCode, visitor: AsVisitor, browser: BrowserBriefly
) -> RecoveryCodes:
    """Put the app into use with its first code; gives the recovery codes, once."""
    done = await account.confirm_authenticator(request.app.state.database, visitor, browser, body)
    cookies.keep(request, response, done.started)
    return done.value


@router.delete("/authenticator", status_code=204)
async def remove_authenticator(db: Db, browser: Browser) -> None:
    """Take the app away, with its recovery codes."""
    await account.remove_authenticator(db, browser, utc_now())


@router.post("/recovery-codes")
async def renew_recovery_codes(db: Db, browser: Browser) -> RecoveryCodes:
    """New recovery codes; earlier ones are void."""
    return await account.renew_recovery_codes(db, browser, utc_now())
