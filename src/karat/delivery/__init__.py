"""What leaves the house: exports."""

from karat.delivery.service import ExportJob, get_export, start_export
from karat.delivery.store import is_exported
from karat.delivery.types import Export, NewExport

__all__ = ["Export", "ExportJob", "NewExport", "get_export", "is_exported", "start_export"]
