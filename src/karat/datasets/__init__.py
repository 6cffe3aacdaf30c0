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
    start_folder_import,
    start_upload_import,
)
from karat.datasets.store import ASSET as ASSET_COLUMNS
from karat.datasets.store import stream_content
from karat.datasets.types import Asset, Dataset, Import, MediaView, Modality, NewDataset

__all__ = [
    "ASSET_COLUMNS",
    "Asset",
    "Dataset",
    "DatasetNotFound",
    "Import",
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
    "start_folder_import",
    "start_upload_import",
    "stream_content",
]
