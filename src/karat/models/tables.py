"""Models and their versions: learned here and rebuilt from labels and seed, uploaded as ONNX, or asked over HTTP."""

import sqlalchemy as sa

from karat.database.schema import Json, Moment, Uuid, belongs_to, now_column, tenant_table

model = tenant_table(
    "model",
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("adapter", sa.Text, nullable=False),
    sa.Column("kind", sa.Text),
    sa.Column("settings", Json, nullable=False, server_default="{}"),
    sa.Column("header_names", sa.ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("headers", sa.LargeBinary),
    sa.Column("tested_at", Moment),
    sa.Column("test", Json),
    sa.Column("error", Json),
    sa.Column("error_at", Moment),
    now_column(),
)

# What names a version is its number, and what its makers call it, where they do. No opaque state of a learner is kept:
# the file of an uploaded version is ONNX, and was judged when it came in.
model_version = tenant_table(
    "model_version",
    sa.Column("model_id", Uuid, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("n_trained_on", sa.Integer, nullable=False),
    sa.Column("labels_sha256", sa.LargeBinary),
    sa.Column("seed", sa.BigInteger),
    sa.Column("metrics", Json, nullable=False),
    sa.Column("file_sha256", sa.Text),
    sa.Column("n_bytes", sa.BigInteger),
    sa.Column("details", Json),
    now_column(),
    sa.UniqueConstraint("tenant_id", "model_id", "version"),
    sa.UniqueConstraint("tenant_id", "model_id", "name"),
    belongs_to("model", "model_id"),
)
sa.Index(None, model_version.c.tenant_id, model_version.c.file_sha256)
