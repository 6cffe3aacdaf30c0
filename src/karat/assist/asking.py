"""Asking a model about assets: in batches, several at once, and every answer held to the project's question."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from karat.errors import Fault
from karat.modalities import Media, as_object_kind, kind_named
from karat.models import Answered, Item, Models, Predictor, Question, Said, judge_said
from karat.models.settings import Common
from karat.storage import BlobNotFound
from karat.tasks import Project

BATCH_BYTES = 24 << 20  # of media in one question


@dataclass(frozen=True, slots=True)
class Told:
    """What the model says about some tasks, in their order, and what it calls the versions that said it."""

    said: list[Said]
    versions: list[str | None]


def question_of(project: Project) -> Question:
    """What the project wants to know."""
    ontology = project.ontology
    is_object = as_object_kind(kind_named(ontology.kind)) is not None
    finished_by_people = not (is_object and project.target.overlap == 0)
    return Question(ontology.kind, ontology.names, ontology.vocabulary, for_people=finished_by_people)


def media_of(row: asyncpg.Record, modality: str) -> Media:
    """What kinds may know of the asset."""
    fields = ("media_type", "width", "height", "length")
    return Media(modality=modality, **{name: row[name] for name in fields})


class Asker:
    """Asks one open model for one project."""

    def __init__(
        self, models: Models, predictor: Predictor, tenant_id: UUID, question: Question, settings: Common | None
    ) -> None:
        self._models = models
        self._predictor = predictor
        self._tenant_id = tenant_id
        self._question = question
        self._settings = settings or Common()
        self._modality = kind_named(question.kind).modality

    async def ask(self, rows: Sequence[asyncpg.Record]) -> Told:
        """What the model says about the rows' assets.

        Raises:
            KaratError: of the first question that failed, after all that ran beside it have ended.
        """
        gate = asyncio.Semaphore(self._predictor.concurrency)

        async def one(batch: Sequence[asyncpg.Record]) -> Answered:
            async with gate:
                return await self.ask_batch(batch)

        batches = list(_batches(rows, self._predictor.batch_size))
        outcomes = await asyncio.gather(*(one(batch) for batch in batches), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        answers = [outcome for outcome in outcomes if isinstance(outcome, Answered)]
        return Told(
            [said for answered in answers for said in answered.said],
            [answered.version for answered in answers for _ in answered.said],
        )

    async def ask_batch(self, rows: Sequence[asyncpg.Record]) -> Answered:
        """One question; assets whose content is gone are not asked about."""
        items = [await self._item(row) for row in rows]
        there = [item for item in items if isinstance(item, Item)]
        answered = await self._predictor.ask(there) if there else Answered([])
        said = iter(answered.said)
        judged = [
            Said(faults=[item])
            if isinstance(item, Fault)
            else judge_said(
                next(said), self._question, item.media, self._settings.class_map, self._settings.max_objects
            )
            for item in items
        ]
        return Answered([_placed(one, row) for one, row in zip(judged, rows, strict=True)], answered.version)

    async def _item(self, row: asyncpg.Record) -> Item | Fault:
        media, key, sha256 = media_of(row, self._modality), str(row["asset_id"]), row["sha256"].hex()
        if row["text"] is not None:
            return Item(key, media, text=row["text"])
        if not self._predictor.wants_content:
            return Item(key, media, url=self._models.media_url(self._tenant_id, sha256, row["media_type"]))
        try:
            content = await self._models.storage.read(self._tenant_id, sha256)
        except BlobNotFound as error:
            return Fault(code=error.code, message=error.title(), where="content")
        if self._modality == "text":
            return Item(key, media, text=content.decode("utf-8-sig", "replace"))
        return Item(key, media, content=content)


def _placed(said: Said, row: asyncpg.Record) -> Said:
    faults = [
        one.model_copy(update={"where": ": ".join(filter(None, (row["external_id"], one.where)))})
        for one in said.faults
    ]
    return Said(said.probabilities, said.objects, faults)


def _batches(rows: Sequence[asyncpg.Record], size: int) -> "list[list[asyncpg.Record]]":
    found: list[list[asyncpg.Record]] = []
    n_bytes = 0
    for row in rows:
        n_bytes += row["n_bytes"]
        if not found or len(found[-1]) >= size or n_bytes > BATCH_BYTES:
            found.append([])
            n_bytes = row["n_bytes"]
        found[-1].append(row)
    return found
