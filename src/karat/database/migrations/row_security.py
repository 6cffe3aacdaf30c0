"""What every migration that makes a tenant's table has to do."""

from alembic import op


def isolate(table: str) -> None:
    """Confine every statement on the table to the tenant of the transaction; without one, statements fail.

    The setting is compared as uuid: compared as text, an unset tenant would silently show no rows.
    """
    same_tenant = "tenant_id = (SELECT current_setting('app.tenant')::uuid)"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} USING ({same_tenant}) WITH CHECK ({same_tenant})")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO karat_app")
