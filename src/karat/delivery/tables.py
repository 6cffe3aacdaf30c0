"""What leaves the house as a file, made by a job: labels, or whole projects; and projects that come in as one."""

import sqlalchemy as sa

from karat.database.schema import Json, Uuid, belongs_to, now_column, tenant_table

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

project_archive = tenant_table(
    "project_archive",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("job_id", Uuid),
    sa.Column("media", sa.Text, nullable=False),
    sa.Column("contents", Json),
    sa.Column("n_bytes", sa.BigInteger),
    sa.Column("sha256", sa.LargeBinary),
    now_column(),
    belongs_to("project", "project_id"),
    sa.CheckConstraint("media in ('included', 'referenced')", name="media"),
)

# `location` is the hash of the archive until it is read; `done` counts the rows that were taken of each of its parts.
project_import = tenant_table(
    "project_import",
    sa.Column("job_id", Uuid),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("location", sa.Text, nullable=False),
    sa.Column("project_id", Uuid),
    sa.Column("done", Json, nullable=False, server_default="{}"),
    sa.Column("faults", Json, nullable=False, server_default=sa.text("'[]'::jsonb")),
    sa.Column("origin", Json),
    now_column(),
)
