"""Beliefs, the rounds of the router, the checks, and the certificates."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from karat.database.schema import Json, Uuid, belongs_to, now_column, tenant_table

belief = tenant_table(
    "belief",
    sa.Column("task_id", Uuid, nullable=False),
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("posterior", pg.ARRAY(sa.REAL), nullable=False),
    sa.Column("gap", sa.REAL, nullable=False),
    sa.Column("n_answers", sa.SmallInteger, nullable=False),
    now_column("updated_at"),
    belongs_to("task", "task_id"),
    belongs_to("project", "project_id"),
    key=("task_id",),
)
sa.Index(None, belief.c.tenant_id, belief.c.project_id)

# What the answers to a task make together, for kinds of objects: each with the belief that it exists and in its classes.
consensus = tenant_table(
    "consensus",
    sa.Column("task_id", Uuid, nullable=False),
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("objects", Json, nullable=False),
    sa.Column("agreement", sa.REAL),
    sa.Column("unsure", sa.Integer, nullable=False),
    sa.Column("n_answers", sa.SmallInteger, nullable=False),
    now_column("updated_at"),
    belongs_to("task", "task_id"),
    belongs_to("project", "project_id"),
    key=("task_id",),
)
sa.Index(None, consensus.c.tenant_id, consensus.c.project_id)

routing_round = tenant_table(
    "routing_round",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("batch_id", Uuid),
    sa.Column("n_human_answers", sa.Integer, nullable=False),
    sa.Column("n_changed", sa.Integer, nullable=False),
    sa.Column("expected_error", sa.REAL),
    sa.Column("model_version_id", Uuid),
    sa.Column("facts", Json, nullable=False),
    now_column(),
    belongs_to("project", "project_id"),
    belongs_to("batch", "batch_id"),
    sa.UniqueConstraint("tenant_id", "project_id", "number"),
)

annotator_skill = tenant_table(
    "annotator_skill",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("n_answers", sa.Integer, nullable=False),
    sa.Column("accuracy", sa.REAL),
    sa.Column("low", sa.REAL),
    sa.Column("high", sa.REAL),
    sa.Column("detection", sa.REAL),
    sa.Column("false_share", sa.REAL),
    sa.Column("overlap", sa.REAL),
    now_column("updated_at"),
    belongs_to("project", "project_id"),
    key=("project_id", "user_id"),
)

# Labels are frozen and hashed before the draw: the delivery exists before anybody knows what will be checked.
check_draw = tenant_table(
    "check_draw",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("seed", sa.Text, nullable=False),
    sa.Column("alpha", sa.Double, nullable=False),
    sa.Column("n_labels", sa.Integer, nullable=False),
    sa.Column("n_drawn", sa.Integer, nullable=False, server_default="0"),
    sa.Column("labels_sha256", sa.Text, nullable=False),
    sa.Column("upper_bound", sa.Double),
    sa.Column("looks", pg.ARRAY(sa.Integer), nullable=False, server_default="{}"),
    now_column(),
    belongs_to("project", "project_id"),
    sa.UniqueConstraint("tenant_id", "project_id", "attempt"),
    sa.CheckConstraint("state in ('checking', 'certified', 'failed')", name="state"),
)

frozen_label = tenant_table(
    "frozen_label",
    sa.Column("draw_id", Uuid, nullable=False),
    sa.Column("task_id", Uuid, nullable=False),
    sa.Column("label", sa.Text),
    sa.Column("annotations", Json),
    sa.Column("position", sa.Integer),
    sa.Column("reference_label", sa.Text),
    sa.Column("reference_annotations", Json),
    sa.Column("loss", sa.Double),
    belongs_to("check_draw", "draw_id"),
    belongs_to("task", "task_id"),
    key=("draw_id", "task_id"),
)
sa.Index(
    "frozen_label_drawn_idx",
    frozen_label.c.tenant_id,
    frozen_label.c.draw_id,
    frozen_label.c.position,
    unique=True,
    postgresql_where=frozen_label.c.position.is_not(None),
)

certificate = tenant_table(
    "certificate",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("draw_id", Uuid, nullable=False),
    sa.Column("document", sa.LargeBinary, nullable=False),
    now_column("issued_at"),
    belongs_to("project", "project_id"),
    belongs_to("check_draw", "draw_id"),
)
