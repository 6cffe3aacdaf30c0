"""Jobs as people see them, and the outbox of events. The queue's own tables are made by its library."""

import sqlalchemy as sa

from karat.database.schema import Json, Moment, Uuid, metadata, now_column, tenant_table

job = tenant_table(
    "job",
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("subject_id", Uuid),
    sa.Column("dedupe_key", sa.Text),
    sa.Column("progress", sa.BigInteger),
    sa.Column("total", sa.BigInteger),
    sa.Column("message", sa.Text),
    sa.Column("error", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("cancel_requested", sa.Boolean, nullable=False, server_default="false"),
    now_column(),
    sa.Column("started_at", Moment),
    sa.Column("finished_at", Moment),
    sa.Column("next_attempt_at", Moment),
    sa.Column("progress_from", sa.BigInteger),
    sa.Column("progress_since", Moment),
    sa.Column("progress_at", Moment),
    sa.CheckConstraint("state in ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
)
sa.Index(
    "job_dedupe_idx",
    job.c.tenant_id,
    job.c.name,
    job.c.dedupe_key,
    unique=True,
    postgresql_where=sa.text("state = 'queued'"),
)
sa.Index(None, job.c.tenant_id, job.c.subject_id)
sa.Index(
    "job_state_idx",
    job.c.tenant_id,
    job.c.state,
    job.c.id,
    postgresql_where=sa.text("state IN ('queued', 'running', 'failed')"),
)

chore = tenant_table(
    "chore",
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("every_s", sa.Double, nullable=False),
    sa.Column("last_run_at", Moment, nullable=False),
    sa.Column("last_duration_s", sa.Double, nullable=False),
    sa.Column("last_good_at", Moment),
    sa.Column("error", sa.Text),
    sa.Column("error_at", Moment),
    sa.Column("failures_in_a_row", sa.Integer, nullable=False, server_default="0"),
    key=("name",),
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("tenant_id", Uuid, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("payload", Json, nullable=False),
    now_column(),
)
