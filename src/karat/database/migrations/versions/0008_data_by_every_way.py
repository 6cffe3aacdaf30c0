"""Connected buckets, blobs that stay in them, uploads in parts, imports that go on after a key."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from karat.database.migrations.row_security import isolate

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "storage_connection",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), server_default="", nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("endpoint", sa.Text(), nullable=True),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("secret_hint", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("tested_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("test", pg.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("kind in ('s3', 'gcs', 'azure')", name=op.f("storage_connection_kind_check")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("storage_connection_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("storage_connection_pkey")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("storage_connection_tenant_id_name_key")),
    )
    op.create_table(
        "blob_reference",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("connection_id", sa.UUID(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["storage_connection.tenant_id", "storage_connection.id"],
            name=op.f("blob_reference_tenant_id_connection_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("blob_reference_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "sha256", name=op.f("blob_reference_pkey")),
    )
    op.create_index(
        op.f("blob_reference_tenant_id_connection_id_idx"),
        "blob_reference",
        ["tenant_id", "connection_id"],
        unique=False,
    )
    op.create_table(
        "upload",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("dataset_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("n_files", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_bytes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("import_id", sa.UUID(), nullable=True),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column(
            "touched_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "dataset_id"],
            ["dataset.tenant_id", "dataset.id"],
            name=op.f("upload_tenant_id_dataset_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("upload_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("upload_pkey")),
    )
    op.create_table(
        "upload_file",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("upload_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "upload_id"],
            ["upload.tenant_id", "upload.id"],
            name=op.f("upload_file_tenant_id_upload_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("upload_file_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "upload_id", "position", name=op.f("upload_file_pkey")),
    )
    op.add_column(
        "data_import", sa.Column("options", pg.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False)
    )
    op.add_column("data_import", sa.Column("resume_key", sa.Text(), nullable=True))
    for table in ("storage_connection", "blob_reference", "upload", "upload_file"):
        isolate(table)
