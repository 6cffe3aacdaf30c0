"""Trying a model on a few assets of a project: is it there, does it answer in the right form, how fast, and what does it say."""

import asyncio
import math
import time
from collections.abc import Sequence
from uuid import UUID

import asyncpg

from karat import tasks
from karat.assist import run_store
from karat.assist.asking import Asker, question_of
from karat.assist.types import ModelTrial
from karat.database import Database
from karat.errors import Fault, KaratError
from karat.kit import Action, Caller, require, utc_now
from karat.modalities import Vocabulary
from karat.models import (
    Latency,
    Model,
    ModelNotAskable,
    Models,
    ModelTest,
    Predictor,
    Question,
    Said,
    Sample,
    TestStep,
    first_fault,
    get_model,
    match_classes,
    note_error,
    note_test,
    open_model,
)
from karat.tasks import Project

LONGEST_S = 90.0
MOST_SAMPLE_OBJECTS = 100


async def try_model(database: Database, caller: Caller, models: Models, model_id: UUID, trial: ModelTrial) -> ModelTest:
    """Try a model, and note what came of it. Opens its own transactions: none waits for the model.

    Raises:
        ModelNotFound, ProjectNotFound, ModelVersionNotFound: not in the caller's tenant.
        ModelNotAskable: it learns here, or its predictions come in files.
    """
    require(caller, Action.MANAGE_WORK)
    async with database.transaction(caller.tenant_id) as db:
        model = await get_model(db, caller, model_id)
        if model.settings is None:
            raise ModelNotAskable(model_id=model_id, adapter=model.adapter)
        project = await tasks.get_project(db, caller, trial.project_id) if trial.project_id else None
        rows = []
        if project is not None:
            rows = await run_store.open_tasks(db, project.id, model_id, None, trial.n, only_new=False)
    attempt = _Trial(models, caller, model, project, rows)
    try:
        async with asyncio.timeout(LONGEST_S):
            await attempt.run(database, trial.version_id)
    except TimeoutError:
        message = f"The test took longer than {LONGEST_S:.0f} s."
        attempt.fail(Fault(code="model.too_slow", message=message, where="settings.timeout_s"))
    except KaratError as error:
        if error.status == 404:
            raise
        attempt.fail(first_fault(error, "model"))
    test = attempt.outcome()
    async with database.transaction(caller.tenant_id) as db:
        now = utc_now()
        await note_test(db, model_id, now, test)
        if test.faults:
            await note_error(db, model_id, now, test.faults[0])
    return test


class _Trial:
    """One test, and how far it came."""

    def __init__(
        self, models: Models, caller: Caller, model: Model, project: Project | None, rows: Sequence[asyncpg.Record]
    ) -> None:
        self._models, self._caller, self._model = models, caller, model
        self._project, self._rows = project, rows
        kind = str(model.kind)
        self._question = question_of(project) if project else Question(kind, (), Vocabulary.of_names(()))
        self._steps: dict[str, TestStep] = {}
        self._samples: list[Sample] = []
        self._faults: list[Fault] = []
        self._own_classes: list[str] | None = None

    async def run(self, database: Database, version_id: UUID | None) -> None:
        """Connect, then ask about the assets one by one, so that each is timed alone."""
        self._begin("connection")
        opening = open_model(database, self._models, self._caller, self._model.id, version_id, self._question)
        async with opening as predictor:
            self._own_classes = predictor.class_names
            self._end("connection", await predictor.connect())
            if self._project is None:
                return
            self._begin("answers")
            if not self._rows:
                self._end("answers", "The project has no open task to try it on.")
                return
            await self._ask(predictor)
        self._end("answers", f"Asked about {len(self._samples)} assets, one by one.")

    async def _ask(self, predictor: Predictor) -> None:
        asker = Asker(self._models, predictor, self._caller.tenant_id, self._question, self._model.settings)
        for row in self._rows:
            began = time.perf_counter()
            (said,) = (await asker.ask_batch([row])).said
            self._samples.append(_sample(row, said, time.perf_counter() - began))

    def fail(self, fault: Fault) -> None:
        """Note what stands in the way."""
        self._faults.append(fault)
        for name, step in self._steps.items():
            if step.ok is None:
                self._steps[name] = TestStep(name=name, ok=False, message=fault.message)

    def outcome(self) -> ModelTest:
        """What came of it; of the faults of assets one of each code."""
        told = {fault.code: fault for sample in self._samples for fault in reversed(sample.faults)}
        faults = [*self._faults, *told.values()]
        wanted = ["connection"] if self._project is None else ["connection", "answers"]
        steps = [self._steps.get(name) or TestStep(name=name, ok=None, message="Not tried.") for name in wanted]
        classes = None
        if self._project is not None and self._own_classes and self._model.settings:
            classes = match_classes(self._own_classes, self._question.classes, self._model.settings.class_map)
        return ModelTest(
            ok=not faults,
            steps=steps,
            latency=_latency([one.duration_s for one in self._samples]),
            classes=classes,
            samples=self._samples,
            faults=faults,
        )

    def _begin(self, name: str) -> None:
        self._steps[name] = TestStep(name=name, ok=None, message="Not finished.")

    def _end(self, name: str, message: str) -> None:
        self._steps[name] = TestStep(name=name, ok=True, message=message)


def _sample(row: asyncpg.Record, said: Said, duration_s: float) -> Sample:
    objects = None
    if said.objects is not None:
        objects = [{"payload": one.payload, "score": one.score} for one in said.objects[:MOST_SAMPLE_OBJECTS]]
    return Sample(
        asset_id=row["asset_id"],
        name=row["name"],
        duration_s=round(duration_s, 6),
        probabilities=said.probabilities,
        annotations=objects,
        faults=said.faults,
    )


def _latency(durations: list[float]) -> Latency | None:
    """Of the assets asked, by nearest rank."""
    if not durations:
        return None
    ordered = sorted(durations)
    ranks = [max(0, math.ceil(share * len(ordered)) - 1) for share in (0.5, 0.95)]
    return Latency(n=len(ordered), p50_s=ordered[ranks[0]], p95_s=ordered[ranks[1]])
