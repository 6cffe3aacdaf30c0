"""What models see and say: features of a dataset, and the newest version's probabilities or objects for every task."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from karat.database.schema import Json, Uuid, belongs_to, now_column, tenant_table

project_model = tenant_table(
    "project_model",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("model_id", Uuid, nullable=False),
    belongs_to("project", "project_id"),
    belongs_to("model", "model_id"),
    key=("project_id",),
)

prediction = tenant_table(
    "prediction",
    sa.Column("task_id", Uuid, nullable=False),
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("model_version_id", Uuid, nullable=False),
    sa.Column("probabilities", pg.ARRAY(sa.REAL)),
    sa.Column("annotations", Json),
    belongs_to("task", "task_id"),
    belongs_to("project", "project_id"),
    belongs_to("model_version", "model_version_id"),
    key=("task_id",),
)
sa.Index(None, prediction.c.tenant_id, prediction.c.project_id)

# The matrices themselves are blobs in storage: float32 rows in the order of the asset ids.
feature_set = tenant_table(
    "feature_set",
    sa.Column("dataset_id", Uuid, nullable=False),
    sa.Column("extractor", sa.Text, nullable=False),
    sa.Column("n_assets", sa.Integer, nullable=False),
    sa.Column("n_columns", sa.Integer, nullable=False),
    sa.Column("asset_ids_sha256", sa.Text, nullable=False),
    sa.Column("matrix_sha256", sa.Text, nullable=False),
    sa.Column("neighbours_sha256", sa.Text, nullable=False),
    now_column(),
    belongs_to("dataset", "dataset_id"),
    sa.UniqueConstraint("tenant_id", "dataset_id", "extractor", "asset_ids_sha256"),
)
