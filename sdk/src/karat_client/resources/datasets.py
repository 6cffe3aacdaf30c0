"""Datasets, their assets, and what goes into them."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from karat_client.listing import Listing
from karat_client.progress import Progress, Sink, Wanted, sink_of
from karat_client.records import Asset, Dataset, Import
from karat_client.resources.base import Ref, Resource, id_of
from karat_client.resources.imports import Imports
from karat_client.sources import Readable, Source, source_of
from karat_client.tables import arrow_to_csv, frame_to_csv
from karat_client.transport import Transport

if TYPE_CHECKING:
    import pandas
    import pyarrow


class Datasets(Resource):
    """Assets of one modality, to be labelled."""

    def __init__(self, transport: Transport, imports: Imports) -> None:
        super().__init__(transport)
        self._imports = imports

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

        A folder, or several files, are zipped while they are sent. An upload that breaks off is sent again as a whole,
        and the server takes it once.

        Args:
            source: the path of a file (image, text, ZIP, CSV) or of a folder, a list of paths, bytes, or an open file.
            filename: how the server is to call it; its ending says what it is. Needed for bytes.
            wait: until the server has read it; otherwise the import is returned as soon as it has arrived.
            timeout: of the waiting, in seconds; None waits as long as it takes.
            progress: True draws a bar, a function is called with every `Progress`.

        Returns:
            The import; `n_faults` of its rows could not be taken, and `client.imports.faults` says why.

        Raises:
            SourceUnusable: it cannot be read, or not a second time when that was needed.
            JobFailed, JobCancelled, WaitTimeout: only when waiting.
        """
        return self._upload(dataset, source_of(source, filename), wait, timeout, sink_of(progress), "bytes")

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
        source = Source("frame.csv", frame_to_csv(frame, text, id), None)
        return self._upload(dataset, source, wait, timeout, sink_of(progress), "bytes")

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
        source = Source("table.csv", arrow_to_csv(table, text, id), None)
        return self._upload(dataset, source, wait, timeout, sink_of(progress), "bytes")

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

    def _upload(self, dataset: Ref, source: Source, wait: bool, timeout: float | None, tell: Sink, unit: str) -> Import:
        what = f"Upload {source.name}"
        started = self._transport.upload(
            "POST",
            "/api/datasets/{dataset_id}/imports",
            Import,
            _told(source.pieces, lambda done: tell(Progress(what, done, source.total, unit))),
            query={"filename": source.name},
            again=source.again,
            dataset_id=id_of(dataset),
        )
        tell(Progress(what, source.total or 0, source.total, unit, is_over=True))
        return self._imports.wait(started, timeout=timeout, progress=tell) if wait else started


def _told(pieces: Callable[[], Iterable[bytes]], tell: Callable[[int], None]) -> Callable[[], Iterator[bytes]]:
    """The pieces, counted as they leave."""

    def read() -> Iterator[bytes]:
        done = 0
        for piece in pieces():
            yield piece
            done += len(piece)
            tell(done)

    return read
