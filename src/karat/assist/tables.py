"""What models see and say: features of a dataset, which model a project has, and what it said about every task."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from karat.database.schema import Json, Uuid, belongs_to, now_column, tenant_table

# The version is None where the newest counts. The metrics are of this project: what its people think of the model.
project_model = tenant_table(
    "project_model",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("model_id", Uuid, nullable=False),
    sa.Column("model_version_id", Uuid),
    sa.Column("metrics", Json, nullable=False, server_default="{}"),
    now_column(),
    belongs_to("project", "project_id"),
    belongs_to("model", "model_id"),
    belongs_to("model_version", "model_version_id"),
    key=("project_id",),
)

# `said` are the probabilities as the model gave them, where `probabilities` are what people's answers make of them.
prediction = tenant_table(
    "prediction",
    sa.Column("task_id", Uuid, nullable=False),
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("model_version_id", Uuid, nullable=False),
    sa.Column("probabilities", pg.ARRAY(sa.REAL)),
    sa.Column("said", pg.ARRAY(sa.REAL)),
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

# Predictions on their way: a model is asked about tasks, or a file is read. `position` is the last row or task that was
# taken with all that it brought.
prediction_run = tenant_table(
    "prediction_run",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("model_id", Uuid),
    sa.Column("model_version_id", Uuid),
    sa.Column("job_id", Uuid),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("file_sha256", sa.Text),
    sa.Column("options", Json, nullable=False, server_default="{}"),
    sa.Column("position", sa.Text),
    sa.Column("n_total", sa.BigInteger),
    sa.Column("n_done", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("n_predicted", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("n_faults", sa.BigInteger, nullable=False, server_default="0"),
    now_column(),
    belongs_to("project", "project_id"),
    belongs_to("model", "model_id"),
    sa.CheckConstraint("source in ('model', 'file')", name="source"),
)
sa.Index(None, prediction_run.c.tenant_id, prediction_run.c.project_id, prediction_run.c.id)

prediction_fault = tenant_table(
    "prediction_fault",
    sa.Column("run_id", Uuid, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("where", sa.Text, nullable=False),
    sa.Column("hint", sa.Text),
    belongs_to("prediction_run", "run_id"),
    key=("run_id", "position"),
)
