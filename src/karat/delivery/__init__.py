"""What leaves the house: exports, and whole projects as archives, which also come back in."""

from karat.delivery.archive_jobs import ArchiveJob, ProjectImportJob
from karat.delivery.archive_service import ArchiveUploads
from karat.delivery.archive_store import is_archived
from karat.delivery.service import ExportJob, get_export, start_export
from karat.delivery.store import is_exported
from karat.delivery.types import Export, NewExport

__all__ = [
    "ArchiveJob",
    "ArchiveUploads",
    "Export",
    "ExportJob",
    "NewExport",
    "ProjectImportJob",
    "get_export",
    "is_archived",
    "is_exported",
    "start_export",
]
