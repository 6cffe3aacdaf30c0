"""How the database's owner reaches it: as migrations do, and somebody who has taken the machine."""

from karat.api.engine import Engine
from karat.database.embedded_folder import SUPERUSER
from karat.database.engine import APP_ROLE


def owner_dsn(engine: Engine) -> str:
    """Connection string of the embedded database's superuser."""
    return engine.queue_dsn.replace(f"{APP_ROLE}@", f"{SUPERUSER}@")
