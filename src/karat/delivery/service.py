"""Use cases of exports: ask for one, look, fetch; and the job that makes it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg

from karat import audit, jobs, tasks
from karat.database import Transaction
from karat.delivery import store
from karat.delivery.errors import ExportNotFound, ExportNotReady
from karat.delivery.types import Export
from karat.formats import DeliveredLabel, Format, ListedClass, NotExpressible, Provenance, format_named
from karat.jobs import JobState, Run
from karat.kit import Action, Caller, Page, decode_cursor, make_page, new_id, require
from karat.modalities import Annotation, Media, as_categorical, kind_named
from karat.storage import Storage
from karat.tasks import Phase, Project

PIECE_BYTES = 1 << 16
PROGRESS_EVERY = 5000


async def start_export(
    db: Transaction, caller: Caller, project_id: UUID, form: str, export_id: UUID | None = None
) -> Export:
    """Write all labels of a project in a format: as a job.

    Raises:
        ProjectNotFound, FormatUnknown.
        NotExpressible: the format has no place for annotations of the project's kind.
    """
    require(caller, Action.EXPORT)
    project = await tasks.get_project(db, caller, project_id)
    if not format_named(form).takes(project.ontology.kind):
        raise NotExpressible(format=form, kind=project.ontology.kind)
    export_id = export_id or new_id()
    await store.add(db, export_id, project_id, form)
    job_id = await jobs.enqueue(
        db, "delivery.export", subject_id=export_id, title=f"Export as {form}", export_id=export_id
    )
    await store.set_job(db, export_id, job_id)
    await audit.record(db, caller, "export.started", export_id, project_id=str(project_id), format=form)
    return await get_export(db, caller, export_id)


async def get_export(db: Transaction, caller: Caller, export_id: UUID) -> Export:
    """One export and how far it is.

    Raises:
        ExportNotFound: no such export in the caller's tenant.
    """
    require(caller, Action.EXPORT)
    row = await store.find(db, export_id)
    if row is None:
        raise ExportNotFound(export_id=export_id)
    return _export(row)


async def list_exports(
    db: Transaction, caller: Caller, project_id: UUID, cursor: str | None, limit: int
) -> Page[Export]:
    """The exports of a project, newest first."""
    require(caller, Action.EXPORT)
    await tasks.get_project(db, caller, project_id)
    (before,) = decode_cursor(cursor, UUID)
    rows = await store.page(db, project_id, before, limit + 1)
    return make_page([_export(row) for row in rows], limit, lambda one: (one.id,))


async def export_file(db: Transaction, caller: Caller, export_id: UUID) -> tuple[Export, Format, str]:
    """The finished export, its format and its file's name.

    Raises:
        ExportNotReady: the job is not done.
    """
    export = await get_export(db, caller, export_id)
    if export.state is not JobState.DONE or export.sha256 is None:
        raise ExportNotReady(export_id=export_id, state=export.state)
    form = format_named(export.format)
    await audit.record(db, caller, "export.fetched", export_id)
    return export, form, f"karat-labels-{export.id}{form.suffix}"


class ExportJob:
    """Handler of `delivery.export`: streams labels from the database into storage. Safe to run again."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def __call__(self, run: Run) -> None:
        export_id = UUID(run.payload["export_id"])
        async with run.transaction() as db:
            row = await store.find(db, export_id)
            assert row is not None
            project = await tasks.get_project(db, run.caller, row["project_id"])
            is_certified = project.phase is Phase.CERTIFIED
            certificate_id = await store.certificate_of(db, project.id) if is_certified else None
            total = await store.count_labels(db, project.id)
            writer = LabelWriter(run, project, format_named(row["format"]), certificate_id, total)
            blob = await self._storage.put(run.tenant_id, writer.pieces(db))
        async with run.transaction() as db:
            await store.set_file(db, export_id, writer.n_labels, blob.size, bytes.fromhex(blob.sha256))


class LabelWriter:
    """Turns rows into the pieces of a file."""

    def __init__(self, run: Run, project: Project, form: Format, certificate_id: UUID | None, total: int) -> None:
        self._run, self._project, self._form, self._total = run, project, form, total
        self._certificate_id = certificate_id
        self._kind = kind_named(project.ontology.kind)
        self.n_labels = 0

    async def pieces(self, db: Transaction) -> AsyncIterator[bytes]:
        classes = [ListedClass(name=one.name, category_id=one.category_id) for one in self._project.ontology.classes]
        writer = self._form.writer(classes)
        piece = bytearray(writer.head())
        async for row in store.labels(db, self._project.id):
            piece += writer.line(self._label(row))
            self.n_labels += 1
            if self.n_labels % PROGRESS_EVERY == 0:
                await self._run.progress(self.n_labels, self._total, f"{self.n_labels:,} labels written")
            if len(piece) >= PIECE_BYTES:
                yield bytes(piece)
                piece.clear()
        for part in writer.tail():
            piece += part
            if len(piece) >= PIECE_BYTES:
                yield bytes(piece)
                piece.clear()
        yield bytes(piece)

    def _label(self, row: asyncpg.Record) -> DeliveredLabel:
        names = self._project.ontology.names
        posterior = dict(zip(names, row["posterior"], strict=True)) if row["posterior"] else None
        return DeliveredLabel(
            asset_id=row["asset_id"],
            external_id=row["external_id"],
            name=row["name"],
            sha256=row["sha256"].hex(),
            media=Media(
                modality=self._kind.modality,
                media_type=row["media_type"],
                width=row["width"],
                height=row["height"],
                length=row["length"],
            ),
            metadata=row["metadata"],
            annotations=self._annotations(row),
            is_empty=row["annotations"] == [],
            provenance=Provenance(
                posterior=posterior,
                confidence=row["confidence"],
                n_answers=row["n_answers"],
                model_version=_model_version(row),
                reviewed=row["reviewed"],
                checked=row["checked"],
            ),
            ontology_version_id=self._project.ontology.id,
            certificate_id=self._certificate_id,
        )

    def _annotations(self, row: asyncpg.Record) -> tuple[Annotation, ...]:
        """The label: what is written, or of a kind whose whole answer is one class, that class."""
        if row["annotations"] is not None:
            return tuple(Annotation.model_validate(one) for one in row["annotations"])
        categorical = as_categorical(self._kind)
        if row["label"] is None or categorical is None:
            return ()
        payload: dict[str, Any] = categorical.of_class(row["label"]).model_dump(mode="json")
        return (Annotation(kind=self._kind.name, payload=payload),)


def _model_version(row: asyncpg.Record) -> str | None:
    """Of the model that the label rests on. People who labelled objects saw what it predicted, and decided themselves."""
    if row["version"] is None or (row["annotations"] is not None and row["is_labelled"]):
        return None
    return str(row["version"])


def _export(row: asyncpg.Record) -> Export:
    fields = ("id", "project_id", "job_id", "format", "state", "n_labels", "n_bytes", "error", "created_at")
    return Export(
        **{name: row[name] for name in fields},
        sha256=row["sha256"].hex() if row["sha256"] else None,
        cannot_express=list(format_named(row["format"]).cannot_express),
    )
