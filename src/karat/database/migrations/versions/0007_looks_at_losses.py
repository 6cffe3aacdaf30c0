"""After how many checks the bound on the loss of objects was looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("check_draw", sa.Column("looks", sa.ARRAY(sa.Integer()), server_default="{}", nullable=False))
