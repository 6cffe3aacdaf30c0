"""Alembic's entry: runs the migrations on the connection that `karat.database.migrate` passes in."""

from alembic import context

config = context.config
connection = config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=config.attributes.get("metadata"),
    compare_type=True,
    compare_server_default=True,
    include_name=config.attributes.get("include_name"),
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
