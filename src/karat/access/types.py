"""What the access capability speaks."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from karat.kit import Record, Role


class User(Record):
    """A person, a program, or a simulated person, and says which."""

    id: UUID
    name: str
    email: str | None = None


class Tenant(Record):
    """An organisation whose data nobody else sees."""

    id: UUID
    name: str


class Session(Record):
    """Who is signed in, and what the role allows, so that screens offer nothing that would be refused."""

    user: User
    tenant: Tenant
    role: Role
    actions: list[str]
    csrf_token: str
    expires_at: datetime
    version: str


class SignIn(Record):
    """The code of a one-time sign-in link."""

    code: str = Field(max_length=200)


class Member(Record):
    """Somebody who belongs to the tenant."""

    user_id: UUID
    name: str
    email: str | None
    role: Role
    kind: str


class NewKey(Record):
    """An API key to make: it gets a service user of its own."""

    name: str = Field(min_length=1, max_length=100)
    role: Role = Role.SERVICE
    test: bool = False


class Key(Record):
    """An API key without its secret."""

    id: UUID
    user_id: UUID
    name: str
    role: Role
    prefix: str
    test: bool
    created_at: datetime
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
