"""One run of the demo: upload, project, people at work, certificate, export, report."""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import httpx
from rich.console import Console

from karat import access
from karat.api.serve import Serving
from karat.demo.client import POLL_S, Operator
from karat.demo.crowd import Worker
from karat.demo.digits import CLASSES, INSTRUCTIONS, PACK, SAMPLE, asset_index
from karat.demo.report import write_report
from karat.demo.types import DemoReport, DemoSettings, TrueError
from karat.demo.watch import Watch
from karat.kit import Role, utc_now
from karat.quality import Overview
from karat.quality.simulated_people import DEMO_ERROR_RATES, make_people
from karat.quality.verification import verify

EXPERTS = 2
TARGET_ERROR, CONFIDENCE = 0.01, 0.95
PRACTICE_DIGITS = 200


class DemoFailed(Exception):
    """A job of the demo failed; the message says which and why."""


class DemoRun:
    """The state of a run; `run` is the whole story."""

    def __init__(self, settings: DemoSettings, server: Serving, console: Console) -> None:
        self._settings, self._server, self._console = settings, server, console
        self._truth: list[int] = []
        self._series: list[TrueError] = []
        self._people = make_people(DEMO_ERROR_RATES)

    async def run(self) -> int:
        """The exit status: 0 when the labels were certified and the certificate verified offline."""
        out = self._settings.out
        key = (self._settings.data_dir / "owner.key").read_text().strip()
        async with Operator(self._server.url, key) as operator:
            with Watch(self._console) as watch:
                began = time.monotonic()
                project_id = await self._set_up(operator, watch)
                state = await self._work(operator, project_id, watch)
                labels = await operator.export_labels(
                    project_id, out / "labels.jsonl", lambda done: watch.step("Exporting", done, len(self._truth))
                )
                seconds = time.monotonic() - began
                verified = await self._verify(operator, state)
                await self._offer_practice(operator, watch)
        report = await self._report(project_id, state, labels, seconds)
        self._tell(report, write_report(out, report))
        if not verified:
            self._console.print("The certificate did not verify.", style="red")
        return 0 if report.certified and verified else 1

    async def _set_up(self, operator: Operator, watch: Watch) -> UUID:
        """Upload the digits as anybody would, and create the project."""
        watch.step("Packing the digits")
        content, self._truth = await self._pack(None)
        n = len(self._truth)
        dataset_id, done = await operator.import_zip(
            "Handwritten digits", content, lambda rows: watch.step("Importing", rows, n)
        )
        watch.say(
            f"Imported {done['n_added']:,} real handwritten digits (MNIST test set, CC BY-SA 3.0);"
            f" {done['n_duplicates']} duplicates, {done['n_faults']} faults."
        )
        target = {"error": TARGET_ERROR, "confidence": CONFIDENCE, "max_answers": 5}
        project = await operator.post(
            "/api/projects", _project("Handwritten digits", dataset_id, target, simulated=True)
        )
        watch.say(f"Promised: at most {TARGET_ERROR:.0%} of the labels wrong, with {CONFIDENCE:.0%} confidence.")
        watch.say(self._people_sentence())
        return UUID(project["id"])

    async def _pack(self, most: int | None) -> tuple[bytes, list[int]]:
        with TemporaryDirectory() as folder:
            archive = Path(folder) / "digits.zip"
            truth = await self._server.engine.compute.run(PACK, str(SAMPLE), str(archive), most)
            return await asyncio.to_thread(archive.read_bytes), truth

    async def _work(self, operator: Operator, project_id: UUID, watch: Watch) -> Overview:
        """Let people work until the labels are certified."""
        annotators, experts = await self._hire()
        clients = httpx.AsyncClient(base_url=self._server.url, timeout=60)
        async with clients, asyncio.timeout(self._settings.max_seconds), asyncio.TaskGroup() as group:

            def worker(key: str) -> Worker:
                return Worker(clients, key, str(project_id), self._truth)

            at_work = [
                group.create_task(worker(key).annotate(person, self._settings.seed))
                for key, person in zip(annotators, self._people, strict=True)
            ]
            at_work += [group.create_task(worker(key).check()) for key in experts]
            state = await operator.overview(project_id)
            while state.phase != "certified":
                await asyncio.sleep(POLL_S)
                state = await operator.overview(project_id)
                if failed := await operator.failed_job(project_id):
                    raise DemoFailed(f"{failed['title']}: {failed['error']}")
                await self._note_truth(project_id, state)
                watch.follow(state, self._series[-1].true_error if self._series else None)
            for one in at_work:
                one.cancel()
        return state

    async def _hire(self) -> tuple[list[str], list[str]]:
        """Keys of the simulated people: annotators and experts."""
        owner = await access.operator(self._server.engine.database)
        assert owner is not None
        async with self._server.engine.database.transaction(owner.tenant_id) as db:

            async def hire(name: str, role: Role) -> str:
                return (await access.add_simulated_annotator(db, owner, name, role)).key

            annotators = [await hire(person.name, Role.ANNOTATOR) for person in self._people]
            experts = [await hire(f"Simulated expert {at}", Role.REVIEWER) for at in range(1, EXPERTS + 1)]
        return annotators, experts

    async def _note_truth(self, project_id: UUID, state: Overview) -> None:
        """After each batch: how many labels are truly wrong. Only the report knows; the engine never does."""
        if not state.series or (self._series and self._series[-1].answers == state.series[-1].answers):
            return
        rows = await self._query(
            """SELECT a.name, t.label FROM task t JOIN asset a ON a.tenant_id = t.tenant_id AND a.id = t.asset_id
            WHERE t.project_id = $1""",
            project_id,
        )
        error = self._true_error({row["name"]: row["label"] for row in rows})
        self._series.append(TrueError(answers=state.series[-1].answers, true_error=error))

    def _true_error(self, labels: dict[str, str]) -> float:
        wrong = sum(label != CLASSES[self._truth[asset_index(name)]] for name, label in labels.items())
        return wrong / len(self._truth)

    async def _verify(self, operator: Operator, state: Overview) -> bool:
        """Fetch the certificate and verify it as an auditor would: offline, against the exported labels."""
        out = self._settings.out
        document = await operator.download(f"/api/certificates/{state.error.certificate_id}/file")
        (out / "certificate.json").write_bytes(document)
        with (out / "labels.jsonl").open("rb") as labels:
            return verify(document, labels=labels, expected_public_key=self._server.engine.public_key).is_valid

    async def _offer_practice(self, operator: Operator, watch: Watch) -> None:
        """A small project without anybody in it, for the person who watches."""
        content, _ = await self._pack(PRACTICE_DIGITS)
        dataset_id, _ = await operator.import_zip("Digits to label yourself", content, lambda _: None)
        target = {"error": 0.05, "confidence": CONFIDENCE, "overlap": 1}
        await operator.post("/api/projects", _project("Digits to label yourself", dataset_id, target, simulated=False))
        watch.say(f"For you: the project “Digits to label yourself” has {PRACTICE_DIGITS} digits and nobody in it.")

    async def _report(self, project_id: UUID, state: Overview, labels: dict[str, str], seconds: float) -> DemoReport:
        n, human = len(self._truth), state.answers.human
        (counted,) = await self._query(
            """SELECT (SELECT count(*) FROM submission WHERE project_id = $1 AND withdrawn_at IS NULL)
            + (SELECT count(*) FROM review WHERE project_id = $1) AS n""",
            project_id,
        )
        return DemoReport(
            title="Karat: ten thousand handwritten digits",
            people_sentence=self._people_sentence(),
            statement=state.phase_sentence if state.error.certified else None,
            certified=state.error.certified,
            n_assets=n,
            target_error=TARGET_ERROR,
            confidence=CONFIDENCE,
            certified_error_upper_bound=1.0 if state.error.upper_bound is None else state.error.upper_bound,
            n_checked=state.error.n_checked,
            human_answers=human,
            human_answers_baseline=3 * n,
            human_answers_saved=1 - human / (3 * n),
            human_answers_saved_vs_one=1 - human / n,
            n_submissions_over_http=counted["n"],
            true_error=self._true_error(labels),
            true_error_series=self._series,
            seconds=round(seconds, 1),
            seed=self._settings.seed,
            people=len(self._people),
            made_at=utc_now(),
            overview=state,
        )

    async def _query(self, sql: str, project_id: UUID) -> list[Any]:
        owner = await access.operator(self._server.engine.database)
        assert owner is not None
        async with self._server.engine.database.transaction(owner.tenant_id) as db:
            return await db.fetch(sql, project_id)

    def _people_sentence(self) -> str:
        rates = [1 - sum(row[at] for at, row in enumerate(one.confusion)) / len(CLASSES) for one in self._people]
        return (
            f"The people are simulated: {len(rates)} annotators who err in {min(rates):.1%} to {max(rates):.1%} of"
            f" their answers, mostly between digits that look alike, and {EXPERTS} experts who check with the known"
            " labels."
        )

    def _tell(self, report: DemoReport, paths: list[Path]) -> None:
        def say(text: str) -> None:
            self._console.print(text, highlight=False, soft_wrap=True)

        out = self._settings.out
        say(f"\n{report.statement or 'The labels could not be certified.'}")
        say(
            f"Human answers: {report.human_answers:,}, {report.human_answers_saved:.1%} fewer than three per image"
            f" ({report.human_answers_saved_vs_one:.1%} fewer than one)."
            f" Truly wrong after repair: {report.true_error:.2%}."
        )
        say(f"It took {report.seconds:.0f} s. Written: {', '.join(str(path) for path in paths)}")
        say("Verify it yourself, without a server:")
        say(f"  .venv/bin/karat certificate verify {out / 'certificate.json'} --labels {out / 'labels.jsonl'}")


def _project(name: str, dataset_id: str, target: dict[str, Any], *, simulated: bool) -> dict[str, Any]:
    return {
        "name": name,
        "dataset_id": dataset_id,
        "kind": "image.class",
        "classes": [{"name": digit} for digit in CLASSES],
        "instructions": INSTRUCTIONS,
        "target": target,
        "simulated": simulated,
    }
