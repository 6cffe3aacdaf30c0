"""People: invitations, groups, passwords, passkeys, second factors, scoped keys; e-mail addresses are each tenant's own."""

import sqlalchemy as sa
from alembic import op

from karat.database.migrations.row_security import isolate

revision = "0005"
down_revision = "0004"


ISOLATED = (
    "people_group",
    "tenant_policy",
    "authenticator_app",
    "challenge",
    "group_member",
    "invitation",
    "passkey",
    "password",
    "recovery_code",
    "reset_link",
)
# Two organisations of one name get names of their own in addresses.
NAME_TENANTS = """
UPDATE tenant SET slug = base || CASE WHEN n > 1 THEN '-' || right(replace(tenant.id::text, '-', ''), 8) ELSE '' END
FROM (SELECT id, base, row_number() OVER (PARTITION BY base ORDER BY id) AS n FROM (
    SELECT id, coalesce(nullif(trim('-' FROM regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g')), ''), 'organisation')
        AS base FROM tenant) AS named) AS numbered
WHERE numbered.id = tenant.id"""


def upgrade() -> None:
    op.create_table(
        "throttle",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Float(), nullable=False),
        sa.Column("counted_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("throttle_pkey")),
    )
    op.create_index(op.f("throttle_counted_at_idx"), "throttle", ["counted_at"], unique=False)
    op.create_table(
        "people_group",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("people_group_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("people_group_pkey")),
    )
    op.create_index(
        "people_group_name_key", "people_group", ["tenant_id", sa.literal_column("lower(name)")], unique=True
    )
    op.create_table(
        "tenant_policy",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("second_factor_required", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("tenant_policy_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("tenant_policy_pkey")),
    )
    op.create_table(
        "authenticator_app",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("confirmed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["membership.tenant_id", "membership.user_id"],
            name=op.f("authenticator_app_tenant_id_user_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("authenticator_app_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", name=op.f("authenticator_app_pkey")),
    )
    op.create_table(
        "challenge",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "purpose in ('add_passkey', 'use_passkey', 'invitation', 'second_factor')",
            name=op.f("challenge_purpose_check"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["membership.tenant_id", "membership.user_id"],
            name=op.f("challenge_tenant_id_user_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("challenge_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("challenge_pkey")),
    )
    op.create_table(
        "group_member",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("group_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "group_id"],
            ["people_group.tenant_id", "people_group.id"],
            name=op.f("group_member_tenant_id_group_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["membership.tenant_id", "membership.user_id"],
            name=op.f("group_member_tenant_id_user_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("group_member_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "group_id", "user_id", name=op.f("group_member_pkey")),
    )
    op.create_index(op.f("group_member_tenant_id_user_id_idx"), "group_member", ["tenant_id", "user_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("group_ids", sa.ARRAY(sa.UUID()), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.UUID(), nullable=True),
        sa.Column("revoked_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role in ('owner', 'admin', 'manager', 'reviewer', 'annotator', 'auditor', 'service')",
            name=op.f("invitation_role_check"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "accepted_by"],
            ["membership.tenant_id", "membership.user_id"],
            name=op.f("invitation_tenant_id_accepted_by_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "invited_by"],
            ["membership.tenant_id", "membership.user_id"],
            name=op.f("invitation_tenant_id_invited_by_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("invitation_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("invitation_pkey")),
    )
    op.create_index(
        op.f("invitation_tenant_id_secret_sha256_idx"), "invitation", ["tenant_id", "secret_sha256"], unique=True
    )
    op.create_table(
        "passkey",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rp_id", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("last_used_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["membership.tenant_id", "membership.user_id"],
            name=op.f("passkey_tenant_id_user_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("passkey_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("passkey_pkey")),
    )
    op.create_index(op.f("passkey_tenant_id_credential_id_idx"), "passkey", ["tenant_id", "credential_id"], unique=True)
    op.create_index(op.f("passkey_tenant_id_user_id_idx"), "passkey", ["tenant_id", "user_id"], unique=False)
    op.create_table(
        "password",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("argon2", sa.Text(), nullable=False),
        sa.Column(
            "changed_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["membership.tenant_id", "membership.user_id"],
            name=op.f("password_tenant_id_user_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("password_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", name=op.f("password_pkey")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["membership.tenant_id", "membership.user_id"],
            name=op.f("recovery_code_tenant_id_user_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("recovery_code_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "sha256", name=op.f("recovery_code_pkey")),
    )
    op.create_table(
        "reset_link",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("used_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["membership.tenant_id", "membership.user_id"],
            name=op.f("reset_link_tenant_id_user_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("reset_link_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("reset_link_pkey")),
    )
    op.create_index(
        op.f("reset_link_tenant_id_secret_sha256_idx"), "reset_link", ["tenant_id", "secret_sha256"], unique=True
    )
    op.add_column("api_key", sa.Column("scope", sa.Text(), server_default="full", nullable=False))
    op.add_column("api_key", sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("membership", sa.Column("email", sa.Text(), nullable=True))
    op.add_column("membership", sa.Column("active", sa.Boolean(), server_default="true", nullable=False))
    op.create_index("membership_email_key", "membership", ["tenant_id", sa.literal_column("lower(email)")], unique=True)
    op.add_column("session", sa.Column("device", sa.Text(), server_default="", nullable=False))
    op.add_column("session", sa.Column("second_factor", sa.Boolean(), server_default="false", nullable=False))
    op.add_column(
        "session",
        sa.Column(
            "proved_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
    )
    op.add_column(
        "session",
        sa.Column(
            "last_used_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
    )
    op.create_index(op.f("session_tenant_id_user_id_idx"), "session", ["tenant_id", "user_id"], unique=False)
    op.add_column("tenant", sa.Column("slug", sa.Text(), server_default=sa.text("gen_random_uuid()")))
    op.execute(NAME_TENANTS)
    op.alter_column("tenant", "slug", nullable=False)
    op.create_unique_constraint(op.f("tenant_slug_key"), "tenant", ["slug"])
    op.create_check_constraint(op.f("api_key_scope_check"), "api_key", "scope in ('read', 'label', 'manage', 'full')")
    op.drop_constraint(op.f("user_email_key"), "user", type_="unique")
    op.drop_column("user", "email")
    for table in ISOLATED:
        isolate(table)
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON throttle TO karat_app")
