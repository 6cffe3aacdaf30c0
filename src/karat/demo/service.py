"""The demo from beginning to end: server, upload, project, people, certificate, export, report."""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import httpx
from rich.console import Console

from karat import access
from karat.api.serve import PortInUse, Serving, serving, stop_signal
from karat.config import Settings
from karat.demo.crowd import Worker
from karat.demo.digits import CLASSES, INSTRUCTIONS, PACK, SAMPLE, SampleMissing, asset_index
from karat.demo.report import write_report
from karat.demo.types import DemoReport, DemoSettings, TrueError
from karat.demo.watch import Watch
from karat.kit import Role, utc_now
from karat.quality import Overview
from karat.quality.simulated_people import DEMO_ERROR_RATES, make_people
from karat.quality.verification import verify

EXPERTS = 2
POLL_S = 0.3
JOB_ATTEMPTS = 3  # of a job, then the demo gives up
TARGET = {"error": 0.01, "confidence": 0.95, "max_answers": 5}


async def run_demo(settings: DemoSettings) -> int:
    """Run the demo and, unless told otherwise, stay up with its project open; the exit status.

    Raises:
        SampleMissing: not a source checkout.
    """
    if not SAMPLE.is_file():
        raise SampleMissing(path=str(SAMPLE))
    console = Console()
    settings.out.mkdir(parents=True, exist_ok=True)
    status = 0
    async with await _open(settings, console) as server:
        finished = settings.out / "report.json"
        if finished.is_file() and not settings.again and settings.serve:
            console.print(f"The demo ran before: {finished}. Run with --again for a new run.")
        else:
            status = await _Demo(settings, server, console).run()
        if settings.serve:
            await _stay(server, console)
    return status


async def _open(settings: DemoSettings, console: Console) -> Any:
    """The server's context; on a free port when the usual one is taken."""
    port = settings.port if settings.serve else 0
    wanted = Settings.load(data_dir=settings.data_dir, port=port, log_level="warning")
    try:
        from karat.api.serve import free_port

        free_port(wanted.host, port)
    except PortInUse:
        console.print(f"Port {port} is taken, so a free one is used.")
        wanted = wanted.model_copy(update={"port": 0})
    return serving(wanted)


async def _stay(server: Serving, console: Console) -> None:
    owner = await access.operator(server.engine.database)
    assert owner is not None
    async with server.engine.database.transaction(owner.tenant_id) as db:
        code = await access.make_sign_in_code(db, owner)
    console.print("\nThe web app is up. Open it with this link, which signs you in once, within half an hour:")
    console.print(f"  {server.sign_in_link(code)}", soft_wrap=True, highlight=False)
    console.print("Stop with Ctrl-C.")
    await stop_signal()


