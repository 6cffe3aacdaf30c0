"""What models say about tasks: asked for, or brought in a file."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from karat_client.errors import SourceUnusable
from karat_client.faults import Fault
from karat_client.listing import Listing
from karat_client.loads import OneFile, one_file
from karat_client.progress import Progress, Wanted, sink_of
from karat_client.records import PredictionRun
from karat_client.resources.base import Ref, Resource, id_of
from karat_client.sending import send_whole
from karat_client.sources import Source
from karat_client.waiting import until_made
from karat_client.wire import plain

ROWS_OF_A_PIECE = 500
Row = Mapping[str, Any]


class Predictions(Resource):
    """Runs of a project's model over its tasks, and files of predictions."""

    def list(self, project: Ref) -> Listing[PredictionRun]:
        """When the project's models were asked, and what was brought; newest first."""
        path = "/api/projects/{project_id}/prediction-runs"
        return self._listing("GET", path, PredictionRun, project_id=id_of(project))

    def get(self, run: Ref) -> PredictionRun:
        """A run as it is now."""
        return self._call("GET", "/api/prediction-runs/{run_id}", PredictionRun, run_id=id_of(run))

    def faults(self, run: Ref) -> Listing[Fault]:
        """What of a run could not be taken: what, where, what to do."""
        return self._listing("GET", "/api/prediction-runs/{run_id}/faults", Fault, run_id=id_of(run))

    def start(self, project: Ref, *, only_new: bool = False) -> PredictionRun:
        """Ask the project's model about its open tasks.

        Args:
            only_new: leave out tasks about which this model has said something already.

        Raises:
            Conflict: it is being asked already, or the labels are certified.
        """
        path = "/api/projects/{project_id}/prediction-runs"
        return self._call("POST", path, PredictionRun, body={"only_new": only_new}, project_id=id_of(project))

    def upload(
        self,
        project: Ref,
        source: OneFile,
        *,
        model: str | None = None,
        version: str | None = None,
        use: bool = True,
        wait: bool = True,
        timeout: float | None = None,
        progress: Wanted = False,
    ) -> PredictionRun:
        """Bring predictions as JSONL, a line for each asset, named by `external_id` or `asset_id`.

        A line has `probabilities` by label class, or `label_class` and `score`, or `annotations` with a score each.

        Args:
            source: the path of the file, its bytes, or an open file.
            model, version: that said it, for lines that do not name them; else the file's name.
            use: make it the project's model.

        Returns:
            The run; `n_faults` of its lines could not be taken, and `faults` says why.
        """
        file = one_file(source, "predictions.jsonl")
        return self._send(project, file, model, version, use, wait, timeout, progress)

    def from_rows(
        self,
        project: Ref,
        rows: Iterable[Row] | Callable[[], Iterable[Row]],
        *,
        model: str,
        version: str | None = None,
        use: bool = True,
        wait: bool = True,
        timeout: float | None = None,
        progress: Wanted = False,
    ) -> PredictionRun:
        """Bring predictions from memory: mappings with the fields that `upload` tells, sent while they are made.

        Args:
            rows: a list, or a function that gives them anew; of a generator, an upload that breaks off cannot be repeated.
        """
        again = callable(rows) or not isinstance(rows, Iterator)
        source = Source("predictions.jsonl", lambda _begin: _lines(rows() if callable(rows) else rows), None, again)
        return self._send(project, source, model, version, use, wait, timeout, progress)

    def wait(self, run: Ref, *, timeout: float | None = None, progress: Wanted = False) -> PredictionRun:
        """Wait until a run has ended.

        Raises:
            JobFailed: with the first faults.
            JobCancelled: somebody stopped it.
            WaitTimeout: it takes longer than `timeout` seconds.
        """
        return until_made(
            lambda: self.get(run),
            lambda now: Progress(f"Predict with {now.name}", now.n_done, now.n_total, "tasks"),
            "The run of predictions",
            timeout=timeout,
            progress=progress,
            fields=lambda now: {"run_id": str(now.id), "name": now.name, "n_done": now.n_done},
            faults=self.faults,
        )

    def _send(
        self,
        project: Ref,
        source: Source,
        model: str | None,
        version: str | None,
        use: bool,
        wait: bool,
        timeout: float | None,
        progress: Wanted,
    ) -> PredictionRun:
        path = "/api/projects/{project_id}/prediction-imports"
        query = {"filename": source.name, "model": model, "version": version, "bind": use}
        tell, ids = sink_of(progress), {"project_id": id_of(project)}
        started = send_whole(self._transport, "POST", path, PredictionRun, source, tell, query=query, **ids)
        return self.wait(started, timeout=timeout, progress=tell) if wait else started


def _lines(rows: Iterable[Row]) -> Iterator[bytes]:
    rest = iter(rows)
    for first in rest:
        some = chain((first,), islice(rest, ROWS_OF_A_PIECE - 1))
        try:
            text = "".join(json.dumps(row, default=plain, allow_nan=False, ensure_ascii=False) + "\n" for row in some)
        except (TypeError, ValueError) as error:
            raise SourceUnusable("A row cannot be sent as JSON.", detail=str(error)) from error
        yield text.encode()
