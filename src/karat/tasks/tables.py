"""The work: projects, batches, tasks, who holds them, what was handed in, how it was judged."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from karat.database.schema import Json, Moment, Uuid, belongs_to, now_column, tenant_table

STAGES = ("model", "people", "review", "check", "done")
PURPOSES = ("label", "review", "check")

project = tenant_table(
    "project",
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("dataset_id", Uuid, nullable=False),
    sa.Column("ontology_version_id", Uuid, nullable=False),
    sa.Column("instructions_version", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("phase", sa.Text, nullable=False),
    sa.Column("phase_sentence", sa.Text, nullable=False),
    sa.Column("phase_said", Json, nullable=False, server_default=sa.text("'[]'::jsonb")),
    sa.Column("target", Json, nullable=False),
    sa.Column("simulated", sa.Boolean, nullable=False, server_default="false"),
    now_column(),
    belongs_to("dataset", "dataset_id"),
    belongs_to("ontology_version", "ontology_version_id"),
    sa.CheckConstraint("state in ('running', 'paused', 'finished')", name="state"),
)

instructions = tenant_table(
    "instructions",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("sections", Json, nullable=False, server_default=sa.text("'[]'::jsonb")),
    now_column(),
    belongs_to("project", "project_id"),
    key=("project_id", "version"),
)

# The tasks that people label first, so that the lead sees what the rest will take before it is asked for.
pilot = tenant_table(
    "pilot",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("n_tasks", sa.Integer, nullable=False),
    sa.Column("overlap", sa.SmallInteger, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("learnt", Json),
    now_column(),
    belongs_to("project", "project_id"),
    sa.CheckConstraint("state in ('waiting', 'running', 'done', 'started')", name="state"),
    key=("project_id",),
)

batch = tenant_table(
    "batch",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("n_tasks", sa.Integer, nullable=False),
    now_column(),
    belongs_to("project", "project_id"),
    sa.UniqueConstraint("tenant_id", "project_id", "number"),
    sa.CheckConstraint("state in ('staging', 'in_progress', 'completed')", name="state"),
)

# The label is a class, or for kinds of objects what `annotations` lists: an empty list is a label too, nothing is there.
# `classes` has the class of each of them, as their kind gives it, for filters and counts.
# `taken` counts the slots of the present stage that are held or answered. The check is the last guard of the overlap:
# whatever the code does, a task cannot be given to more annotators than wanted.
task = tenant_table(
    "task",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("asset_id", Uuid, nullable=False),
    sa.Column("batch_id", Uuid),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("priority", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("wanted", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("taken", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("answered", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("label", sa.Text),
    sa.Column("annotations", Json),
    sa.Column("classes", pg.ARRAY(sa.Text)),
    sa.Column("confidence", sa.REAL),
    now_column(),
    now_column("updated_at"),
    belongs_to("project", "project_id"),
    belongs_to("asset", "asset_id"),
    belongs_to("batch", "batch_id"),
    sa.UniqueConstraint("tenant_id", "project_id", "asset_id"),
    sa.CheckConstraint("stage in ('model', 'people', 'review', 'check', 'done')", name="stage"),
    sa.CheckConstraint("taken >= 0 and taken <= wanted and answered >= 0 and answered <= taken", name="overlap"),
    postgresql_with={"fillfactor": "80"},
)
sa.Index(
    "task_open_idx",
    task.c.tenant_id,
    task.c.project_id,
    task.c.stage,
    task.c.priority,
    task.c.id,
    postgresql_where=sa.text("taken < wanted"),
)
sa.Index(None, task.c.tenant_id, task.c.project_id, task.c.stage, task.c.id)
sa.Index(None, task.c.tenant_id, task.c.batch_id)

assignment = tenant_table(
    "assignment",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("task_id", Uuid, nullable=False),
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("draft", Json),
    sa.Column("draft_seq", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("reason", sa.Text),
    now_column(),
    belongs_to("task", "task_id"),
    belongs_to("membership", "user_id", key="user_id"),
    sa.CheckConstraint("state in ('held', 'submitted', 'skipped', 'released', 'expired')", name="state"),
    sa.CheckConstraint("purpose in ('label', 'review', 'check')", name="purpose"),
)
# One annotator never works on one task twice for the same purpose.
sa.Index(
    "assignment_once_idx",
    assignment.c.tenant_id,
    assignment.c.task_id,
    assignment.c.user_id,
    assignment.c.purpose,
    unique=True,
    postgresql_where=sa.text("state in ('held', 'submitted', 'skipped')"),
)
sa.Index(
    "assignment_held_idx",
    assignment.c.tenant_id,
    assignment.c.expires_at,
    postgresql_where=sa.text("state = 'held'"),
)
sa.Index(
    "assignment_mine_idx",
    assignment.c.tenant_id,
    assignment.c.user_id,
    assignment.c.project_id,
    postgresql_where=sa.text("state = 'held'"),
)
sa.Index(
    "assignment_latest_idx", assignment.c.tenant_id, assignment.c.project_id, assignment.c.user_id, assignment.c.id
)

# Who asked for work in vain, and when last: written only while there is nothing to do.
presence = tenant_table(
    "presence",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("user_id", Uuid, nullable=False),
    now_column("seen_at"),
    belongs_to("project", "project_id"),
    belongs_to("membership", "user_id", key="user_id"),
    key=("project_id", "user_id"),
)

submission = tenant_table(
    "submission",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("task_id", Uuid, nullable=False),
    sa.Column("assignment_id", Uuid, nullable=False),
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("annotations", Json, nullable=False),
    sa.Column("ontology_version_id", Uuid, nullable=False),
    sa.Column("instructions_version", sa.Integer, nullable=False),
    sa.Column("duration_s", sa.REAL, nullable=False),
    now_column(),
    sa.Column("withdrawn_at", Moment),
    belongs_to("task", "task_id"),
    belongs_to("assignment", "assignment_id"),
)
sa.Index(None, submission.c.tenant_id, submission.c.project_id, submission.c.id)
sa.Index(None, submission.c.tenant_id, submission.c.task_id)
# An assignment has one answer that counts; a withdrawn one stays on record beside it.
sa.Index(
    "submission_counts_idx",
    submission.c.tenant_id,
    submission.c.assignment_id,
    unique=True,
    postgresql_where=sa.text("withdrawn_at is null"),
)

review = tenant_table(
    "review",
    sa.Column("project_id", Uuid, nullable=False),
    sa.Column("task_id", Uuid, nullable=False),
    sa.Column("assignment_id", Uuid, nullable=False),
    sa.Column("submission_id", Uuid),
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("note", sa.Text),
    sa.Column("annotations", Json),
    sa.Column("duration_s", sa.REAL, nullable=False),
    now_column(),
    belongs_to("task", "task_id"),
    belongs_to("assignment", "assignment_id"),
    belongs_to("submission", "submission_id"),
    sa.CheckConstraint("verdict in ('accept', 'fix', 'reject')", name="verdict"),
    sa.UniqueConstraint("tenant_id", "assignment_id"),
)
sa.Index(None, review.c.tenant_id, review.c.project_id, review.c.id)
