"""What can go wrong with archives of projects."""

from karat.errors import Conflict, Fault, Gone, Invalid, NotFound

MOST_TOLD = 10


class ArchiveNotFound(NotFound):
    """There is no such archive."""

    code = "archive.not_found"


class ArchiveNotReady(Conflict):
    """The archive is not finished; ask again when its state is done."""

    code = "archive.not_ready"
    retryable = True


class ProjectImportNotFound(NotFound):
    """There is no such import of a project."""

    code = "project_import.not_found"


class ArchiveNameInvalid(Invalid):
    """The archive needs a name without control characters."""

    code = "archive.name_invalid"


class ArchiveGone(Gone):
    """The uploaded archive was deleted, because its import had failed long ago; upload it again."""

    code = "archive.gone"


class ArchiveInvalid(Invalid):
    """The archive cannot be imported; nothing of it was."""

    code = "archive.invalid"


class ArchiveNewer(Conflict):
    """The archive was written by a newer version of Karat; upgrade this one first."""

    code = "archive.newer"


def archive_invalid(*faults: Fault) -> ArchiveInvalid:
    """The error with its faults in words too, since a job's error is a sentence."""
    told = "; ".join(f"{one.where}: {one.message}{f' {one.hint}' if one.hint else ''}" for one in faults[:MOST_TOLD])
    more = f"; and {len(faults) - MOST_TOLD} more" if len(faults) > MOST_TOLD else ""
    return ArchiveInvalid(f"{ArchiveInvalid.title()} {told}{more}", faults=list(faults[:MOST_TOLD]))


def broken(code: str, message: str, where: str, hint: str | None = None) -> ArchiveInvalid:
    """An archive with one fault."""
    return archive_invalid(Fault(code=f"archive.{code}", message=message, where=where, hint=hint))
