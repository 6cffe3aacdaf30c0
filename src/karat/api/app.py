"""The HTTP application: collects the routes and wires them to what runs below."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

import karat
from karat.access.account_routes import router as account_routes
from karat.access.people_routes import router as people_routes
from karat.access.routes import router as access_routes
from karat.access.sign_in_routes import router as sign_in_routes
from karat.api import problems, web
from karat.api.bodies import BodyLimit
from karat.api.engine import uploads_in
from karat.api.headers import SecurityHeaders
from karat.api.readiness import Prober
from karat.api.routes.about import router as about_routes
from karat.api.routes.audit import router as audit_routes
from karat.api.routes.connections import router as connection_routes
from karat.api.routes.jobs import router as job_routes
from karat.api.tracing import RequestTrace
from karat.assist.routes import import_predictions
from karat.assist.routes import router as assist_routes
from karat.config import Settings
from karat.database import Database
from karat.datasets.routes import router as dataset_routes
from karat.datasets.routes import upload_import
from karat.datasets.upload_routes import put_part
from karat.datasets.upload_routes import router as upload_routes
from karat.delivery.archive_routes import import_project
from karat.delivery.archive_routes import router as archive_routes
from karat.delivery.routes import router as delivery_routes
from karat.jobs import Compute
from karat.models import Models
from karat.models.routes import router as model_routes
from karat.models.routes import upload_version
from karat.quality.routes import router as quality_routes
from karat.storage import Buckets, Storage
from karat.storage.routes import MediaDoor
from karat.storage.routes import router as media_routes
from karat.storage.thumbnails import Thumbnails
from karat.tasks.routes import router as task_routes
from karat.tasks.setup_routes import router as setup_routes

if TYPE_CHECKING:
    from karat.api.metrics import Metrics

ROUTERS: Sequence[APIRouter] = (
    about_routes,
    access_routes,
    sign_in_routes,
    account_routes,
    people_routes,
    audit_routes,
    job_routes,
    connection_routes,
    model_routes,
    assist_routes,
    dataset_routes,
    upload_routes,
    task_routes,
    setup_routes,
    quality_routes,
    delivery_routes,
    archive_routes,
    media_routes,
)

# Of a JSON body, which has to fit into memory, and is read before the sender is known. Uploads stream and have their
# own limit in the settings.
MAX_BODY_BYTES = 32 << 20
STREAMING = (upload_import, put_part, upload_version, import_predictions, import_project)


class Ground(Protocol):
    """What the application stands on."""

    @property
    def settings(self) -> Settings: ...
    @property
    def database(self) -> Database: ...
    @property
    def storage(self) -> Storage: ...
    @property
    def buckets(self) -> Buckets: ...
    @property
    def models(self) -> Models: ...
    @property
    def thumbnailer(self) -> Compute: ...
    @property
    def media_key(self) -> bytes: ...
    @property
    def public_key(self) -> str: ...
    @property
    def access_key(self) -> bytes: ...


def create_app(ground: Ground) -> FastAPI:
    """The application over a database and a storage that run."""
    app = FastAPI(
        title="Karat",
        version=karat.__version__,
        summary="Raw data in, labels of certified quality out.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings = ground.settings
    app.state.database = ground.database
    app.state.storage = ground.storage
    app.state.buckets = ground.buckets
    app.state.models = ground.models
    app.state.uploads = uploads_in(ground.settings, ground.storage)
    thumbnails = Thumbnails(ground.settings.data_dir / "thumbnails", ground.storage, ground.thumbnailer)
    app.state.media = MediaDoor(storage=ground.storage, key=ground.media_key, thumbnails=thumbnails)
    app.state.public_key = ground.public_key
    app.state.access_key = ground.access_key
    app.state.runner = None
    media = ground.settings.data_dir / "media"
    app.state.prober = Prober(ground.database, media, lambda: app.state.runner)
    app.state.metrics = _metrics(ground)
    for router in ROUTERS:
        app.include_router(router)
    routes = [*app.routes, *(route for router in ROUTERS for route in router.routes)]
    streaming = [route for route in routes if isinstance(route, APIRoute) and route.endpoint in STREAMING]
    problems.install(app, routes, MAX_BODY_BYTES)
    web.install(app)
    app.add_middleware(BodyLimit, max_bytes=MAX_BODY_BYTES, streaming=streaming)
    app.add_middleware(problems.LastResort)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestTrace, observer=app.state.metrics)
    return app


def _metrics(ground: Ground) -> "Metrics | None":
    """Who counts, where an operator wants it: elsewhere not even the library is loaded."""
    token = ground.settings.metrics_token
    if token is None:
        return None
    from karat.api.metrics import Metrics

    return Metrics(ground.database, token.get_secret_value())
