"""Labels as they were delivered: typed, one after the other, or as a table."""

import json
import os
import tempfile
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from karat_client.decode import decode
from karat_client.errors import AnswerUnreadable
from karat_client.records import Annotation

if TYPE_CHECKING:
    import pandas
    import pyarrow


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a label came from.

    Attributes:
        posterior: belief per label class.
        confidence: the belief in the label that is delivered; a posterior, not a promise: that is the certificate.
        n_answers: of people, reviews and checks included.
        reviewed: a reviewer had the last word.
        checked: the certificate's random check hit this asset, so the label is the reference's.
    """

    posterior: dict[str, float] | None = None
    confidence: float | None = None
    n_answers: int = 0
    model_version: str | None = None
    reviewed: bool = False
    checked: bool = False

    @property
    def source(self) -> str:
        """The strongest evidence in one word: `check`, `review`, `people`, `model`, or `none`."""
        if self.checked:
            return "check"
        if self.reviewed:
            return "review"
        return "people" if self.n_answers else "model" if self.model_version else "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """All that is said about one asset.

    Attributes:
        sha256: of the asset's content.
        media: modality, media type and size of the asset.
        annotations: empty when the asset was delivered without a label, or when that says that nothing is there.
        is_empty: the asset has a label, and that says that nothing is there to mark.
        certificate_id: of the certificate that covers the label; None without one.
    """

    asset_id: UUID
    name: str
    external_id: str | None = None
    sha256: str | None = None
    media: dict[str, Any] | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    annotations: tuple[Annotation, ...] = ()
    is_empty: bool = False
    provenance: Provenance = field(default_factory=Provenance)
    ontology_version_id: UUID | None = None
    certificate_id: UUID | None = None

    @property
    def label_class(self) -> str | None:
        """The label class, where one was given to the whole asset; None for objects within it and without a label."""
        if len(self.annotations) != 1 or self.annotations[0].payload.keys() != {"label_class"}:
            return None
        return str(self.annotations[0].payload["label_class"])

    @property
    def confidence(self) -> float | None:
        """The belief in this label."""
        return self.provenance.confidence


class Labels:
    """The labels of an export. They are fetched and checked when the first is wanted, into a file that ends with this.

    Each loop reads the file from its start; memory holds one label at a time.
    """

    def __init__(self, fetch: Callable[[Path], object], n_labels: int | None = None) -> None:
        self._fetch, self._n_labels = fetch, n_labels
        self._path: Path | None = None

    def __iter__(self) -> Iterator[Label]:
        with self._file().open("rb") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield _read(line, number)

    def __len__(self) -> int:
        if self._n_labels is None:
            with self._file().open("rb") as stream:
                self._n_labels = sum(1 for _ in stream)
        return self._n_labels

    def to_pandas(self) -> "pandas.DataFrame":
        """All labels as a data frame, one row an asset; needs `karat-client[pandas]`."""
        from karat_client.tables import labels_to_pandas

        return labels_to_pandas(self)

    def to_arrow(self) -> "pyarrow.Table":
        """All labels as an Arrow table, one row an asset; needs `karat-client[arrow]`."""
        from karat_client.tables import labels_to_arrow

        return labels_to_arrow(self)

    def to_parquet(self, path: str | os.PathLike[str]) -> Path:
        """Write a Parquet file without holding all labels in memory; needs `karat-client[arrow]`."""
        from karat_client.tables import labels_to_parquet

        return labels_to_parquet(self, Path(path))

    def objects_to_pandas(self) -> "pandas.DataFrame":
        """One row an annotation, its payload spread over columns: for boxes and other kinds with several an asset."""
        from karat_client.tables import objects_to_pandas

        return objects_to_pandas(self)

    def _file(self) -> Path:
        if self._path is None:
            folder = tempfile.TemporaryDirectory(prefix="karat-labels-")
            weakref.finalize(self, folder.cleanup)
            path = Path(folder.name) / "labels.jsonl"
            self._fetch(path)
            self._path = path
        return self._path


def read_labels(path: str | os.PathLike[str]) -> Labels:
    """The labels of a Karat JSONL file that was downloaded before; no server is asked."""
    labels = Labels(lambda _target: None)
    labels._path = Path(path)
    return labels


def _read(line: bytes, number: int) -> Label:
    try:
        return decode(Label, json.loads(line))
    except ValueError as error:
        raise AnswerUnreadable(
            "The file is not Karat JSONL.", detail=f"Line {number} is not JSON: {error}.", hint="Was it cut or edited?"
        ) from error
    except AnswerUnreadable as error:
        raise AnswerUnreadable(
            "The file is not Karat JSONL.", detail=f"Line {number}: {error.detail}", hint="Was it cut or edited?"
        ) from error
