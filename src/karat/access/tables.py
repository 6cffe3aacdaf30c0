"""Tenants, users, what they may do, and how they prove who they are."""

import sqlalchemy as sa

from karat.database.schema import Moment, Uuid, belongs_to, metadata, now_column, tenant_table

tenant = sa.Table(
    "tenant",
    metadata,
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    now_column(),
)

user = sa.Table(
    "user",
    metadata,
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    now_column(),
    sa.CheckConstraint("kind in ('person', 'service', 'simulated')", name="kind"),
)

membership = tenant_table(
    "membership",
    sa.Column("user_id", Uuid, sa.ForeignKey("user.id"), nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    now_column(),
    sa.CheckConstraint(
        "role in ('owner', 'admin', 'manager', 'reviewer', 'annotator', 'auditor', 'service')", name="role"
    ),
    key=("user_id",),
)

api_key = tenant_table(
    "api_key",
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("prefix", sa.Text, nullable=False),
    sa.Column("secret_sha256", sa.LargeBinary, nullable=False),
    sa.Column("test", sa.Boolean, nullable=False),
    now_column(),
    sa.Column("last_used_at", Moment),
    sa.Column("revoked_at", Moment),
    belongs_to("membership", "user_id", key="user_id"),
)
sa.Index(None, api_key.c.tenant_id, api_key.c.secret_sha256, unique=True)

sign_in_code = tenant_table(
    "sign_in_code",
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("secret_sha256", sa.LargeBinary, nullable=False),
    now_column(),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    belongs_to("membership", "user_id", key="user_id"),
)
sa.Index(None, sign_in_code.c.tenant_id, sign_in_code.c.secret_sha256, unique=True)

session = tenant_table(
    "session",
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("secret_sha256", sa.LargeBinary, nullable=False),
    now_column(),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
    belongs_to("membership", "user_id", key="user_id"),
)
sa.Index(None, session.c.tenant_id, session.c.secret_sha256, unique=True)

idempotency_key = tenant_table(
    "idempotency_key",
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("request_sha256", sa.LargeBinary, nullable=False),
    sa.Column("subject_id", Uuid, nullable=False),
    now_column(),
    key=("user_id", "key"),
)
