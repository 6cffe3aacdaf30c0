"""What this server can do and whether it is well."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from karat.access.doors import SignedIn
from karat.api.problems import RouteNotFound
from karat.api.readiness import Readiness
from karat.errors import KaratError, NotFound, Unauthenticated, error_classes
from karat.formats import FORMATS
from karat.kit import Record
from karat.modalities import KINDS

router = APIRouter(tags=["about"])

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Health(Record):
    """The server answers."""

    status: str


class ErrorCodeUnknown(NotFound):
    """No error has this code."""

    code = "error.unknown"


class KindList(Record):
    """The kinds of annotation that are registered."""

    class Item(Record):
        """One kind."""

        name: str
        modality: str
        title: str

    items: list[Item]


class FormatList(Record):
    """The formats that labels can be exported in."""

    class Item(Record):
        """One format; `cannot_express` says what is lost in it."""

        name: str
        title: str
        suffix: str
        lossless: bool
        cannot_express: list[str]

    items: list[Item]


class ErrorList(Record):
    """Every error code that the API can answer with."""

    class Item(Record):
        """One code."""

        code: str
        status: int
        title: str
        retryable: bool

    items: list[Item]


@router.get("/healthz")
async def health() -> Health:
    """Whether this process lives; nothing else is asked, so that a restart is for nothing else."""
    return Health(status="ok")


@router.get("/readyz")
async def ready(request: Request) -> Readiness:
    """Whether this server can do its work: database, schema, storage and runner; else 503 with a fault for each."""
    found: Readiness = await request.app.state.prober.ask()
    return found


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Figures for Prometheus, for whoever sends the token of `KARAT_METRICS_TOKEN`; not there where that is not set."""
    kept = request.app.state.metrics
    if kept is None:
        raise RouteNotFound
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not kept.is_token(token.strip()):
        raise Unauthenticated
    return Response(await kept.page(), media_type=MEDIA_TYPE)


@router.get("/api/kinds")
async def list_kinds(caller: SignedIn) -> KindList:
    """The kinds of annotation."""
    return KindList(items=[KindList.Item(name=one.name, modality=one.modality, title=one.title) for one in KINDS])


@router.get("/api/formats")
async def list_formats(caller: SignedIn) -> FormatList:
    """The export formats."""
    return FormatList(
        items=[
            FormatList.Item(
                name=one.name,
                title=one.title,
                suffix=one.suffix,
                lossless=not one.cannot_express,
                cannot_express=list(one.cannot_express),
            )
            for one in FORMATS
        ]
    )


@router.get("/errors")
async def list_errors() -> ErrorList:
    """What `code` in an error answer can be."""
    return ErrorList(items=[_error(one) for one in error_classes()])


@router.get("/errors/{code}")
async def get_error(code: str) -> ErrorList.Item:
    """What the `type` of an error answer leads to."""
    for one in error_classes():
        if one.code == code:
            return _error(one)
    raise ErrorCodeUnknown


def _error(one: type[KaratError]) -> ErrorList.Item:
    return ErrorList.Item(code=one.code, status=one.status, title=one.title(), retryable=one.retryable)
