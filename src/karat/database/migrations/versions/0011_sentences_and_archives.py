"""What a project's phase says, for other languages; what is in an archive, and what was wrong with one that came in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column(
        "project",
        sa.Column("phase_said", pg.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False),
    )
    op.add_column("project_archive", sa.Column("contents", pg.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column(
        "project_import",
        sa.Column("faults", pg.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False),
    )
