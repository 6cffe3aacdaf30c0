"""The policy: who may do what, with which key, and who may give what to whom. Over every role, scope and action."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat.errors import NotAllowed, ScopeTooNarrow, SecondFactorWanted
from karat.kit import SCOPES, Action, Caller, Role, Scope, allowed, grantable, may, new_id, require

pytestmark = pytest.mark.requirement("SEC-1")
GIVING = [Action.MANAGE_KEYS, Action.MANAGE_PEOPLE, Action.MANAGE_TENANT, Action.MANAGE_OWN_KEYS, Action.SECURE_SELF]


def actions_of(role: Role) -> set[Action]:
    return {action for action in Action if may(role, action)}


def reach(role: Role) -> set[Role]:
    """Every role that a chain of givers which begins with this one can end at."""
    reached, frontier = {role}, {role}
    while frontier:
        frontier = set().union(*(grantable(one) for one in frontier)) - reached
        reached |= frontier
    return reached


@given(role=st.sampled_from(Role))
def test_a_chain_of_givers_never_ends_higher_than_it_began(role: Role) -> None:
    # Seeing the record of what happened is a side track: an auditor may, whoever made it need not.
    own = actions_of(role) | {Action.SEE_AUDIT}
    for other in reach(role):
        assert actions_of(other) <= own or role is Role.OWNER, f"{role} ends as {other}"


@given(role=st.sampled_from(Role))
def test_nobody_but_an_owner_makes_their_equal(role: Role) -> None:
    assert role not in grantable(role) or role is Role.OWNER
    assert all(role not in grantable(other) for other in grantable(role)) or role is Role.OWNER


@given(role=st.sampled_from(Role))
def test_only_who_manages_people_or_keys_gives_anything(role: Role) -> None:
    assert bool(grantable(role)) == (may(role, Action.MANAGE_PEOPLE) or may(role, Action.MANAGE_KEYS))


@given(role=st.sampled_from(Role), scope=st.sampled_from(Scope), action=st.sampled_from(Action))
def test_a_scope_only_narrows(role: Role, scope: Scope, action: Action) -> None:
    caller = Caller(tenant_id=new_id(), user_id=new_id(), role=role, scope=scope)
    if may(role, action) and action in SCOPES[scope]:
        require(caller, action)
        assert action in allowed(caller)
        return
    assert action not in allowed(caller)
    expected = NotAllowed if not may(role, action) else SecondFactorWanted if scope is Scope.ENROL else ScopeTooNarrow
    with pytest.raises(expected):
        require(caller, action)


@pytest.mark.parametrize("scope", [Scope.READ, Scope.LABEL, Scope.MANAGE])
def test_a_narrow_key_can_make_no_wider_one(scope: Scope) -> None:
    assert SCOPES[scope].isdisjoint(GIVING)


def test_a_reading_key_writes_nothing() -> None:
    assert SCOPES[Scope.READ].isdisjoint({Action.LABEL, Action.REVIEW, Action.MANAGE_WORK, *GIVING})


def test_the_full_scope_is_the_role_itself() -> None:
    assert SCOPES[Scope.FULL] == frozenset(Action)
