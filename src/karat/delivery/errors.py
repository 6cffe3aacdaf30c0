"""What can go wrong with exports."""

from karat.errors import Conflict, NotFound


class ExportNotFound(NotFound):
    """There is no such export."""

    code = "export.not_found"


class ExportNotReady(Conflict):
    """The export is not finished; ask again when its state is done."""

    code = "export.not_ready"
    retryable = True
