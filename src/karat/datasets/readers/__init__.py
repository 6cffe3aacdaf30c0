"""Readers of what people bring: a folder, a ZIP, a CSV, one file. They give assets and faults."""

from karat.datasets.readers.archive import read_zip
from karat.datasets.readers.folder import read_file, read_folder
from karat.datasets.readers.found import Found, FoundAsset, FoundFault
from karat.datasets.readers.table import read_csv
from karat.datasets.readers.upload import read_upload

__all__ = ["Found", "FoundAsset", "FoundFault", "read_csv", "read_file", "read_folder", "read_upload", "read_zip"]
