"""Settings and result of the demo."""

from datetime import datetime
from pathlib import Path

from pydantic import Field

from karat.kit import Record
from karat.quality import Overview


class DemoSettings(Record):
    """How the demo runs.

    Attributes:
        out: folder of the report, the certificate and the labels; the database and media are in `out/data`.
        port: of the server; 0 takes a free one.
        seed: of the simulated people.
        serve: stay up when the report is written.
        again: run anew, although this folder holds a finished run.
        max_seconds: give up after that.
    """

    out: Path = Path("karat-demo")
    port: int = Field(default=8484, ge=0, le=65535)
    seed: int = 0
    serve: bool = True
    again: bool = False
    max_seconds: float = 1800

    @property
    def data_dir(self) -> Path:
        """Database, media and keys."""
        return self.out / "data"


class TrueError(Record):
    """Share of wrong labels after so many human answers; known here because the labels are."""

    answers: int
    true_error: float


class DemoReport(Record):
    """What the run reached; `report.json` is exactly this.

    Attributes:
        certified_error_upper_bound: 1.0 without a certificate.
        n_checked: labels drawn at random and checked by the reference; part of `human_answers`.
        human_answers_baseline: three answers per asset.
        human_answers_saved: share of that baseline that was not needed.
        human_answers_saved_vs_one: share of one answer per asset that was not needed.
        true_error: share of wrong labels after repair, against the labels that came with the images.
        seconds: from the first upload to the exported labels, without set-up.
        people: simulated annotators; the experts who check are not among them.
        n_submissions_over_http: answers that the server counted, all of which came in through its HTTP API.
    """

    title: str
    people_sentence: str
    statement: str | None
    certified: bool
    n_assets: int
    target_error: float
    confidence: float
    certified_error_upper_bound: float
    n_checked: int
    human_answers: int
    human_answers_baseline: int
    human_answers_saved: float
    human_answers_saved_vs_one: float
    n_submissions_over_http: int
    true_error: float
    true_error_series: list[TrueError]
    seconds: float
    seed: int
    people: int
    made_at: datetime
    overview: Overview
