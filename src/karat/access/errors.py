"""Who is let in, and why not."""

from karat.errors import Conflict, Forbidden, Gone, Invalid, NotFound, TooMany, Unauthenticated


class SignInCodeInvalid(Unauthenticated):
    """The sign-in link is not valid: it was used already, has expired, or was cut off. Ask for a new one."""

    code = "access.sign_in_code_invalid"


class SignInFailed(Unauthenticated):
    """The e-mail address, the password or the organisation is wrong."""

    code = "access.sign_in_failed"


class TooManyAttempts(TooMany):
    """Too many attempts that failed; wait before the next one."""

    code = "access.too_many_attempts"


class OrganisationWanted(Invalid):
    """There are several organisations here: say which one, by its name in addresses."""

    code = "access.organisation_wanted"


class SignInOver(Unauthenticated):
    """This sign-in took too long or was finished already; begin again."""

    code = "access.sign_in_over"


class SecondFactorWrong(Unauthenticated):
    """The code is wrong or was used already; wait for the next one, or use a recovery code."""

    code = "access.second_factor_wrong"


class PasskeyWanted(Unauthenticated):
    """Your organisation asks for a second factor, and yours is a passkey: sign in with it."""

    code = "access.passkey_wanted"


class BrowserOnly(Forbidden):
    """This is done signed in, in the browser: no API key may change how somebody signs in."""

    code = "access.browser_only"


class ProveAgain(Forbidden):
    """Confirm that it is you: your last sign-in or confirmation is too long ago for this."""

    code = "access.prove_again"


class LastProof(Conflict):
    """This is your only way to sign in; set up another one first."""

    code = "access.last_proof"


class PasswordRefused(Invalid):
    """This password cannot be used; `faults` says why."""

    code = "password.refused"


class PasswordWrong(Forbidden):
    """The current password is wrong."""

    code = "password.wrong"


class PasskeyHostUnfit(Conflict):
    """Passkeys need a host name, and this server was reached by a number; open it as localhost or by its name."""

    code = "passkey.host_unfit"


class PasskeyRefused(Invalid):
    """The passkey's answer does not fit: it is of another page or challenge, or was not unlocked. Try again."""

    code = "passkey.refused"


class PasskeyUnknown(Unauthenticated):
    """This passkey signs nobody in here; use another one, or your password."""

    code = "passkey.unknown"


class PasskeyTaken(Conflict):
    """This passkey was added already."""

    code = "passkey.taken"


class PasskeyNotFound(NotFound):
    """You have no such passkey."""

    code = "passkey.not_found"


class AuthenticatorPresent(Conflict):
    """You have an authenticator app already; remove it before you set up another."""

    code = "authenticator.present"


class AuthenticatorMissing(Conflict):
    """No authenticator app is set up or waits to be confirmed; begin with its QR code."""

    code = "authenticator.missing"


class AuthenticatorCodeWrong(Invalid):
    """The code does not fit the QR code; check the clock of the device and take the code shown now."""

    code = "authenticator.code_wrong"


class SessionNotFound(NotFound):
    """There is no such session."""

    code = "session.not_found"


class InvitationNotFound(NotFound):
    """There is no such invitation."""

    code = "invitation.not_found"


class InvitationInvalid(NotFound):
    """The invitation link is not valid: it was cut off, or a newer link has replaced it. Ask for a new one."""

    code = "invitation.invalid"


class InvitationExpired(Gone):
    """The invitation has expired; ask who invited you for a new link."""

    code = "invitation.expired"


class InvitationUsed(Gone):
    """The invitation was accepted already, with this link; sign in instead."""

    code = "invitation.used"


class InvitationRevoked(Gone):
    """The invitation was taken back; ask who invited you."""

    code = "invitation.revoked"


class InvitationClosed(Conflict):
    """The invitation was accepted or taken back; make a new one."""

    code = "invitation.closed"


class InvitationOpen(Conflict):
    """This address is invited already; issue the link of that invitation anew."""

    code = "invitation.open"


class LinkShownOnce(Conflict):
    """This request made its invitation before. The link was shown then and is stored nowhere: issue it anew."""

    code = "invitation.shown_once"


class ProofWanted(Invalid):
    """Choose a password or a passkey: exactly one of them."""

    code = "invitation.proof_wanted"


class EmailTaken(Conflict):
    """Another member of your organisation has this e-mail address."""

    code = "member.email_taken"


class MemberNotFound(NotFound):
    """There is no such member."""

    code = "member.not_found"


class MemberAbove(Forbidden):
    """You cannot change somebody whose role is not below yours."""

    code = "member.above"


class OwnRole(Forbidden):
    """Nobody changes their own role or deactivates themselves; ask another owner or admin."""

    code = "member.own_role"


class LastOwner(Conflict):
    """An organisation keeps at least one active owner; make somebody else an owner first."""

    code = "member.last_owner"


class MemberNotPerson(Conflict):
    """This member is a program and signs in with keys only."""

    code = "member.not_person"


class GroupNotFound(NotFound):
    """There is no such group."""

    code = "group.not_found"


class GroupNameTaken(Conflict):
    """There is a group of this name already."""

    code = "group.name_taken"


class ResetInvalid(NotFound):
    """The link is not valid: it was cut off, or a newer link has replaced it. Ask for a new one."""

    code = "reset.invalid"


class ResetExpired(Gone):
    """The link has expired; ask for a new one."""

    code = "reset.expired"


class ResetUsed(Gone):
    """The link was used already; sign in with the password that was set with it."""

    code = "reset.used"


class KeyExpiryPast(Invalid):
    """A key has to expire in the future."""

    code = "key.expiry_past"


class KeyOutlivesMaker(Invalid):
    """A key that expires makes no key that lives longer than itself."""

    code = "key.outlives_maker"


class CrossSiteRequest(Forbidden):
    """The request did not come from Karat's own pages: its CSRF token or origin is missing or wrong."""

    code = "access.cross_site"


class RoleNotGrantable(Forbidden):
    """You cannot give a role above your own."""

    code = "access.role_not_grantable"


class KeyNotFound(NotFound):
    """There is no such key."""

    code = "key.not_found"


class KeyShownOnce(Conflict):
    """This request made its key before. The key was shown then and is stored nowhere: revoke it and make another."""

    code = "key.shown_once"


class IdempotencyKeyReused(Conflict):
    """This Idempotency-Key was used before for a different request."""

    code = "idempotency.key_reused"


class IdempotencyKeyInvalid(Invalid):
    """An Idempotency-Key is 1 to 200 visible characters."""

    code = "idempotency.key_invalid"


class AlreadySetUp(Conflict):
    """This installation has its owner already."""

    code = "access.already_set_up"
