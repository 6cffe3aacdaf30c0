"""Alembic's entry: runs the migrations on the connection that `karat.database.migrate` passes in."""

from typing import Any

from alembic import context
from sqlalchemy import text

config = context.config
connection = config.attributes["connection"]
is_draft = config.attributes.get("metadata") is not None

EACH_TABLE = """DO $$ DECLARE t regclass; BEGIN
    FOR t IN SELECT oid FROM pg_class WHERE relrowsecurity AND relforcerowsecurity = {forced}
        AND relnamespace = 'public'::regnamespace
    LOOP EXECUTE format('ALTER TABLE %s {word} ROW LEVEL SECURITY', t); END LOOP;
END $$"""


def let_owner_through(**_: Any) -> None:
    """Let the next migration move rows of all tenants: row security is forced on the owner as well, unless it is a
    superuser, which that of a PostgreSQL of one's own is not. Nobody else notices, since all of it is one transaction.
    """
    connection.execute(text(EACH_TABLE.format(forced="true", word="NO FORCE")))


def bind_owner_again() -> None:
    """Force row security on every table that has it."""
    connection.execute(text(EACH_TABLE.format(forced="false", word="FORCE")))


context.configure(
    connection=connection,
    target_metadata=config.attributes.get("metadata"),
    compare_type=True,
    compare_server_default=True,
    include_name=config.attributes.get("include_name"),
    transaction_per_migration=False,
    on_version_apply=() if is_draft else (let_owner_through,),
)
with context.begin_transaction():
    if not is_draft:
        let_owner_through()
    context.run_migrations()
    if not is_draft:
        bind_owner_again()
