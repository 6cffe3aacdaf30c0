"""What an operator wants to see of jobs and chores: speed, the next attempt, retries by hand, the last round."""

import sqlalchemy as sa
from alembic import op

from karat.database.migrations.row_security import isolate

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("job", sa.Column("progress_from", sa.BigInteger(), nullable=True))
    op.add_column("job", sa.Column("progress_since", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("job", sa.Column("progress_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("job", sa.Column("next_attempt_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("job", sa.Column("retries", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "job_state_idx",
        "job",
        ["tenant_id", "state", "id"],
        postgresql_where=sa.text("state IN ('queued', 'running', 'failed')"),
    )
    op.create_table(
        "chore",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("every_s", sa.Double(), nullable=False),
        sa.Column("last_run_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("last_duration_s", sa.Double(), nullable=False),
        sa.Column("last_good_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("failures_in_a_row", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("chore_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "name", name=op.f("chore_pkey")),
    )
    isolate("chore")
