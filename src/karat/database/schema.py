"""How tables are declared: once, here and in each capability's `tables.py`; migrations are made from them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

NAMING = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}
metadata = sa.MetaData(naming_convention=NAMING)

Uuid = pg.UUID(as_uuid=True)
Json = pg.JSONB
Moment = sa.TIMESTAMP(timezone=True)


def now_column(name: str = "created_at") -> sa.Column[Any]:
    """A moment that the database fills in."""
    return sa.Column(name, Moment, nullable=False, server_default=sa.text("clock_timestamp()"))


def tenant_table(name: str, *columns: Any, key: tuple[str, ...] = ("id",), **options: Any) -> sa.Table:
    """A table whose rows belong to tenants: keyed (tenant_id, …), so the key can shard, and isolated by row security."""
    own_id = [sa.Column("id", Uuid, nullable=False)] if key == ("id",) else []
    return sa.Table(
        name,
        metadata,
        sa.Column("tenant_id", Uuid, sa.ForeignKey("tenant.id"), nullable=False),
        *own_id,
        *columns,
        sa.PrimaryKeyConstraint("tenant_id", *key),
        **options,
    )


def belongs_to(table: str, column: str, *, key: str = "id") -> sa.ForeignKeyConstraint:
    """A composite foreign key: a row can only point inside its own tenant."""
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.{key}"])
