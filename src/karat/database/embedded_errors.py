"""What can keep the embedded PostgreSQL from running."""

from karat.errors import KaratError, OutOfSpace, Unavailable


class EmbeddedUnsupported(KaratError):
    """PostgreSQL cannot be run inside Karat on this system; set KARAT_DATABASE_URL to a PostgreSQL server."""

    code = "database.embedded_unsupported"
    status = 503


class DatabaseNotStarted(Unavailable):
    """The embedded PostgreSQL did not start."""

    code = "database.not_started"


class DatabaseDiskFull(OutOfSpace):
    """The disk of the database is full."""

    code = "database.disk_full"


class DataFolderBusy(Unavailable):
    """Another PostgreSQL is using this data folder and does not answer."""

    code = "database.folder_busy"


class DataFolderTooNew(KaratError):
    """The data folder was written by a newer PostgreSQL than this Karat brings along."""

    code = "database.folder_too_new"
    status = 503


class DataFolderTooOld(KaratError):
    """The data folder was written by an older PostgreSQL; move its data with pg_dump and pg_restore first."""

    code = "database.folder_too_old"
    status = 503
