"""The one family of errors. A class is a stable code, a status, and whether trying again can help.

    KaratError
    ├── Unauthenticated 401   nobody we know
    ├── Forbidden       403   known, but not for this
    ├── NotFound        404   not here, or not yours: never told apart
    ├── Conflict        409   the record has moved on
    ├── Gone            410   it was here
    ├── TooLarge        413   over a limit
    ├── Invalid         422   the request itself is wrong; `faults` lists everything found
    ├── TooMany         429   too often; `retry_after_s` says when
    ├── Unavailable     503   try again later
    └── OutOfSpace      507   no room left on the server

Each capability keeps its own classes in its `errors.py`; the docstring is the title that the client reads.
"""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Fault(BaseModel):
    """One thing that is wrong with an input: what, where, and what to do.

    Attributes:
        code: stable and public, for programs; `image.truncated`.
        message: one sentence for people.
        where: the row, line, entry or field, in the sender's own terms.
        hint: the next step, when there is one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    message: str
    where: str
    hint: str | None = None


class KaratError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str | None = None, **data: Any) -> None:
        super().__init__(detail or self.title())
        self.detail = detail
        self.data = data

    @classmethod
    def title(cls) -> str:
        """The first line of the docstring."""
        return (cls.__doc__ or "").strip().splitlines()[0]

    def problem(self) -> dict[str, Any]:
        """The body of an `application/problem+json` answer (RFC 9457)."""
        body: dict[str, Any] = {
            "type": f"/errors/{self.code}",
            "title": self.title(),
            "status": self.status,
            "code": self.code,
            "retryable": self.retryable,
        }
        if self.detail:
            body["detail"] = self.detail
        return body | {name: _plain(value) for name, value in self.data.items()}


class Unauthenticated(KaratError):
    """Sign in first: the key or session is missing, wrong or expired."""

    code = "access.unauthenticated"
    status = 401


class Forbidden(KaratError):
    """This is not allowed."""

    code = "access.forbidden"
    status = 403


class NotAllowed(Forbidden):
    """Your role does not include this."""

    code = "access.not_allowed"


class ScopeTooNarrow(Forbidden):
    """Your role includes this, but this key does not: its scope is narrower. Use a key of a wider scope."""

    code = "access.scope_too_narrow"


class SecondFactorWanted(Forbidden):
    """Your organisation asks for a second factor: set up an authenticator app or a passkey first."""

    code = "access.second_factor_wanted"


class NotFound(KaratError):
    """There is no such thing here."""

    code = "not_found"
    status = 404


class Conflict(KaratError):
    """The record has changed since you read it."""

    code = "conflict"
    status = 409


class Gone(KaratError):
    """It was here and is not any more."""

    code = "gone"
    status = 410


class TooLarge(KaratError):
    """It is larger than the limit."""

    code = "too_large"
    status = 413


class Invalid(KaratError):
    """The request is not valid; `faults` lists everything found."""

    code = "invalid"
    status = 422

    def __init__(self, detail: str | None = None, *, faults: list[Fault] | None = None, **data: Any) -> None:
        super().__init__(detail, faults=faults or [], **data)
        self.faults = faults or []


class TooMany(KaratError):
    """Too many requests."""

    code = "too_many"
    status = 429
    retryable = True


class CursorInvalid(Invalid):
    """The cursor is not one that this list gave out."""

    code = "cursor.invalid"


class Unavailable(KaratError):
    """Not available right now."""

    code = "unavailable"
    status = 503
    retryable = True


class OutOfSpace(KaratError):
    """The server has no room left."""

    code = "storage.full"
    status = 507
    retryable = True


def error_classes() -> list[type[KaratError]]:
    """Every class of the family that has been imported, by code."""
    found: dict[str, type[KaratError]] = {}
    pending: list[type[KaratError]] = [KaratError]
    while pending:
        cls = pending.pop()
        found.setdefault(cls.code, cls)
        pending.extend(cls.__subclasses__())
    return [found[code] for code in sorted(found)]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Fault):
        return value.model_dump(exclude_none=True)
    return value if isinstance(value, str | int | float | bool | dict | None) else str(value)
