"""The job that reads a file of predictions: row by row, good ones kept, bad ones told with place and reason."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import asyncpg

from karat import tasks
from karat.assist import run_store
from karat.assist.asking import media_of, question_of
from karat.assist.calibrating import calibrate
from karat.assist.errors import PredictionFileGone
from karat.assist.rows import read_row, said_by
from karat.assist.run_store import Step
from karat.assist.saving import is_prediction, save
from karat.assist.types import PredictedRow
from karat.database import Transaction
from karat.errors import Fault
from karat.jobs import Compute, Run
from karat.modalities import as_categorical, kind_named
from karat.models import Models, Said, ensure_imported_version, judge_said
from karat.models.settings import Common
from karat.storage import BlobNotFound
from karat.tasks import Project

ROWS_PER_STEP = 500
MOST_LINE_BYTES = 16 << 20


@dataclass
class Lines:
    """Lines of a file with their numbers from 1; empty ones are counted and left out.

    Attributes:
        at: number of the last line that was read.
        seen: assets that earlier lines spoke of.
    """

    file: BinaryIO
    at: int = 0
    seen: set[str] = field(default_factory=set)

    def some(self, most: int) -> list[tuple[int, PredictedRow | list[Fault]]]:
        """The next rows; none at the end."""
        found: list[tuple[int, PredictedRow | list[Fault]]] = []
        while len(found) < most and (line := self.file.readline(MOST_LINE_BYTES + 1)):
            self.at += 1
            where = f"line {self.at}"
            if len(line) > MOST_LINE_BYTES:
                while line and not line.endswith(b"\n"):
                    line = self.file.readline(MOST_LINE_BYTES)
                message = f"The line is longer than {MOST_LINE_BYTES >> 20} MiB."
                found.append((self.at, [Fault(code="prediction.malformed", message=message, where=where)]))
            elif line.strip():
                found.append((self.at, self._once(read_row(line.lstrip(b"\xef\xbb\xbf"), where), where)))
        return found

    def _once(self, row: PredictedRow | list[Fault], where: str) -> PredictedRow | list[Fault]:
        if isinstance(row, list):
            return row
        name = f"asset_id {row.asset_id}" if row.asset_id else f"external_id {row.external_id}"
        if name in self.seen:
            message = f"An earlier line speaks of the asset with {name[:300]}."
            hint = "Keep one line for each asset."
            return [Fault(code="prediction.repeated", message=message, where=where, hint=hint)]
        self.seen.add(name)
        return row


class ImportPredictions:
    """Handler of `assist.import`; safe to run again at any point, it goes on after the last whole step."""

    def __init__(self, models: Models, compute: Compute) -> None:
        self._models = models
        self._compute = compute

    async def __call__(self, run: Run) -> None:
        run_id = UUID(run.payload["run_id"])
        async with run.transaction() as db:
            state = await run_store.run_state(db, run_id)
            assert state is not None
            project = await tasks.get_project(db, run.caller, state["project_id"])
        with tempfile.TemporaryDirectory(prefix="karat-predictions-") as folder:
            path = Path(folder) / "rows.jsonl"
            await self._fetch(run, state["file_sha256"], path)
            with path.open("rb") as file:
                await self._read_all(run, run_id, project, state, Lines(file))
        await self._finish(run, run_id, project, bind=bool(state["options"]["bind"]))

    async def _fetch(self, run: Run, sha256: str, path: Path) -> None:
        try:
            with path.open("wb") as file:
                async for piece in self._models.storage.open(run.tenant_id, sha256):
                    await asyncio.to_thread(file.write, piece)
        except BlobNotFound as error:
            raise PredictionFileGone from error

    async def _read_all(self, run: Run, run_id: UUID, project: Project, state: asyncpg.Record, lines: Lines) -> None:
        done = int(state["position"] or 0)
        n_rows = int(state["n_done"])
        while rows := await asyncio.to_thread(lines.some, ROWS_PER_STEP):
            new = [(at, row) for at, row in rows if at > done]
            if new:
                async with run.transaction() as db:
                    step = await self._take(db, project, state["options"], new)
                    await run_store.note_step(db, run_id, step)
                n_rows += len(new)
            await run.progress(n_rows, None, f"{n_rows:,} rows read")
        async with run.transaction() as db:
            await run_store.set_total(db, run_id, n_rows)

    async def _take(
        self,
        db: Transaction,
        project: Project,
        options: dict[str, str | None],
        rows: Sequence[tuple[int, PredictedRow | list[Fault]]],
    ) -> Step:
        """Save some rows; those of one version together."""
        question = question_of(project)
        kind = kind_named(question.kind)
        good = [(at, row) for at, row in rows if isinstance(row, PredictedRow)]
        faults = [fault for _, row in rows if isinstance(row, list) for fault in row]
        known = await _tasks(db, project.id, [row for _, row in good])
        by_version: dict[tuple[str, str | None], list[tuple[UUID, Said]]] = {}
        for at, row in good:
            where, task = f"line {at}", known.get(row.asset_id or row.external_id or "")
            if task is None:
                faults.append(_no_asset(row, where))
                continue
            said = said_by(row, question, as_categorical(kind) is not None)
            if not said.faults:
                said = judge_said(said, question, media_of(task, kind.modality), {}, Common().max_objects)
            faults += [one.model_copy(update={"where": f"{where}: {one.where}".rstrip(": ")}) for one in said.faults]
            if is_prediction(project, said):
                named = (row.model or str(options["model"]), row.version or options["version"])
                by_version.setdefault(named, []).append((task["task_id"], said))
        model_id = version_id = None
        for (name, version), some in by_version.items():
            model_id, version_id = await ensure_imported_version(db, name, version, question.kind)
            await save(db, project, version_id, some)
        return Step(
            position=str(rows[-1][0]),
            n_done=len(rows),
            n_predicted=sum(map(len, by_version.values())),
            faults=faults,
            model_id=model_id,
            model_version_id=version_id,
        )

    async def _finish(self, run: Run, run_id: UUID, project: Project, *, bind: bool) -> None:
        async with run.transaction() as db:
            found = await run_store.find_run(db, run_id)
            assert found is not None
            if found.model_id is None:
                return
            if bind:
                await run_store.bind(db, project.id, found.model_id, None)
        await calibrate(run, self._compute, project, found.model_id)


async def _tasks(db: Transaction, project_id: UUID, rows: Sequence[PredictedRow]) -> dict[UUID | str, asyncpg.Record]:
    """Tasks with their assets, by either name."""
    external_ids = [row.external_id for row in rows if row.external_id is not None]
    asset_ids = [row.asset_id for row in rows if row.asset_id is not None]
    found = await run_store.tasks_of_assets(db, project_id, external_ids, asset_ids)
    by_asset: dict[UUID | str, asyncpg.Record] = {row["asset_id"]: row for row in found}
    return by_asset | {row["external_id"]: row for row in found}


def _no_asset(row: PredictedRow, where: str) -> Fault:
    name = f"the id {row.asset_id}" if row.asset_id else f"the external id {str(row.external_id)[:300]!r}"
    message = f"The project has no task for an asset with {name}."
    hint = "Check the id; assets that were imported just now get their tasks in a moment."
    return Fault(code="prediction.asset_unknown", message=message, where=where, hint=hint)
