"""What is labelled: datasets and assets, and how they come in."""

from karat.datasets.errors import DatasetNotFound, ImportNotFound
from karat.datasets.service import (
    cancel_import,
    create_dataset,
    describe_asset,
    get_dataset,
    get_import,
    list_assets,
    list_datasets,
    list_faults,
    list_imports,
    start_bucket_import,
    start_folder_import,
    start_upload_import,
)
from karat.datasets.store import ASSET as ASSET_COLUMNS
from karat.datasets.store import stream_content
from karat.datasets.types import INLINE_TEXT_CHARACTERS, Asset, Dataset, Import, MediaView, Modality, NewDataset

__all__ = [
    "ASSET_COLUMNS",
    "INLINE_TEXT_CHARACTERS",
    "Asset",
    "Dataset",
    "DatasetNotFound",
    "Import",
    "ImportMode",
    "ImportNotFound",
    "MediaView",
    "Modality",
    "NewDataset",
    "cancel_import",
    "create_dataset",
    "describe_asset",
    "get_dataset",
    "get_import",
    "list_assets",
    "list_datasets",
    "list_faults",
    "list_imports",
    "start_bucket_import",
    "start_folder_import",
    "start_upload_import",
    "stream_content",
]
