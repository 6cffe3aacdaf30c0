"""Everything that a running Karat consists of, put together once: database, storage, keys, jobs."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from karat import access, assist, delivery, operations, quality, tasks
from karat.access.tidying import TIDY_ROUND_S
from karat.audit.sealing import sealing_chore
from karat.config import Settings
from karat.database import Database, connect, migrate
from karat.database.engine import APP_ROLE
from karat.database.supervisor import embedded_postgres
from karat.datasets.ingest import Ingest
from karat.datasets.parts import Parts
from karat.datasets.uploads import CLEARING_ROUND_S, Uploads
from karat.jobs import RECOVERY_ROUND_S, Chore, Compute, Handler, Runner, Subscriber, recover_lost
from karat.kit import utc_now
from karat.kit.signing import public_key_of
from karat.models import CPU_S, MEMORY_BYTES, Models, is_model_file
from karat.models.links import media_urls
from karat.outbound import Guard
from karat.storage import Buckets, JointStorage, Storage, derive_key, load_or_create_secret, open_buckets
from karat.storage.thumbnails import thumbnail_compute

IN_USE = (delivery.is_exported, delivery.is_archived, is_model_file, assist.is_prediction_file)
LEASE_ROUND_S = 5.0
LOOK_ROUND_S = 30.0
# What looking at one chunk of strangers' files may take: an image of 80 million pixels is decoded, a table unpacked.
INSPECTOR_BYTES, INSPECTOR_CPU_S = 3 << 30, 600


@dataclass(frozen=True, slots=True)
class Engine:
    """A Karat that runs, without its HTTP door."""

    settings: Settings
    database: Database
    queue_dsn: str
    storage: Storage
    compute: Compute
    inspector: Compute
    thumbnailer: Compute
    guard: Guard
    buckets: Buckets
    models: Models
    media_key: bytes
    access_key: bytes
    private_key: Ed25519PrivateKey

    @property
    def public_key(self) -> str:
        """What certificates and seals of this installation are verified with, in hexadecimal."""
        return public_key_of(self.private_key)

    def runner(self) -> Runner:
        """The runner of this engine's jobs; events meet their handlers here and nowhere else."""
        uploads = uploads_in(self.settings, self.storage)
        archive_uploads = delivery.ArchiveUploads(self.storage, uploads)
        handlers: dict[str, Handler] = {
            "datasets.ingest": Ingest(self.storage, self.inspector, uploads, self.guard, self.buckets),
            "tasks.fill": tasks.fill,
            "assist.train": assist.Train(self.storage, self.compute),
            "assist.predict": assist.Predict(self.models, self.compute),
            "assist.import": assist.ImportPredictions(self.models, self.compute),
            "quality.turn": quality.Turn(self.compute, self.private_key),
            "delivery.export": delivery.ExportJob(self.storage),
            "delivery.archive": delivery.ArchiveJob(self.storage, self.private_key),
            "delivery.import_project": delivery.ProjectImportJob(
                self.storage, self.compute, self.inspector, archive_uploads
            ),
        }
        subscribers = (
            Subscriber("datasets.imported", tasks.fill_after_import),
            Subscriber("access.member_changed", tasks.on_members_changed),
            Subscriber("tasks.filled", quality.on_work),
            Subscriber("tasks.filled", assist.on_tasks_filled),
            Subscriber("tasks.submitted", quality.on_work),
            Subscriber("tasks.project_changed", quality.on_work),
            Subscriber("quality.model_wanted", assist.on_model_wanted),
            Subscriber("assist.predicted", quality.on_prediction),
        )
        chores = (
            Chore("tasks.expire_leases", LEASE_ROUND_S, tasks.expire_leases),
            Chore("quality.look_again", LOOK_ROUND_S, quality.look_again),
            Chore("datasets.clear_uploads", CLEARING_ROUND_S, uploads.clear),
            Chore("delivery.clear_archives", CLEARING_ROUND_S, archive_uploads.clear),
            Chore("access.tidy", TIDY_ROUND_S, access.tidy),
            Chore("jobs.recover", RECOVERY_ROUND_S, recover_lost),
            sealing_chore(self.private_key),
        )
        return Runner(self.database, self.queue_dsn, handlers, subscribers, chores)


def uploads_in(settings: Settings, storage: Storage) -> Uploads:
    """Who looks after uploaded files; exports, models and predictions may be the same bytes."""
    return Uploads(storage, Parts(settings.data_dir / "uploads"), IN_USE)


@asynccontextmanager
async def open_engine(settings: Settings) -> AsyncIterator[Engine]:
    """Start, or join, the database of the data folder and bring it to this version's schema."""
    guard = Guard.from_settings(settings)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        if settings.database_url:
            owner_dsn = app_dsn = settings.database_url
        else:
            server = await stack.enter_async_context(
                embedded_postgres(settings.data_dir, bin_dir=settings.postgres_bin)
            )
            owner_dsn, app_dsn = server.url(), server.url(user=APP_ROLE)
        async with operations.kept_before_upgrade(settings, owner_dsn, utc_now()):
            await migrate(owner_dsn)
        database = await connect(app_dsn, size=settings.pool_size)
        stack.push_async_callback(database.close)
        compute = Compute()
        inspector = Compute(memory_bytes=INSPECTOR_BYTES, cpu_s=INSPECTOR_CPU_S)
        stack.callback(compute.close)
        stack.callback(inspector.close)
        thumbnailer = thumbnail_compute()
        stack.callback(thumbnailer.close)
        runner_of_models = Compute(memory_bytes=MEMORY_BYTES, cpu_s=CPU_S)
        stack.callback(runner_of_models.close)
        secret = load_or_create_secret(settings.data_dir / "secret.key")
        buckets = await stack.enter_async_context(open_buckets(database, guard, derive_key(secret, "connections")))
        storage = JointStorage(settings.data_dir / "media", database, buckets)
        storage.remove_abandoned()
        yield Engine(
            settings=settings,
            database=database,
            queue_dsn=app_dsn,
            storage=storage,
            compute=compute,
            inspector=inspector,
            thumbnailer=thumbnailer,
            guard=guard,
            buckets=buckets,
            models=Models(
                guard=guard,
                key=derive_key(secret, "models"),
                storage=storage,
                compute=runner_of_models,
                media_url=media_urls(
                    settings.public_url or f"http://{settings.host}:{settings.port}",
                    derive_key(secret, "media"),
                    settings.media_url_seconds,
                ),
            ),
            media_key=derive_key(secret, "media"),
            access_key=derive_key(secret, "access"),
            private_key=Ed25519PrivateKey.from_private_bytes(derive_key(secret, "certificate")),
        )
