"""Labels that are objects: on tasks, frozen labels and predictions, with what several answers make of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from karat.database.migrations.row_security import isolate

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    json = pg.JSONB(astext_type=sa.Text())
    op.create_table(
        "consensus",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("task_id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("objects", json, nullable=False),
        sa.Column("agreement", sa.REAL(), nullable=True),
        sa.Column("unsure", sa.Integer(), nullable=False),
        sa.Column("n_answers", sa.SmallInteger(), nullable=False),
        sa.Column(
            "updated_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("consensus_tenant_id_project_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "task_id"], ["task.tenant_id", "task.id"], name=op.f("consensus_tenant_id_task_id_fkey")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("consensus_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "task_id", name=op.f("consensus_pkey")),
    )
    op.create_index(op.f("consensus_tenant_id_project_id_idx"), "consensus", ["tenant_id", "project_id"])
    isolate("consensus")
    op.add_column("task", sa.Column("annotations", json, nullable=True))
    op.add_column("task", sa.Column("classes", pg.ARRAY(sa.Text()), nullable=True))
    op.add_column("frozen_label", sa.Column("annotations", json, nullable=True))
    op.add_column("frozen_label", sa.Column("reference_annotations", json, nullable=True))
    op.add_column("frozen_label", sa.Column("loss", sa.Double(), nullable=True))
    op.alter_column("frozen_label", "label", existing_type=sa.Text(), nullable=True)
    op.add_column("check_draw", sa.Column("upper_bound", sa.Double(), nullable=True))
    op.add_column("prediction", sa.Column("annotations", json, nullable=True))
    op.alter_column("prediction", "probabilities", existing_type=pg.ARRAY(sa.REAL()), nullable=True)
    op.alter_column("routing_round", "expected_error", existing_type=sa.REAL(), nullable=True)
    for column in ("accuracy", "low", "high"):
        op.alter_column("annotator_skill", column, existing_type=sa.REAL(), nullable=True)
    for column in ("detection", "false_share", "overlap"):
        op.add_column("annotator_skill", sa.Column(column, sa.REAL(), nullable=True))
