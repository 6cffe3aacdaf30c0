"""HTTP doors for strangers: signing in, accepting an invitation, setting a new password by a link.

Each opens its own transactions (see `signing_in.py`); answers leave after the last of them has committed.
"""

from fastapi import APIRouter, Request, Response

from karat.access import cookies, invitations, passkeys, resets, signing_in
from karat.access.doors import AsVisitor
from karat.access.people_types import LinkCode, OpenInvitation, OpenReset, Reset
from karat.access.proof_types import (
    Acceptance,
    Organisation,
    PasskeyAnswer,
    PasskeyRequest,
    PasswordSignIn,
    PendingSecondFactor,
    SecondFactor,
    SignInOptions,
    SignInStep,
)
from karat.access.types import Session

router = APIRouter(prefix="/api", tags=["sign-in"])


@router.get("/sign-in")
async def sign_in_options(request: Request) -> SignInOptions:
    """What the sign-in page has to ask for."""
    return await signing_in.options(request.app.state.database, passkeys_fit=passkeys.fits(request))


@router.post("/sign-in")
async def sign_in_with_password(
    request: Request, response: Response, body: PasswordSignIn, visitor: AsVisitor
) -> SignInStep:
    """Sign in with address and password; who has an authenticator app is asked for its code next."""
    done = await signing_in.with_password(request.app.state.database, visitor, body)
    if isinstance(done, PendingSecondFactor):
        return SignInStep(second_factor=done)
    return SignInStep(session=cookies.keep(request, response, done))


@router.post("/sign-in/second-factor")
async def sign_in_with_second_factor(
    request: Request, response: Response, body: SecondFactor, visitor: AsVisitor
) -> Session:
    """The second step: a code of the authenticator app, or a recovery code."""
    done = await signing_in.with_second_factor(request.app.state.database, visitor, body)
    return cookies.keep(request, response, done)


@router.post("/sign-in/passkey/options")
async def ask_for_passkey(request: Request, body: Organisation, visitor: AsVisitor) -> PasskeyRequest:
    """What `navigator.credentials.get` is to be called with."""
    site = passkeys.site_of(request)
    return await signing_in.passkey_request(request.app.state.database, visitor, site, body.organisation)


@router.post("/sign-in/passkey")
async def sign_in_with_passkey(
    request: Request, response: Response, body: PasskeyAnswer, visitor: AsVisitor
) -> Session:
    """Sign in with a passkey; nothing else is asked."""
    done = await signing_in.with_passkey(request.app.state.database, visitor, passkeys.site_of(request), body)
    return cookies.keep(request, response, done)


@router.post("/invitation")
async def look_at_invitation(request: Request, body: LinkCode, visitor: AsVisitor) -> OpenInvitation:
    """What the link of an invitation invites to."""
    fit = passkeys.fits(request)
    return await invitations.look(request.app.state.database, visitor, body.code, passkeys_fit=fit)


@router.post("/invitation/passkey/options")
async def ask_for_first_passkey(request: Request, body: LinkCode, visitor: AsVisitor) -> PasskeyRequest:
    """What `navigator.credentials.create` is to be called with, for accepting an invitation."""
    site = passkeys.site_of(request)
    return await invitations.passkey_request(request.app.state.database, visitor, site, body.code)


@router.post("/invitation/accept", status_code=201)
async def accept_invitation(request: Request, response: Response, body: Acceptance, visitor: AsVisitor) -> Session:
    """Accept an invitation with a password or a passkey; one is signed in then."""
    site = passkeys.site_of(request) if passkeys.fits(request) else None
    done = await invitations.accept(request.app.state.database, visitor, site, body)
    return cookies.keep(request, response, done)


@router.post("/reset")
async def look_at_reset(request: Request, body: LinkCode, visitor: AsVisitor) -> OpenReset:
    """Whose password the link sets."""
    return await resets.look(request.app.state.database, visitor, body.code)


@router.post("/reset/password", status_code=204)
async def reset_password(request: Request, body: Reset, visitor: AsVisitor) -> None:
    """Set a new password by a link; sign in with it then."""
    await resets.reset(request.app.state.database, visitor, body)
