"""Datasets, their assets, and what goes into them."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from karat_client.listing import Listing
from karat_client.loads import Load, Readable, load_of, load_of_table
from karat_client.notes import Notes
from karat_client.progress import Sink, Wanted, sink_of
from karat_client.records import Asset, Dataset, Import, ImportMode
from karat_client.resources.base import Ref, Resource, id_of
from karat_client.resources.imports import Imports
from karat_client.sending import send
from karat_client.tables import arrow_to_csv, frame_to_csv
from karat_client.transport import Transport

if TYPE_CHECKING:
    import pandas
    import pyarrow


class Datasets(Resource):
    """Assets of one modality, to be labelled."""

    def __init__(self, transport: Transport, imports: Imports) -> None:
        super().__init__(transport)
        self._imports, self._notes = imports, Notes()

    def list(self) -> Listing[Dataset]:
        """All datasets, newest first."""
        return self._listing("GET", "/api/datasets", Dataset)

    def get(self, dataset: Ref) -> Dataset:
        """One dataset as it is now."""
        return self._call("GET", "/api/datasets/{dataset_id}", Dataset, dataset_id=id_of(dataset))

    def create(self, name: str, modality: str) -> Dataset:
        """An empty dataset.

        Args:
            modality: `image` or `text`.
        """
        return self._call("POST", "/api/datasets", Dataset, body={"name": name, "modality": modality})

    def assets(self, dataset: Ref, *, search: str | None = None) -> Listing[Asset]:
        """The assets of a dataset, newest first; `search` looks into names and ids."""
        path = "/api/datasets/{dataset_id}/assets"
        return self._listing("GET", path, Asset, query={"q": search}, dataset_id=id_of(dataset))

    def upload(
        self,
        dataset: Ref,
        source: Readable,
        *,
        filename: str | None = None,
        wait: bool = True,
        timeout: float | None = None,
        progress: Wanted = False,
    ) -> Import:
        """Bring data in.

        Up to 8 MiB go in one request, and again as a whole if it breaks off; the server takes it once. More goes in parts:
        after a break, or a restart of the server, only what is missing is sent. If your program ends in between, the same
        call with the same files goes on too, for a day. Many small files are zipped while they are sent.

        Args:
            source: the path of a file (image, text, ZIP, table, list of addresses) or of a folder, a list of paths, bytes, or
                an open file.
            filename: how the server is to call it; its ending says what it is. Needed for bytes.
            wait: until the server has read it; otherwise the import is returned as soon as it has arrived.
            timeout: of the waiting, in seconds; None waits as long as it takes.
            progress: True draws a bar, a function is called with every `Progress`.

        Returns:
            The import; `n_faults` of its rows could not be taken, and `client.imports.faults` says why.

        Raises:
            SourceUnusable: it cannot be read, not a second time when that was needed, or it changed while it was sent.
            ConnectionFailed: the line stayed broken for longer than the client's `retry_for`.
            JobFailed, JobCancelled, WaitTimeout: only when waiting.
        """
        return self._upload(dataset, load_of(source, filename), wait, timeout, sink_of(progress))

    def import_bucket(
        self,
        dataset: Ref,
        connection: Ref,
        *,
        prefix: str = "",
        patterns: Sequence[str] = (),
        manifest: str | None = None,
        mode: ImportMode = "copy",
        wait: bool = True,
        timeout: float | None = None,
        progress: Wanted = False,
    ) -> Import:
        """Bring in objects of a connected bucket; see `client.connections`.

        Args:
            prefix: beginning of the keys, behind the connection's own.
            patterns: `*.jpg`, `2026/**/*.png`: objects that fit one of them; all if there are none.
            manifest: key of a table whose rows are the assets, instead of the bucket's list.
            mode: `copy` into the server's storage, or `reference`: it stays where it is.
        """
        body = {
            "connection_id": id_of(connection),
            "prefix": prefix,
            "patterns": [*patterns],
            "manifest": manifest,
            "mode": mode,
        }
        path = "/api/datasets/{dataset_id}/bucket-imports"
        started = self._call("POST", path, Import, body=body, dataset_id=id_of(dataset))
        return self._imports.wait(started, timeout=timeout, progress=progress) if wait else started

    def from_pandas(
        self,
        dataset: Ref,
        frame: "pandas.DataFrame",
        *,
        text: str = "text",
        id: str | None = None,  # noqa: A002 - the word of the import's own column
        wait: bool = True,
        timeout: float | None = None,
        progress: Wanted = False,
    ) -> Import:
        """Bring in the rows of a data frame as texts.

        Args:
            text: the column that is labelled.
            id: the column with your own ids, which come back with the labels. Every other column becomes metadata.
        """
        load = load_of_table("frame.csv", frame_to_csv(frame, text, id))
        return self._upload(dataset, load, wait, timeout, sink_of(progress))

    def from_arrow(
        self,
        dataset: Ref,
        table: "pyarrow.Table",
        *,
        text: str = "text",
        id: str | None = None,  # noqa: A002 - as in from_pandas
        wait: bool = True,
        timeout: float | None = None,
        progress: Wanted = False,
    ) -> Import:
        """Bring in the rows of an Arrow table as texts; see `from_pandas`."""
        load = load_of_table("table.csv", arrow_to_csv(table, text, id))
        return self._upload(dataset, load, wait, timeout, sink_of(progress))

    def read(self, asset: Asset) -> bytes:
        """The content of an asset. Its link holds for some minutes: after that, list or take the asset again."""
        if asset.media.url is None:
            return (asset.media.text or "").encode()
        with self._transport.open_link(asset.media.url) as response:
            return response.read()

    def save(self, asset: Asset, target: str | os.PathLike[str]) -> Path:
        """Write the content of an asset to a file."""
        path = Path(target)
        path.write_bytes(self.read(asset))
        return path

    def _upload(self, dataset: Ref, load: Load, wait: bool, timeout: float | None, tell: Sink) -> Import:
        started = send(self._transport, self._notes, id_of(dataset), load, tell)
        return self._imports.wait(started, timeout=timeout, progress=tell) if wait else started
