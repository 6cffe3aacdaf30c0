"""Tenants, users, roles, keys, sign-in."""

from karat.access.keys import add_simulated_annotator, list_keys, make_key, make_own_key, make_owner_key, revoke_key
from karat.access.service import make_sign_in_code, operator, set_up
from karat.access.tidying import tidy
from karat.access.types import FirstOwner, Key, MadeKey, Member, NewKey, NewOwnKey, Session, Tenant, User

__all__ = [
    "FirstOwner",
    "Key",
    "MadeKey",
    "Member",
    "NewKey",
    "NewOwnKey",
    "Session",
    "Tenant",
    "User",
    "add_simulated_annotator",
    "list_keys",
    "make_key",
    "make_own_key",
    "make_owner_key",
    "make_sign_in_code",
    "operator",
    "revoke_key",
    "set_up",
    "tidy",
]
