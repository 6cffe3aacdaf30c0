"""Who asks, and the one function that says what they may do."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from karat.errors import NotAllowed, ScopeTooNarrow, SecondFactorWanted
from karat.kit.record import Record


class Role(StrEnum):
    """What a member of a tenant is there for."""

    OWNER = "owner"
    ADMIN = "admin"
    MANAGER = "manager"
    REVIEWER = "reviewer"
    ANNOTATOR = "annotator"
    AUDITOR = "auditor"
    SERVICE = "service"


class Action(StrEnum):
    """What can be asked of the engine. Services ask `require` for one before anything else."""

    SEE_SELF = "self.see"
    LABEL = "tasks.label"
    REVIEW = "tasks.review"
    SEE_WORK = "work.see"
    SEE_QUALITY = "quality.see"
    MANAGE_WORK = "work.manage"
    EXPORT = "labels.export"
    SEE_PEOPLE = "people.see"
    MANAGE_KEYS = "keys.manage"
    SEE_AUDIT = "audit.see"
    SECURE_SELF = "self.secure"
    MANAGE_OWN_KEYS = "self.keys"
    MANAGE_PEOPLE = "people.manage"
    MANAGE_TENANT = "tenant.manage"


class Scope(StrEnum):
    """How much of its bearer's role a key or session may use. It only ever narrows."""

    READ = "read"
    LABEL = "label"
    MANAGE = "manage"
    FULL = "full"
    ENROL = "enrol"


class Caller(Record):
    """The authenticated sender of a request, or the job that acts for one.

    Attributes:
        tenant_id: everything that the caller can see belongs to it.
        user_id: the person or the service user behind the call.
        test: the call came with a test key.
        scope: what of the role this key may use; `enrol` is a session that first has to set up a second factor.
        until: when the key that the call came with ends; None for one without an end, and for people in a browser.
    """

    tenant_id: UUID
    user_id: UUID
    role: Role
    test: bool = False
    scope: Scope = Scope.FULL
    until: datetime | None = None

    def at_most(self, moment: datetime) -> datetime:
        """The moment, or the end of what the call came with: nothing that opens doors outlives what it was made with."""
        return moment if self.until is None else min(moment, self.until)


_EVERYBODY = frozenset(Role)
_LEADS = frozenset({Role.OWNER, Role.ADMIN, Role.MANAGER})
_ENGINE = _LEADS | {Role.SERVICE}

POLICY: dict[Action, frozenset[Role]] = {
    Action.SEE_SELF: _EVERYBODY,
    Action.LABEL: _ENGINE | {Role.REVIEWER, Role.ANNOTATOR},
    Action.REVIEW: _LEADS | {Role.REVIEWER},
    Action.SEE_WORK: _EVERYBODY,
    Action.SEE_QUALITY: _ENGINE | {Role.REVIEWER, Role.AUDITOR},
    Action.MANAGE_WORK: _ENGINE,
    Action.EXPORT: _ENGINE | {Role.AUDITOR},
    Action.SEE_PEOPLE: _LEADS | {Role.AUDITOR},
    Action.MANAGE_KEYS: frozenset({Role.OWNER, Role.ADMIN}),
    Action.SEE_AUDIT: frozenset({Role.OWNER, Role.ADMIN, Role.AUDITOR}),
    Action.SECURE_SELF: _EVERYBODY,
    Action.MANAGE_OWN_KEYS: _EVERYBODY,
    Action.MANAGE_PEOPLE: _LEADS,
    Action.MANAGE_TENANT: frozenset({Role.OWNER, Role.ADMIN}),
}

# Who gives rights away, to itself or others: never with a narrowed key, which could widen itself.
_KEEPING = frozenset(
    {Action.MANAGE_KEYS, Action.MANAGE_OWN_KEYS, Action.MANAGE_PEOPLE, Action.MANAGE_TENANT, Action.SECURE_SELF}
)
_READING = frozenset(
    {Action.SEE_SELF, Action.SEE_WORK, Action.SEE_QUALITY, Action.SEE_PEOPLE, Action.SEE_AUDIT, Action.EXPORT}
)

SCOPES: dict[Scope, frozenset[Action]] = {
    Scope.READ: _READING,
    Scope.LABEL: frozenset({Action.SEE_SELF, Action.SEE_WORK, Action.LABEL, Action.REVIEW}),
    Scope.MANAGE: frozenset(Action) - _KEEPING,
    Scope.FULL: frozenset(Action),
    Scope.ENROL: frozenset({Action.SEE_SELF, Action.SECURE_SELF}),
}


# What a key can be made with; `enrol` is for sessions alone.
KEY_SCOPES = (Scope.READ, Scope.LABEL, Scope.MANAGE, Scope.FULL)


def may(role: Role, action: Action) -> bool:
    """Whether the role is allowed the action. The only place that knows."""
    return role in POLICY[action]


def roles_that_may(action: Action) -> list[str]:
    """The names of the roles that are allowed the action."""
    return sorted(role.value for role in POLICY[action])


def allowed(caller: Caller) -> list[Action]:
    """Everything that the caller may do: what its role includes and its scope leaves."""
    return sorted(action for action in Action if may(caller.role, action) and action in SCOPES[caller.scope])


def require(caller: Caller, action: Action) -> None:
    """Go on only if the caller may.

    Raises:
        NotAllowed: the caller's role does not include the action.
        ScopeTooNarrow: the role does, but not the key's scope.
        SecondFactorWanted: the session waits for a second factor, and nothing else is open to it.
    """
    if not may(caller.role, action):
        raise NotAllowed(action=action, role=caller.role)
    if action not in SCOPES[caller.scope]:
        if caller.scope is Scope.ENROL:
            raise SecondFactorWanted
        raise ScopeTooNarrow(action=action, scope=caller.scope)


_GIVES: dict[Role, frozenset[Role]] = {
    Role.OWNER: _EVERYBODY,
    Role.ADMIN: _EVERYBODY - {Role.OWNER, Role.ADMIN},
    Role.MANAGER: frozenset({Role.REVIEWER, Role.ANNOTATOR}),
}


def grantable(role: Role) -> frozenset[Role]:
    """The roles that a member may give to others, and whose bearers it may change: never one above its own."""
    return _GIVES.get(role, frozenset())
