"""What leaves the house: exports."""

from karat.delivery.service import ExportJob, get_export, start_export
from karat.delivery.types import Export, NewExport

__all__ = ["Export", "ExportJob", "NewExport", "get_export", "start_export"]