class _Demo:
    """One run."""

    def __init__(self, settings: DemoSettings, server: Serving, console: Console) -> None:
        self.settings, self.server, self.console = settings, server, console
        key = (settings.data_dir / "owner.key").read_text().strip()
        self.http = httpx.AsyncClient(base_url=server.url, timeout=60, headers={"Authorization": f"Bearer {key}"})
        self.truth: list[int] = []
        self.series: list[TrueError] = []
        self.people = make_people(DEMO_ERROR_RATES)

    async def run(self) -> int:
        """The exit status: 0 when the labels were certified and the certificate verified."""
        async with self.http:
            with Watch(self.console) as watch:
                began = time.monotonic()
                dataset_id = await self._ingest(watch)
                project_id = await self._create_project(dataset_id, watch)
                state = await self._work(project_id, watch)
                labels = await self._export(project_id, watch)
                seconds = time.monotonic() - began
                certificate = await self._certificate(state)
            report = await self._report(project_id, state, labels, seconds)
            paths = write_report(self.settings.out, report)
        self._tell(report, paths)
        if certificate is not None and not certificate:
            self.console.print("The certificate did not verify.", style="red")
        return 0 if report.certified and certificate else 1

    async def _ingest(self, watch: Watch) -> str:
        watch.step("Packing the digits")
        with TemporaryDirectory() as folder:
            archive = Path(folder) / "digits.zip"
            self.truth = await self.server.engine.compute.run(PACK, str(SAMPLE), str(archive))
            dataset = await self._post("/api/datasets", {"name": "Handwritten digits", "modality": "image"})
            content = await asyncio.to_thread(archive.read_bytes)
        started = await self._post(f"/api/datasets/{dataset['id']}/imports?filename=digits.zip", content=content)
        while started["state"] in ("queued", "running"):
            watch.step("Importing", started["rows_read"], len(self.truth))
            await asyncio.sleep(POLL_S)
            started = await self._get(f"/api/imports/{started['id']}")
        watch.say(
            f"Imported {started['n_added']:,} real handwritten digits (MNIST test set, CC BY-SA 3.0);"
            f" {started['n_duplicates']} duplicates, {started['n_faults']} faults."
        )
        return str(dataset["id"])

    async def _create_project(self, dataset_id: str, watch: Watch) -> UUID:
        project = await self._post(
            "/api/projects",
            {
                "name": "Handwritten digits",
                "dataset_id": dataset_id,
                "kind": "image.class",
                "classes": [{"name": name} for name in CLASSES],
                "instructions": INSTRUCTIONS,
                "target": TARGET,
                "simulated": True,
            },
        )
        watch.say(
            f"Promised: at most {TARGET['error']:.0%} of the labels wrong, with {TARGET['confidence']:.0%} confidence."
        )
        watch.say(self._people_sentence())
        watch.say(f"Watch it, or label with them: {self.server.url}/projects/{project['id']}")
        return UUID(project["id"])

    async def _work(self, project_id: UUID, watch: Watch) -> Overview:
        """Let people work until the labels are certified."""
        keys = await self._hire()
        clients = httpx.AsyncClient(base_url=self.server.url, timeout=60)
        async with clients, asyncio.timeout(self.settings.max_seconds), asyncio.TaskGroup() as group:
            workers = [
                group.create_task(
                    Worker(clients, key, str(project_id), self.truth).annotate(person, self.settings.seed)
                )
                for key, person in zip(keys, self.people, strict=False)
            ]
            workers += [
                group.create_task(Worker(clients, key, str(project_id), self.truth).check())
                for key in keys[len(self.people) :]
            ]
            state = await self._overview(project_id)
            while state.phase != "certified":
                await asyncio.sleep(POLL_S)
                state = await self._overview(project_id)
                await self._stop_if_failed(project_id)
                await self._note_truth(project_id, state)
                watch.follow(state, self.series[-1].true_error if self.series else None)
            for worker in workers:
                worker.cancel()
        return state

    async def _stop_if_failed(self, project_id: UUID) -> None:
        jobs = (await self._get(f"/api/jobs?subject_id={project_id}&limit=20"))["items"]
        if failed := [job for job in jobs if job["state"] == "failed" or job["attempts"] > JOB_ATTEMPTS]:
            raise RuntimeError(f"The job {failed[0]['title']!r} failed: {failed[0]['error']}")

    async def _hire(self) -> list[str]:
        """Keys of the simulated people: annotators first, then experts."""
        owner = await access.operator(self.server.engine.database)
        assert owner is not None
        names = [(person.name, Role.ANNOTATOR) for person in self.people]
        names += [(f"Simulated expert {at}", Role.REVIEWER) for at in range(1, EXPERTS + 1)]
        async with self.server.engine.database.transaction(owner.tenant_id) as db:
            return [(await access.add_simulated_annotator(db, owner, name, role)).key for name, role in names]

    async def _note_truth(self, project_id: UUID, state: Overview) -> None:
        """After each batch: how many labels are truly wrong. Only the report knows; the engine never does."""
        if state.series and (not self.series or self.series[-1].answers != state.series[-1].answers):
            error = await self._true_error(project_id)
            self.series.append(TrueError(answers=state.series[-1].answers, true_error=error))

    async def _true_error(self, project_id: UUID) -> float:
        owner = await access.operator(self.server.engine.database)
        assert owner is not None
        async with self.server.engine.database.transaction(owner.tenant_id) as db:
            rows = await db.fetch(
                """SELECT a.name, t.label FROM task t JOIN asset a ON a.tenant_id = t.tenant_id AND a.id = t.asset_id
                WHERE t.project_id = $1""",
                project_id,
            )
        wrong = sum(row["label"] != CLASSES[self.truth[asset_index(row["name"])]] for row in rows)
        return float(wrong / max(len(rows), 1))

    async def _export(self, project_id: UUID, watch: Watch) -> dict[str, str]:
        """The labels as delivered, read back from the exported file."""
        export = await self._post(f"/api/projects/{project_id}/exports", {"format": "karat-jsonl"})
        while export["state"] in ("queued", "running"):
            watch.step("Exporting", export["n_labels"], len(self.truth))
            await asyncio.sleep(POLL_S)
            export = await self._get(f"/api/exports/{export['id']}")
        response = await self.http.get(f"/api/exports/{export['id']}/file")
        response.raise_for_status()
        path = self.settings.out / "labels.jsonl"
        path.write_bytes(response.content)
        import json

        lines = [json.loads(line) for line in response.content.splitlines()]
        return {line["name"]: line["annotations"][0]["payload"]["label_class"] for line in lines}

    async def _certificate(self, state: Overview) -> bool | None:
        """Fetch the certificate and verify it offline against the exported labels."""
        if state.error.certificate_id is None:
            return None
        response = await self.http.get(f"/api/certificates/{state.error.certificate_id}/file")
        response.raise_for_status()
        (self.settings.out / "certificate.json").write_bytes(response.content)
        with (self.settings.out / "labels.jsonl").open("rb") as labels:
            return verify(response.content, labels=labels, expected_public_key=self.server.engine.public_key).is_valid

    async def _report(self, project_id: UUID, state: Overview, labels: dict[str, str], seconds: float) -> DemoReport:
        wrong = sum(label != CLASSES[self.truth[asset_index(name)]] for name, label in labels.items())
        n = len(self.truth)
        human = state.answers.human
        owner = await access.operator(self.server.engine.database)
        assert owner is not None
        async with self.server.engine.database.transaction(owner.tenant_id) as db:
            counted = await db.fetch_value(
                """SELECT (SELECT count(*) FROM submission WHERE project_id = $1 AND withdrawn_at IS NULL)
                + (SELECT count(*) FROM review WHERE project_id = $1)""",
                project_id,
            )
        return DemoReport(
            title="Karat: ten thousand handwritten digits",
            people_sentence=self._people_sentence(),
            statement=state.phase_sentence if state.error.certified else None,
            certified=state.error.certified,
            n_assets=n,
            target_error=float(TARGET["error"]),
            confidence=float(TARGET["confidence"]),
            certified_error_upper_bound=state.error.upper_bound if state.error.upper_bound is not None else 1.0,
            n_checked=state.error.n_checked,
            human_answers=human,
            human_answers_baseline=3 * n,
            human_answers_saved=1 - human / (3 * n),
            human_answers_saved_vs_one=1 - human / n,
            n_submissions_over_http=counted,
            true_error=wrong / n,
            true_error_series=self.series,
            seconds=round(seconds, 1),
            seed=self.settings.seed,
            people=len(self.people),
            made_at=utc_now(),
            overview=state,
        )

    def _people_sentence(self) -> str:
        rates = [1 - sum(row[at] for at, row in enumerate(person.confusion)) / len(CLASSES) for person in self.people]
        return (
            f"The people are simulated: {len(rates)} annotators who err in {min(rates):.1%} to {max(rates):.1%} of their"
            f" answers, mostly between digits that look alike, and {EXPERTS} experts who check with the known labels."
        )

    def _tell(self, report: DemoReport, paths: list[Path]) -> None:
        say = self.console.print
        say(f"\n{report.statement or 'The labels could not be certified.'}", highlight=False)
        say(
            f"Human answers: {report.human_answers:,}, {report.human_answers_saved:.1%} fewer than three per image"
            f" ({report.human_answers_saved_vs_one:.1%} fewer than one). Truly wrong after repair: {report.true_error:.2%}."
        )
        say(f"It took {report.seconds:.0f} s. Written: {', '.join(str(path) for path in paths)}", soft_wrap=True)
        say(
            f"Verify it yourself, without a server:\n  karat certificate verify {self.settings.out / 'certificate.json'}"
            f" --labels {self.settings.out / 'labels.jsonl'}",
            soft_wrap=True,
        )

    async def _get(self, path: str) -> Any:
        response = await self.http.get(path)
        response.raise_for_status()
        return response.json()

    async def _post(self, path: str, json: Any = None, content: bytes | None = None) -> Any:
        response = await self.http.post(path, json=json, content=content)
        response.raise_for_status()
        return response.json()

    async def _overview(self, project_id: UUID) -> Overview:
        return Overview.model_validate(await self._get(f"/api/projects/{project_id}/overview"))
