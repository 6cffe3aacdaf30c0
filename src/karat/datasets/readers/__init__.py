"""Readers of what people bring: folders, ZIPs, tables, lists, single files. They give assets, pointers and faults."""

from karat.datasets.readers.archive import manifest_of, read_zip
from karat.datasets.readers.beside import BucketBeside, find_manifest, folder_of, is_plain_key
from karat.datasets.readers.folder import read_file, read_folder
from karat.datasets.readers.found import Found, FoundAsset, FoundFault, FoundPointer, Item, is_junk, name_fault, refuse
from karat.datasets.readers.manifest import read_manifest
from karat.datasets.readers.rows import read_addresses, read_jsonl, read_tasks
from karat.datasets.readers.table import read_csv
from karat.datasets.readers.upload import manifest_in, read_files, read_server_folder, read_upload

__all__ = [
    "BucketBeside",
    "Found",
    "FoundAsset",
    "FoundFault",
    "FoundPointer",
    "Item",
    "find_manifest",
    "folder_of",
    "is_junk",
    "is_plain_key",
    "manifest_in",
    "manifest_of",
    "name_fault",
    "read_addresses",
    "read_csv",
    "read_file",
    "read_files",
    "read_folder",
    "read_jsonl",
    "read_manifest",
    "read_server_folder",
    "read_tasks",
    "read_upload",
    "read_zip",
    "refuse",
]
