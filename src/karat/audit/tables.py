"""What happened: entries are only ever added; a sealer chains them in batches."""

import sqlalchemy as sa

from karat.database.schema import Json, Moment, Uuid, belongs_to, now_column, tenant_table

audit_seal = tenant_table(
    "audit_seal",
    sa.Column("first_position", sa.BigInteger, nullable=False),
    sa.Column("last_position", sa.BigInteger, nullable=False),
    sa.Column("head_sha256", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
    sa.Column("sealed_at", Moment, nullable=False),
)
sa.Index(None, audit_seal.c.tenant_id, audit_seal.c.last_position, unique=True)

audit_entry = tenant_table(
    "audit_entry",
    now_column("at"),
    sa.Column("actor_id", Uuid),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("data", Json, nullable=False),
    sa.Column("seal_id", Uuid),
    sa.Column("position", sa.BigInteger),
    sa.Column("sha256", sa.LargeBinary),
    belongs_to("audit_seal", "seal_id"),
)
sa.Index(None, audit_entry.c.tenant_id, audit_entry.c.position, unique=True)
sa.Index(
    "audit_entry_unsealed_idx",
    audit_entry.c.tenant_id,
    audit_entry.c.id,
    postgresql_where=audit_entry.c.position.is_(None),
)
