"""The record of what happened: entries in the transaction of the change, chained and signed by a sealer."""

from karat.audit.service import AuditEntry, list_entries, record

__all__ = ["AuditEntry", "list_entries", "record"]
