"""Files whose owner is gone, until they have left the storage."""

import sqlalchemy as sa
from alembic import op

from karat.database.migrations.row_security import isolate

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "released_blob",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("released_blob_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "sha256", name=op.f("released_blob_pkey")),
    )
    isolate("released_blob")
