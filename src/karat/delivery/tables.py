"""Exports: a file of labels, made by a job."""

import sqlalchemy as sa

from karat.database.schema import Uuid, belongs_to, now_column, tenant_table

export = tenant_table(
    "export",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("job_id", Uuid),
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("n_labels", sa.BigInteger),
    sa.Column("n_bytes", sa.BigInteger),
    sa.Column("sha256", sa.LargeBinary),
    now_column(),
    belongs_to("project", "project_id"),
)
