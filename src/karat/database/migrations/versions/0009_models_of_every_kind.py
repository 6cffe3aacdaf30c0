"""Models that are uploaded or asked over HTTP, what they said as they said it, and predictions on their way."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from karat.database.migrations.row_security import isolate

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "prediction_run",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("model_id", sa.UUID(), nullable=True),
        sa.Column("model_version_id", sa.UUID(), nullable=True),
        sa.Column("job_id", sa.UUID(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=True),
        sa.Column("options", pg.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("n_total", sa.BigInteger(), nullable=True),
        sa.Column("n_done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("n_predicted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("n_faults", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("source in ('model', 'file')", name=op.f("prediction_run_source_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "model_id"],
            ["model.tenant_id", "model.id"],
            name=op.f("prediction_run_tenant_id_model_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("prediction_run_tenant_id_project_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("prediction_run_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("prediction_run_pkey")),
    )
    op.create_index(
        op.f("prediction_run_tenant_id_project_id_id_idx"),
        "prediction_run",
        ["tenant_id", "project_id", "id"],
        unique=False,
    )
    op.create_table(
        "prediction_fault",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["prediction_run.tenant_id", "prediction_run.id"],
            name=op.f("prediction_fault_tenant_id_run_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("prediction_fault_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "run_id", "position", name=op.f("prediction_fault_pkey")),
    )
    op.add_column("model", sa.Column("kind", sa.Text(), nullable=True))
    op.add_column("model", sa.Column("settings", pg.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False))
    op.add_column("model", sa.Column("header_names", sa.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.add_column("model", sa.Column("headers", sa.LargeBinary(), nullable=True))
    op.add_column("model", sa.Column("tested_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("model", sa.Column("test", pg.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("model", sa.Column("error", pg.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("model", sa.Column("error_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("model_version", sa.Column("name", sa.Text(), nullable=True))
    op.add_column("model_version", sa.Column("file_sha256", sa.Text(), nullable=True))
    op.add_column("model_version", sa.Column("n_bytes", sa.BigInteger(), nullable=True))
    op.add_column("model_version", sa.Column("details", pg.JSONB(astext_type=sa.Text()), nullable=True))
    op.alter_column("model_version", "labels_sha256", existing_type=pg.BYTEA(), nullable=True)
    op.alter_column("model_version", "seed", existing_type=sa.BIGINT(), nullable=True)
    op.create_index(
        op.f("model_version_tenant_id_file_sha256_idx"), "model_version", ["tenant_id", "file_sha256"], unique=False
    )
    op.create_unique_constraint(
        op.f("model_version_tenant_id_model_id_name_key"), "model_version", ["tenant_id", "model_id", "name"]
    )
    op.add_column("prediction", sa.Column("said", pg.ARRAY(sa.REAL()), nullable=True))
    op.add_column("project_model", sa.Column("model_version_id", sa.UUID(), nullable=True))
    op.add_column(
        "project_model", sa.Column("metrics", pg.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False)
    )
    op.add_column(
        "project_model",
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
    )
    op.create_foreign_key(
        op.f("project_model_tenant_id_model_version_id_fkey"),
        "project_model",
        "model_version",
        ["tenant_id", "model_version_id"],
        ["tenant_id", "id"],
    )
    for table in ("prediction_run", "prediction_fault"):
        isolate(table)
