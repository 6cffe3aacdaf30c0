"""Signing in, and how somebody proves who they are, as the API speaks of it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from karat.access.types import Email, GroupName, PersonName, Session
from karat.kit import Record, Role

Token = Field(max_length=200)
# As the browser gives it: JSON.stringify(credential.toJSON()).
Credential = Field(max_length=20_000)
Password = Field(max_length=1000)


class SignInOptions(Record):
    """What the sign-in page has to ask for.

    Attributes:
        organisation_wanted: there are several; the page asks for its name in addresses.
        passkeys: the server is reached by a name, so browsers offer passkeys.
    """

    organisation_wanted: bool
    passkeys: bool


class Organisation(Record):
    """Where to sign in; None where there is only one."""

    organisation: str | None = Field(default=None, max_length=200)


class PasswordSignIn(Record):
    """Address and password; the organisation where there are several."""

    email: str = Field(max_length=254)
    password: str = Password
    organisation: str | None = Field(default=None, max_length=200)


class PendingSecondFactor(Record):
    """The password was right; a code of the authenticator app or a recovery code is still wanted."""

    token: str
    expires_at: datetime


class SignInStep(Record):
    """Either signed in, with the session's cookie, or asked for the second factor."""

    session: Session | None = None
    second_factor: PendingSecondFactor | None = None


class SecondFactor(Record):
    """The second step of a sign-in: six digits of the authenticator app, or a recovery code."""

    token: str = Token
    code: str = Field(max_length=40)


class PasskeyRequest(Record):
    """What the browser is to call `navigator.credentials` with, and the token that goes back with its answer."""

    token: str
    options: dict[str, Any]
    expires_at: datetime


class PasskeyAnswer(Record):
    """What `navigator.credentials` gave, as the text of its JSON."""

    token: str = Token
    credential: str = Credential


class NewPasskeyAnswer(PasskeyAnswer):
    """A passkey just made, and what its owner calls it."""

    name: PersonName = "Passkey"


class Acceptance(Record):
    """Accepting an invitation, with a password or a passkey."""

    code: str = Field(max_length=200)
    name: PersonName | None = None
    password: str | None = Field(default=None, max_length=1000)
    passkey: NewPasskeyAnswer | None = None


class Proof(Record):
    """Confirms that it is still the same person: the password, or a code of the authenticator app."""

    password: str | None = Field(default=None, max_length=1000)
    code: str | None = Field(default=None, max_length=40)


class PasswordChange(Record):
    """The password to set; the current one where there is one."""

    current: str | None = Field(default=None, max_length=1000)
    new: str = Password


class SelfChange(Record):
    """What to change of oneself; what is left out stays."""

    name: PersonName | None = None
    email: Email | None = None


class Passkey(Record):
    """A passkey, without what it is checked by.

    Attributes:
        backed_up: its maker keeps a copy, as password managers do; otherwise it is on one device only.
    """

    id: UUID
    name: str
    rp_id: str
    backed_up: bool
    created_at: datetime
    last_used_at: datetime | None


class PasskeyChange(Record):
    """The new name of a passkey."""

    name: PersonName


class AuthenticatorSetup(Record):
    """What an authenticator app is set up with: shown once; it counts after a code of it was given."""

    secret: str
    otpauth_uri: str
    qr_code: str


class AuthenticatorCode(Record):
    """The code that the app shows now."""

    code: str = Field(max_length=40)


class RecoveryCodes(Record):
    """Shown once; each signs in once in place of the app. Earlier ones are void."""

    codes: list[str]


class Me(Record):
    """One's own account and ways to sign in.

    Attributes:
        password_changed_at: None without a password.
        recovery_codes_left: of the authenticator app.
    """

    user_id: UUID
    name: str
    email: str | None
    role: Role
    groups: list[GroupName]
    tenant_name: str
    tenant_slug: str
    password_changed_at: datetime | None
    authenticator: bool
    recovery_codes_left: int
    passkeys: list[Passkey]
    passkeys_possible: bool
    second_factor_required: bool


class OwnSession(Record):
    """A browser in which somebody is signed in."""

    id: UUID
    device: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    second_factor: bool
    current: bool


class OwnSessions(Record):
    """All of one's sessions that live, the newest first."""

    items: list[OwnSession]


Purpose = Literal["add_passkey", "use_passkey", "invitation", "second_factor"]
