"""Imports: how far they are, and what could not be taken."""

from karat_client.faults import Fault
from karat_client.listing import Listing
from karat_client.progress import Progress, Wanted
from karat_client.records import Import
from karat_client.resources.base import Ref, Resource, id_of
from karat_client.waiting import until_made


class Imports(Resource):
    """Data on their way into a dataset."""

    def list(self, dataset: Ref) -> Listing[Import]:
        """The imports of a dataset, newest first."""
        return self._listing("GET", "/api/datasets/{dataset_id}/imports", Import, dataset_id=id_of(dataset))

    def get(self, one: Ref) -> Import:
        """An import as it is now."""
        return self._call("GET", "/api/imports/{import_id}", Import, import_id=id_of(one))

    def faults(self, one: Ref) -> Listing[Fault]:
        """The rows that could not be taken: what, where, what to do."""
        return self._listing("GET", "/api/imports/{import_id}/faults", Fault, import_id=id_of(one))

    def cancel(self, one: Ref) -> Import:
        """Stop an import; what was added stays."""
        return self._call("POST", "/api/imports/{import_id}/cancel", Import, import_id=id_of(one))

    def wait(self, one: Ref, *, timeout: float | None = None, progress: Wanted = False) -> Import:
        """Wait until an import is done.

        Raises:
            JobFailed: with the first faults.
            JobCancelled: somebody stopped it.
            WaitTimeout: it takes longer than `timeout` seconds.
        """
        return until_made(
            lambda: self.get(one),
            lambda now: Progress(f"Import {now.name}", now.rows_read, now.rows_total, "rows"),
            "The import",
            timeout=timeout,
            progress=progress,
            fields=lambda now: {
                "import_id": str(now.id),
                "name": now.name,
                "n_added": now.n_added,
                "n_faults": now.n_faults,
            },
            faults=self.faults,
        )
