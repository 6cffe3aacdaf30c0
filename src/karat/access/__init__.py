"""Tenants, users, roles, keys, sign-in."""

from karat.access.service import add_simulated_annotator, make_owner_key, make_sign_in_code, operator, set_up
from karat.access.types import FirstOwner, Key, MadeKey, Member, NewKey, Session, Tenant, User

__all__ = [
    "FirstOwner",
    "Key",
    "MadeKey",
    "Member",
    "NewKey",
    "Session",
    "Tenant",
    "User",
    "add_simulated_annotator",
    "make_owner_key",
    "make_sign_in_code",
    "operator",
    "set_up",
]
