"""The job that asks a project's model about its open tasks: step by step, each exactly once, as far as it gets."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from karat import tasks
from karat.assist import run_store
from karat.assist.asking import Asker, Told, question_of
from karat.assist.calibrating import calibrate
from karat.assist.run_store import Step
from karat.assist.saving import is_prediction, save
from karat.errors import KaratError
from karat.jobs import Compute, JobCancelled, Run
from karat.kit import utc_now
from karat.models import Models, Said, ensure_version, first_fault, get_model, note_error, open_model
from karat.tasks import Project

QUESTIONS_PER_STEP = 4
MOST_PER_STEP = 500


class Predict:
    """Handler of `assist.predict`; safe to run again at any point, it goes on after the last whole step."""

    def __init__(self, models: Models, compute: Compute) -> None:
        self._models = models
        self._compute = compute

    async def __call__(self, run: Run) -> None:
        run_id = UUID(run.payload["run_id"])
        async with run.transaction() as db:
            state = await run_store.run_state(db, run_id)
            assert state is not None
            bound = await run_store.binding(db, state["project_id"])
            if bound is None:
                return  # the project's model was taken away meanwhile
            project = await tasks.get_project(db, run.caller, state["project_id"])
            only_new = bool(state["options"].get("only_new"))
            if state["position"] is None:
                total = await run_store.count_open(db, project.id, bound["model_id"], only_new=only_new)
                await run_store.set_total(db, run_id, total)
        try:
            await self._ask_all(run, run_id, project, bound, only_new=only_new)
        except JobCancelled:
            raise
        except KaratError as error:
            async with run.transaction() as db:
                await note_error(db, bound["model_id"], utc_now(), first_fault(error, "model"))
            raise
        await calibrate(run, self._compute, project, bound["model_id"])

    async def _ask_all(
        self, run: Run, run_id: UUID, project: Project, bound: asyncpg.Record, *, only_new: bool
    ) -> None:
        question, model_id, version_id = question_of(project), bound["model_id"], bound["model_version_id"]
        async with open_model(run.database, self._models, run.caller, model_id, version_id, question) as predictor:
            async with run.transaction() as db:
                model = await get_model(db, run.caller, model_id)
            file_version = version_id or (model.latest.id if model.latest and model.latest.file_sha256 else None)
            asker = Asker(self._models, predictor, run.tenant_id, question, model.settings)
            size = min(MOST_PER_STEP, predictor.batch_size * predictor.concurrency * QUESTIONS_PER_STEP)
            while True:
                async with run.transaction() as db:
                    now = await run_store.run_state(db, run_id)
                    assert now is not None
                    after = UUID(now["position"]) if now["position"] else None
                    rows = await run_store.open_tasks(db, project.id, model_id, after, size, only_new=only_new)
                    done = await run_store.find_run(db, run_id)
                assert done is not None
                await run.progress(done.n_done, done.n_total, f"{done.n_done:,} tasks asked about")
                if not rows:
                    return
                told = await asker.ask(rows)
                await self._keep(run, run_id, project, model_id, file_version, rows, told)

    async def _keep(
        self,
        run: Run,
        run_id: UUID,
        project: Project,
        model_id: UUID,
        file_version: UUID | None,
        rows: Sequence[asyncpg.Record],
        told: Told,
    ) -> None:
        by_version: dict[str | None, list[tuple[UUID, Said]]] = {}
        for row, said, version in zip(rows, told.said, told.versions, strict=True):
            if is_prediction(project, said):
                by_version.setdefault(version, []).append((row["task_id"], said))
        latest = file_version
        async with run.transaction() as db:
            for name, some in by_version.items():
                latest = file_version or await ensure_version(db, model_id, name)
                await save(db, project, latest, some)
            step = Step(
                position=str(rows[-1]["task_id"]),
                n_done=len(rows),
                n_predicted=sum(map(len, by_version.values())),
                faults=[fault for said in told.said for fault in said.faults],
                model_id=model_id,
                model_version_id=latest,
            )
            await run_store.note_step(db, run_id, step)
