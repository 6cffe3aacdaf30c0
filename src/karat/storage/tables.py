"""Buckets that a tenant has connected, and blobs that stay in them."""

import sqlalchemy as sa

from karat.database.schema import Json, Moment, Uuid, belongs_to, now_column, tenant_table

storage_connection = tenant_table(
    "storage_connection",
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("bucket", sa.Text, nullable=False),
    sa.Column("prefix", sa.Text, nullable=False, server_default=""),
    sa.Column("region", sa.Text),
    sa.Column("endpoint", sa.Text),
    sa.Column("account", sa.Text),
    sa.Column("anonymous", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("secret", sa.LargeBinary),
    sa.Column("secret_hint", sa.Text),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("tested_at", Moment),
    sa.Column("test", Json),
    now_column(),
    sa.CheckConstraint("kind in ('s3', 'gcs', 'azure')", name="kind"),
    sa.UniqueConstraint("tenant_id", "name"),
)

# Bytes that were read once, to know their hash, and stay where they are.
blob_reference = tenant_table(
    "blob_reference",
    sa.Column("sha256", sa.LargeBinary, nullable=False),
    sa.Column("connection_id", Uuid, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("etag", sa.Text),
    sa.Column("size", sa.BigInteger, nullable=False),
    now_column(),
    belongs_to("storage_connection", "connection_id"),
    key=("sha256",),
)
sa.Index(None, blob_reference.c.tenant_id, blob_reference.c.connection_id)

# Files whose owner is gone, noted where it goes: they are deleted when that is committed, and no backup is being made.
released_blob = tenant_table(
    "released_blob",
    sa.Column("sha256", sa.Text, nullable=False),
    now_column(),
    key=("sha256",),
)
