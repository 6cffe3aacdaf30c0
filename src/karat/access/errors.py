"""Who is let in, and why not."""

from karat.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated


class SignInCodeInvalid(Unauthenticated):
    """The sign-in link is not valid: it was used already, has expired, or was cut off. Ask for a new one."""

    code = "access.sign_in_code_invalid"


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
