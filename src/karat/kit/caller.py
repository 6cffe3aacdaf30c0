"""Who asks, and the one function that says what they may do."""

from enum import StrEnum
from uuid import UUID

from karat.errors import NotAllowed
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


class Caller(Record):
    """The authenticated sender of a request, or the job that acts for one.

    Attributes:
        tenant_id: everything that the caller can see belongs to it.
        user_id: the person or the service user behind the call.
        test: the call came with a test key.
    """

    tenant_id: UUID
    user_id: UUID
    role: Role
    test: bool = False


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
}


def may(role: Role, action: Action) -> bool:
    """Whether the role is allowed the action. The only place that knows."""
    return role in POLICY[action]


def roles_that_may(action: Action) -> list[str]:
    """The names of the roles that are allowed the action."""
    return sorted(role.value for role in POLICY[action])


def require(caller: Caller, action: Action) -> None:
    """Go on only if the caller may.

    Raises:
        NotAllowed: the caller's role does not include the action.
    """
    if not may(caller.role, action):
        raise NotAllowed(action=action, role=caller.role)


def grantable(role: Role) -> frozenset[Role]:
    """The roles that a member may give to others: never one above its own, and only those who manage keys give any."""
    if not may(role, Action.MANAGE_KEYS):
        return frozenset()
    return _EVERYBODY if role is Role.OWNER else _EVERYBODY - {Role.OWNER, Role.ADMIN}
