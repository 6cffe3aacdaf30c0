"""Models and their versions. A version is rebuilt from its training labels and seed; no opaque state is kept."""

import sqlalchemy as sa

from karat.database.schema import Json, Uuid, belongs_to, now_column, tenant_table

model = tenant_table(
    "model",
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("adapter", sa.Text, nullable=False),
    now_column(),
)

model_version = tenant_table(
    "model_version",
    sa.Column("model_id", Uuid, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("n_trained_on", sa.Integer, nullable=False),
    sa.Column("labels_sha256", sa.LargeBinary, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("metrics", Json, nullable=False),
    now_column(),
    sa.UniqueConstraint("tenant_id", "model_id", "version"),
    belongs_to("model", "model_id"),
)
