"""Names of tables that belong to no tenant. Kept apart from the schema, whose import is slow."""

# Tables of the whole installation. Every other table belongs to a tenant and is protected; the catalogue test holds
# the database to this list. `event` is the outbox: it carries ids only and is emptied within a second. `throttle` counts
# failed sign-ins by hashes of address and account, also where the tenant that was named does not exist.
SHARED_TABLES = frozenset({"tenant", "user", "event", "throttle", "alembic_version"})
QUEUE_TABLES = frozenset({"pgqueuer", "pgqueuer_log", "pgqueuer_statistics", "pgqueuer_schedules"})
