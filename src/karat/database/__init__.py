"""PostgreSQL: the embedded one or another, transactions bound to a tenant, migrations."""

from karat.database.engine import Database, DatabaseUnavailable, Transaction, connect
from karat.database.migrate import SchemaTooNew, migrate

__all__ = ["Database", "DatabaseUnavailable", "SchemaTooNew", "Transaction", "connect", "migrate"]
