"""The one family of errors.

KaratError
├── ConfigurationMissing    no address or no key was given, or it cannot be one
├── ConnectionFailed        nobody answers there, or the connection broke and did not come back
├── AnswerUnreadable        somebody answers who is not a Karat server, or one that this client does not understand
├── ApiError                the server refused, and says why
│   ├── Unauthenticated 401 · NotAllowed 403 · NotFound 404 · Conflict 409 · Gone 410 · TooLarge 413 · Invalid 422
│   └── TooManyRequests 429 · ServerError 5xx
├── JobFailed, JobCancelled what was waited for did not end well
├── WaitTimeout             it takes longer than you wanted to wait
├── NotCertified            the labels have no certificate
├── SourceUnusable          what was to be uploaded cannot be read, or not a second time
└── DownloadDamaged         the bytes are not those that the server promised
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from karat_client.faults import Fault

SHOWN_FAULTS = 5


class KaratError(Exception):
    """Something went wrong.

    Attributes:
        code: stable; switch on this, never on the text.
        title: one sentence that is the same for every error of the code.
        status: of HTTP, where a server answered.
        detail: what is particular to this one.
        fields: what the sentence is about: ids, limits, states.
        hint: the next step.
        faults: everything that was found wrong with the input.
        retryable: whether the same can succeed later.
    """

    default_code: ClassVar[str] = "client.error"
    default_hint: ClassVar[str | None] = None

    def __init__(
        self,
        title: str | None = None,
        *,
        code: str | None = None,
        status: int | None = None,
        detail: str | None = None,
        fields: Mapping[str, Any] | None = None,
        hint: str | None = None,
        faults: tuple[Fault, ...] = (),
        retryable: bool = False,
    ) -> None:
        self.code = code or self.default_code
        self.title = title or (self.__doc__ or "").strip().splitlines()[0]
        self.status = status
        self.detail = detail
        self.fields = dict(fields or {})
        self.hint = hint or self.default_hint
        self.faults = faults
        self.retryable = retryable
        super().__init__(self.title)

    def __str__(self) -> str:
        lines = [" ".join(part for part in (self.title, self.detail) if part)]
        lines += [f"  {one}" for one in self.faults[:SHOWN_FAULTS]]
        if (more := len(self.faults) - SHOWN_FAULTS) > 0:
            lines.append(f"  … and {more} more in `faults`")
        if self.hint:
            lines.append(f"  {self.hint}")
        said = ", ".join(f"{name} {value}" for name, value in self.fields.items() if isinstance(value, str | int))
        marks = [self.code, *([f"HTTP {self.status}"] if self.status else []), *([said] if said else [])]
        return "\n".join(lines) + f" [{'; '.join(marks)}]"


class ConfigurationMissing(KaratError):
    """The client does not know where the server is, or who you are."""

    default_code = "client.configuration_missing"


class ConnectionFailed(KaratError):
    """The server cannot be reached."""

    default_code = "client.connection_failed"
    default_hint = "Is the server running, and is this its address? Karat prints it when it starts."


class AnswerUnreadable(KaratError):
    """The answer is not one of a Karat server that this client understands."""

    default_code = "client.answer_unreadable"
    default_hint = "Check the address: it is the one of the web app, such as http://localhost:8000, without a path."


class ApiError(KaratError):
    """The server refused the request."""

    default_code = "client.refused"


class Unauthenticated(ApiError):
    """The key is missing, wrong, or was revoked."""

    default_hint = "Check the key (KARAT_API_KEY). An owner makes one in Settings, or with `karat keys create`."


class NotAllowed(ApiError):
    """The key's role does not include this."""

    default_hint = "Use a key with a role that may do this; `client.whoami()` says what yours may do."


class NotFound(ApiError):
    """There is no such thing, or it is not yours."""


class Conflict(ApiError):
    """The record has moved on."""


class Gone(ApiError):
    """It was here and is not any more."""


class TooLarge(ApiError):
    """It is larger than the server takes."""


class Invalid(ApiError):
    """The request is not right; `faults` lists everything found."""


class TooManyRequests(ApiError):
    """The server asks for fewer requests."""


class ServerError(ApiError):
    """The server could not do it."""


class JobFailed(KaratError):
    """The job failed."""

    default_code = "client.job_failed"


class JobCancelled(KaratError):
    """The job was cancelled."""

    default_code = "client.job_cancelled"


class WaitTimeout(KaratError, TimeoutError):
    """It is not done yet; it goes on without you."""

    default_code = "client.wait_timeout"


class NotCertified(KaratError):
    """The labels have no certificate yet."""

    default_code = "client.not_certified"
    default_hint = "`client.projects.wait(project)` waits for it; without `certified=True` you get labels as they are."


class SourceUnusable(KaratError):
    """What was to be uploaded cannot be used."""

    default_code = "client.source_unusable"


class DownloadDamaged(KaratError):
    """The bytes that arrived are not those that the server promised, and were not kept."""

    default_code = "client.download_damaged"
    default_hint = "Download it again; if it happens twice, what the server stores was changed: do not use it."


BY_STATUS: dict[int, type[ApiError]] = {
    401: Unauthenticated,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    410: Gone,
    413: TooLarge,
    422: Invalid,
    429: TooManyRequests,
}


def refusal(status: int, problem: Mapping[str, Any], request: str) -> ApiError:
    """The error that an `application/problem+json` answer stands for.

    Args:
        request: method and path, to be told with it.
    """
    known = {"type", "title", "status", "code", "retryable", "detail", "faults", "hint"}
    kind = BY_STATUS.get(status, ServerError if status >= 500 else ApiError)
    faults = tuple(Fault.read(one) for one in problem.get("faults") or ())
    return kind(
        str(problem.get("title") or "") or None,
        code=problem.get("code"),
        status=status,
        detail=problem.get("detail"),
        fields={name: value for name, value in problem.items() if name not in known} | {"request": request},
        hint=problem.get("hint"),
        faults=faults,
        retryable=problem.get("retryable") is True,
    )
