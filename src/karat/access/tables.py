"""Tenants, users, what they may do, and how they prove who they are."""

import sqlalchemy as sa

from karat.database.schema import Moment, Uuid, belongs_to, metadata, now_column, tenant_table

ROLES = "('owner', 'admin', 'manager', 'reviewer', 'annotator', 'auditor', 'service')"

tenant = sa.Table(
    "tenant",
    metadata,
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("slug", sa.Text, nullable=False, unique=True, server_default=sa.text("gen_random_uuid()")),
    now_column(),
)

user = sa.Table(
    "user",
    metadata,
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    now_column(),
    sa.CheckConstraint("kind in ('person', 'service', 'simulated')", name="kind"),
)

membership = tenant_table(
    "membership",
    sa.Column("user_id", Uuid, sa.ForeignKey("user.id"), nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("email", sa.Text),
    sa.Column("active", sa.Boolean, nullable=False, server_default="true"),
    now_column(),
    sa.CheckConstraint(f"role in {ROLES}", name="role"),
    key=("user_id",),
)
# An address is one account's within a tenant. Whether it has one in another tenant is nobody's business.
sa.Index("membership_email_key", membership.c.tenant_id, sa.func.lower(membership.c.email), unique=True)

tenant_policy = tenant_table(
    "tenant_policy",
    sa.Column("second_factor_required", sa.Boolean, nullable=False, server_default="false"),
    key=(),
)

people_group = tenant_table("people_group", sa.Column("name", sa.Text, nullable=False), now_column())
sa.Index("people_group_name_key", people_group.c.tenant_id, sa.func.lower(people_group.c.name), unique=True)

group_member = tenant_table(
    "group_member",
    sa.Column("group_id", Uuid, nullable=False),
    sa.Column("user_id", Uuid, nullable=False),
    belongs_to("people_group", "group_id"),
    belongs_to("membership", "user_id", key="user_id"),
    key=("group_id", "user_id"),
)
sa.Index(None, group_member.c.tenant_id, group_member.c.user_id)

invitation = tenant_table(
    "invitation",
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("group_ids", sa.ARRAY(Uuid), nullable=False),
    sa.Column("secret_sha256", sa.LargeBinary, nullable=False),
    sa.Column("invited_by", Uuid, nullable=False),
    now_column(),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("accepted_at", Moment),
    sa.Column("accepted_by", Uuid),
    sa.Column("revoked_at", Moment),
    belongs_to("membership", "invited_by", key="user_id"),
    belongs_to("membership", "accepted_by", key="user_id"),
    sa.CheckConstraint(f"role in {ROLES}", name="role"),
)
sa.Index(None, invitation.c.tenant_id, invitation.c.secret_sha256, unique=True)

api_key = tenant_table(
    "api_key",
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("prefix", sa.Text, nullable=False),
    sa.Column("secret_sha256", sa.LargeBinary, nullable=False),
    sa.Column("test", sa.Boolean, nullable=False),
    sa.Column("scope", sa.Text, nullable=False, server_default="full"),
    now_column(),
    sa.Column("expires_at", Moment),
    sa.Column("last_used_at", Moment),
    sa.Column("revoked_at", Moment),
    belongs_to("membership", "user_id", key="user_id"),
    sa.CheckConstraint("scope in ('read', 'label', 'manage', 'full')", name="scope"),
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

reset_link = tenant_table(
    "reset_link",
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("secret_sha256", sa.LargeBinary, nullable=False),
    sa.Column("second_factor", sa.Boolean, nullable=False),
    now_column(),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Column("revoked_at", Moment),
    belongs_to("membership", "user_id", key="user_id"),
)
sa.Index(None, reset_link.c.tenant_id, reset_link.c.secret_sha256, unique=True)

session = tenant_table(
    "session",
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("secret_sha256", sa.LargeBinary, nullable=False),
    sa.Column("device", sa.Text, nullable=False, server_default=""),
    sa.Column("second_factor", sa.Boolean, nullable=False, server_default="false"),
    now_column(),
    sa.Column("proved_at", Moment, nullable=False, server_default=sa.text("clock_timestamp()")),
    sa.Column("last_used_at", Moment, nullable=False, server_default=sa.text("clock_timestamp()")),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
    belongs_to("membership", "user_id", key="user_id"),
)
sa.Index(None, session.c.tenant_id, session.c.secret_sha256, unique=True)
sa.Index(None, session.c.tenant_id, session.c.user_id)

password = tenant_table(
    "password",
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("argon2", sa.Text, nullable=False),
    now_column("changed_at"),
    belongs_to("membership", "user_id", key="user_id"),
    key=("user_id",),
)

passkey = tenant_table(
    "passkey",
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("rp_id", sa.Text, nullable=False),
    sa.Column("credential_id", sa.LargeBinary, nullable=False),
    sa.Column("public_key", sa.LargeBinary, nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("backed_up", sa.Boolean, nullable=False),
    now_column(),
    sa.Column("last_used_at", Moment),
    belongs_to("membership", "user_id", key="user_id"),
)
sa.Index(None, passkey.c.tenant_id, passkey.c.credential_id, unique=True)
sa.Index(None, passkey.c.tenant_id, passkey.c.user_id)

authenticator_app = tenant_table(
    "authenticator_app",
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("sealed_secret", sa.LargeBinary, nullable=False),
    now_column(),
    sa.Column("confirmed_at", Moment),
    sa.Column("last_step", sa.BigInteger, nullable=False, server_default="0"),
    belongs_to("membership", "user_id", key="user_id"),
    key=("user_id",),
)

recovery_code = tenant_table(
    "recovery_code",
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("sha256", sa.LargeBinary, nullable=False),
    sa.Column("used_at", Moment),
    belongs_to("membership", "user_id", key="user_id"),
    key=("user_id", "sha256"),
)

challenge = tenant_table(
    "challenge",
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("user_id", Uuid),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    now_column(),
    sa.Column("expires_at", Moment, nullable=False),
    belongs_to("membership", "user_id", key="user_id"),
    sa.CheckConstraint("purpose in ('add_passkey', 'use_passkey', 'invitation', 'second_factor')", name="purpose"),
)

throttle = sa.Table(
    "throttle",
    metadata,
    sa.Column("key", sa.LargeBinary, primary_key=True),
    sa.Column("failures", sa.Float, nullable=False),
    sa.Column("counted_at", Moment, nullable=False),
    sa.Column("blocked_until", Moment, nullable=False),
)
sa.Index(None, throttle.c.counted_at)

idempotency_key = tenant_table(
    "idempotency_key",
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("request_sha256", sa.LargeBinary, nullable=False),
    sa.Column("subject_id", Uuid, nullable=False),
    now_column(),
    key=("user_id", "key"),
)
