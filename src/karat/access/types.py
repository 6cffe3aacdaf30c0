"""What the access capability speaks."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from karat.kit import Record, Role, Scope

PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
KeyScope = Literal[Scope.READ, Scope.LABEL, Scope.MANAGE, Scope.FULL]


class User(Record):
    """A person, a program, or a simulated person, and says which."""

    id: UUID
    name: str
    email: str | None = None


class Tenant(Record):
    """An organisation whose data nobody else sees."""

    id: UUID
    name: str
    slug: str = ""


class Session(Record):
    """Who is signed in, and what the role allows, so that screens offer nothing that would be refused.

    Attributes:
        scope: `enrol` until the second factor that the tenant asks for is set up; nothing else is allowed before.
    """

    user: User
    tenant: Tenant
    role: Role
    scope: Scope = Scope.FULL
    actions: list[str]
    csrf_token: str
    expires_at: datetime
    version: str


class SignIn(Record):
    """The code of a one-time sign-in link."""

    code: str = Field(max_length=200)


class GroupName(Record):
    """A group, by its name."""

    id: UUID
    name: str


class Member(Record):
    """Somebody who belongs to the tenant.

    Attributes:
        second_factor: signs in with a passkey, or with an authenticator app beside the password.
        last_used_at: of their newest session or key, to ten minutes; None when they never came.
    """

    user_id: UUID
    name: str
    email: str | None
    role: Role
    kind: str
    active: bool = True
    groups: list[GroupName]
    second_factor: bool = False
    created_at: datetime
    last_used_at: datetime | None = None


class NewKey(Record):
    """An API key to make for a program: it gets a service user of its own."""

    name: PersonName
    role: Role = Role.SERVICE
    test: bool = False
    scope: KeyScope = Scope.FULL
    expires_at: datetime | None = None


class NewOwnKey(Record):
    """An API key for oneself: it has one's own role, narrowed by its scope."""

    name: PersonName
    test: bool = False
    scope: KeyScope = Scope.FULL
    expires_at: datetime | None = None


class Key(Record):
    """An API key without its secret.

    Attributes:
        personal: it acts as a person, not as a program.
    """

    id: UUID
    user_id: UUID
    name: str
    role: Role
    scope: Scope
    prefix: str
    test: bool
    personal: bool
    bearer: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class MadeKey(Key):
    """A key just made; `key` is shown this once and never again."""

    key: str


class FirstOwner(Record):
    """What the first start hands to its operator."""

    tenant: Tenant
    user: User
    key: str
    sign_in_code: str
