"""The ground floor: ids, clock, pages, canonical JSON, the caller and the policy."""

from karat.errors import Fault
from karat.kit.caller import (
    KEY_SCOPES,
    POLICY,
    SCOPES,
    Action,
    Caller,
    Role,
    Scope,
    allowed,
    grantable,
    may,
    require,
    roles_that_may,
)
from karat.kit.clock import utc_now
from karat.kit.ids import new_id
from karat.kit.pages import Cursor, Limit, Page, decode_cursor, encode_cursor, make_page
from karat.kit.record import Record

__all__ = [
    "KEY_SCOPES",
    "POLICY",
    "SCOPES",
    "Action",
    "Caller",
    "Cursor",
    "Fault",
    "Limit",
    "Page",
    "Record",
    "Role",
    "Scope",
    "allowed",
    "decode_cursor",
    "encode_cursor",
    "grantable",
    "make_page",
    "may",
    "new_id",
    "require",
    "roles_that_may",
    "utc_now",
]
