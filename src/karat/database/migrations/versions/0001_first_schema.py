"""The first schema: all tables, their row security, and what the application's role may do."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from karat.database.migrations.row_security import isolate

revision = "0001"
down_revision = None

TENANT_TABLES = (
    "annotator_skill",
    "api_key",
    "asset",
    "assignment",
    "audit_entry",
    "audit_seal",
    "batch",
    "belief",
    "certificate",
    "check_draw",
    "data_import",
    "dataset",
    "export",
    "feature_set",
    "frozen_label",
    "idempotency_key",
    "import_fault",
    "instructions",
    "job",
    "membership",
    "model",
    "model_version",
    "ontology_version",
    "prediction",
    "project",
    "project_model",
    "review",
    "routing_round",
    "session",
    "sign_in_code",
    "submission",
    "task",
)
APPEND_ONLY = ("audit_entry", "audit_seal", "certificate", "instructions", "ontology_version", "review", "submission")


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", pg.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("event_pkey")),
    )
    op.create_table(
        "tenant",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("tenant_pkey")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("kind in ('person', 'service', 'simulated')", name=op.f("user_kind_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("user_pkey")),
        sa.UniqueConstraint("email", name=op.f("user_email_key")),
    )
    op.create_table(
        "audit_seal",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("first_position", sa.BigInteger(), nullable=False),
        sa.Column("last_position", sa.BigInteger(), nullable=False),
        sa.Column("head_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("audit_seal_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("audit_seal_pkey")),
    )
    op.create_index(
        op.f("audit_seal_tenant_id_last_position_idx"), "audit_seal", ["tenant_id", "last_position"], unique=True
    )
    op.create_table(
        "dataset",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("n_assets", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("n_bytes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("dataset_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("dataset_pkey")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("idempotency_key_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "key", name=op.f("idempotency_key_pkey")),
    )
    op.create_table(
        "job",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("payload", pg.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=True),
        sa.Column("dedupe_key", sa.Text(), nullable=True),
        sa.Column("progress", sa.BigInteger(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("started_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("finished_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("job_state_check")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("job_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("job_pkey")),
    )
    op.create_index(
        "job_dedupe_idx",
        "job",
        ["tenant_id", "name", "dedupe_key"],
        unique=True,
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(op.f("job_tenant_id_subject_id_idx"), "job", ["tenant_id", "subject_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "role in ('owner', 'admin', 'manager', 'reviewer', 'annotator', 'auditor', 'service')",
            name=op.f("membership_role_check"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("membership_tenant_id_fkey")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("membership_user_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", name=op.f("membership_pkey")),
    )
    op.create_table(
        "model",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("model_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("model_pkey")),
    )
    op.create_table(
        "ontology_version",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("ontology_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("classes", pg.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("ontology_version_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("ontology_version_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "ontology_id", "version", name=op.f("ontology_version_tenant_id_ontology_id_version_key")
        ),
    )
    op.create_table(
        "api_key",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("last_used_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["membership.tenant_id", "membership.user_id"],
            name=op.f("api_key_tenant_id_user_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("api_key_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("api_key_pkey")),
    )
    op.create_index(op.f("api_key_tenant_id_secret_sha256_idx"), "api_key", ["tenant_id", "secret_sha256"], unique=True)
    op.create_table(
        "asset",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("dataset_id", sa.UUID(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("n_bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("length", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("metadata", pg.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "dataset_id"],
            ["dataset.tenant_id", "dataset.id"],
            name=op.f("asset_tenant_id_dataset_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("asset_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("asset_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "dataset_id", "external_id", name=op.f("asset_tenant_id_dataset_id_external_id_key")
        ),
        sa.UniqueConstraint("tenant_id", "dataset_id", "sha256", name=op.f("asset_tenant_id_dataset_id_sha256_key")),
    )
    op.create_index(op.f("asset_tenant_id_dataset_id_id_idx"), "asset", ["tenant_id", "dataset_id", "id"], unique=False)
    op.create_table(
        "audit_entry",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("data", pg.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("seal_id", sa.UUID(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "seal_id"],
            ["audit_seal.tenant_id", "audit_seal.id"],
            name=op.f("audit_entry_tenant_id_seal_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("audit_entry_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("audit_entry_pkey")),
    )
    op.create_index(op.f("audit_entry_tenant_id_position_idx"), "audit_entry", ["tenant_id", "position"], unique=True)
    op.create_index(
        "audit_entry_unsealed_idx",
        "audit_entry",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("position IS NULL"),
    )
    op.create_table(
        "data_import",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("dataset_id", sa.UUID(), nullable=False),
        sa.Column("job_id", sa.UUID(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("rows_read", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_total", sa.BigInteger(), nullable=True),
        sa.Column("n_added", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("n_duplicates", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("n_faults", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "dataset_id"],
            ["dataset.tenant_id", "dataset.id"],
            name=op.f("data_import_tenant_id_dataset_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("data_import_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("data_import_pkey")),
    )
    op.create_table(
        "feature_set",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("dataset_id", sa.UUID(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("n_assets", sa.Integer(), nullable=False),
        sa.Column("n_columns", sa.Integer(), nullable=False),
        sa.Column("asset_ids_sha256", sa.Text(), nullable=False),
        sa.Column("matrix_sha256", sa.Text(), nullable=False),
        sa.Column("neighbours_sha256", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "dataset_id"],
            ["dataset.tenant_id", "dataset.id"],
            name=op.f("feature_set_tenant_id_dataset_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("feature_set_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("feature_set_pkey")),
        sa.UniqueConstraint(
            "tenant_id",
            "dataset_id",
            "extractor",
            "asset_ids_sha256",
            name=op.f("feature_set_tenant_id_dataset_id_extractor_asset_ids_sha256_key"),
        ),
    )
    op.create_table(
        "model_version",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("model_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("n_trained_on", sa.Integer(), nullable=False),
        sa.Column("labels_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("metrics", pg.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "model_id"],
            ["model.tenant_id", "model.id"],
            name=op.f("model_version_tenant_id_model_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("model_version_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("model_version_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "model_id", "version", name=op.f("model_version_tenant_id_model_id_version_key")
        ),
    )
    op.create_table(
        "project",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("dataset_id", sa.UUID(), nullable=False),
        sa.Column("ontology_version_id", sa.UUID(), nullable=False),
        sa.Column("instructions_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("phase_sentence", sa.Text(), nullable=False),
        sa.Column("target", pg.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("state in ('running', 'paused', 'finished')", name=op.f("project_state_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "dataset_id"],
            ["dataset.tenant_id", "dataset.id"],
            name=op.f("project_tenant_id_dataset_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ontology_version_id"],
            ["ontology_version.tenant_id", "ontology_version.id"],
            name=op.f("project_tenant_id_ontology_version_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("project_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("project_pkey")),
    )
    op.create_table(
        "session",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["membership.tenant_id", "membership.user_id"],
            name=op.f("session_tenant_id_user_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("session_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("session_pkey")),
    )
    op.create_index(op.f("session_tenant_id_secret_sha256_idx"), "session", ["tenant_id", "secret_sha256"], unique=True)
    op.create_table(
        "sign_in_code",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("used_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["membership.tenant_id", "membership.user_id"],
            name=op.f("sign_in_code_tenant_id_user_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("sign_in_code_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("sign_in_code_pkey")),
    )
    op.create_index(
        op.f("sign_in_code_tenant_id_secret_sha256_idx"), "sign_in_code", ["tenant_id", "secret_sha256"], unique=True
    )
    op.create_table(
        "annotator_skill",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("n_answers", sa.Integer(), nullable=False),
        sa.Column("accuracy", sa.REAL(), nullable=False),
        sa.Column("low", sa.REAL(), nullable=False),
        sa.Column("high", sa.REAL(), nullable=False),
        sa.Column(
            "updated_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("annotator_skill_tenant_id_project_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("annotator_skill_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "project_id", "user_id", name=op.f("annotator_skill_pkey")),
    )
    op.create_table(
        "batch",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("n_tasks", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("state in ('staging', 'in_progress', 'completed')", name=op.f("batch_state_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("batch_tenant_id_project_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("batch_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("batch_pkey")),
        sa.UniqueConstraint("tenant_id", "project_id", "number", name=op.f("batch_tenant_id_project_id_number_key")),
    )
    op.create_table(
        "check_draw",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("alpha", sa.Double(), nullable=False),
        sa.Column("n_labels", sa.Integer(), nullable=False),
        sa.Column("n_drawn", sa.Integer(), server_default="0", nullable=False),
        sa.Column("labels_sha256", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("state in ('checking', 'certified', 'failed')", name=op.f("check_draw_state_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("check_draw_tenant_id_project_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("check_draw_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("check_draw_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "project_id", "attempt", name=op.f("check_draw_tenant_id_project_id_attempt_key")
        ),
    )
    op.create_table(
        "export",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("job_id", sa.UUID(), nullable=True),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("n_labels", sa.BigInteger(), nullable=True),
        sa.Column("n_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("export_tenant_id_project_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("export_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("export_pkey")),
    )
    op.create_table(
        "import_fault",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"],
            ["data_import.tenant_id", "data_import.id"],
            name=op.f("import_fault_tenant_id_import_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("import_fault_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "import_id", "position", name=op.f("import_fault_pkey")),
    )
    op.create_table(
        "instructions",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("instructions_tenant_id_project_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("instructions_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "project_id", "version", name=op.f("instructions_pkey")),
    )
    op.create_table(
        "project_model",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("model_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "model_id"],
            ["model.tenant_id", "model.id"],
            name=op.f("project_model_tenant_id_model_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("project_model_tenant_id_project_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("project_model_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "project_id", name=op.f("project_model_pkey")),
    )
    op.create_table(
        "certificate",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("draw_id", sa.UUID(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column(
            "issued_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "draw_id"],
            ["check_draw.tenant_id", "check_draw.id"],
            name=op.f("certificate_tenant_id_draw_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("certificate_tenant_id_project_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("certificate_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("certificate_pkey")),
    )
    op.create_table(
        "routing_round",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.UUID(), nullable=True),
        sa.Column("n_human_answers", sa.Integer(), nullable=False),
        sa.Column("n_changed", sa.Integer(), nullable=False),
        sa.Column("expected_error", sa.REAL(), nullable=False),
        sa.Column("model_version_id", sa.UUID(), nullable=True),
        sa.Column("facts", pg.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "batch_id"],
            ["batch.tenant_id", "batch.id"],
            name=op.f("routing_round_tenant_id_batch_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("routing_round_tenant_id_project_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("routing_round_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("routing_round_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "project_id", "number", name=op.f("routing_round_tenant_id_project_id_number_key")
        ),
    )
    op.create_table(
        "task",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("asset_id", sa.UUID(), nullable=False),
        sa.Column("batch_id", sa.UUID(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("priority", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("wanted", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("taken", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("answered", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("confidence", sa.REAL(), nullable=True),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("stage in ('model', 'people', 'review', 'check', 'done')", name=op.f("task_stage_check")),
        sa.CheckConstraint(
            "taken >= 0 and taken <= wanted and answered >= 0 and answered <= taken", name=op.f("task_overlap_check")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"], ["asset.tenant_id", "asset.id"], name=op.f("task_tenant_id_asset_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "batch_id"], ["batch.tenant_id", "batch.id"], name=op.f("task_tenant_id_batch_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("task_tenant_id_project_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("task_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("task_pkey")),
        sa.UniqueConstraint("tenant_id", "project_id", "asset_id", name=op.f("task_tenant_id_project_id_asset_id_key")),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index(
        "task_open_idx",
        "task",
        ["tenant_id", "project_id", "stage", "priority", "id"],
        unique=False,
        postgresql_where=sa.text("taken < wanted"),
    )
    op.create_index(op.f("task_tenant_id_batch_id_idx"), "task", ["tenant_id", "batch_id"], unique=False)
    op.create_index(
        op.f("task_tenant_id_project_id_stage_id_idx"), "task", ["tenant_id", "project_id", "stage", "id"], unique=False
    )
    op.create_table(
        "assignment",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("task_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("draft", pg.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("draft_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("purpose in ('label', 'review', 'check')", name=op.f("assignment_purpose_check")),
        sa.CheckConstraint(
            "state in ('held', 'submitted', 'skipped', 'released', 'expired')", name=op.f("assignment_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "task_id"], ["task.tenant_id", "task.id"], name=op.f("assignment_tenant_id_task_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["membership.tenant_id", "membership.user_id"],
            name=op.f("assignment_tenant_id_user_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("assignment_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("assignment_pkey")),
    )
    op.create_index(
        "assignment_held_idx",
        "assignment",
        ["tenant_id", "expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index("assignment_latest_idx", "assignment", ["tenant_id", "project_id", "user_id", "id"], unique=False)
    op.create_index(
        "assignment_mine_idx",
        "assignment",
        ["tenant_id", "user_id", "project_id"],
        unique=False,
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index(
        "assignment_once_idx",
        "assignment",
        ["tenant_id", "task_id", "user_id", "purpose"],
        unique=True,
        postgresql_where=sa.text("state in ('held', 'submitted', 'skipped')"),
    )
    op.create_table(
        "belief",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("task_id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("posterior", pg.ARRAY(sa.REAL()), nullable=False),
        sa.Column("gap", sa.REAL(), nullable=False),
        sa.Column("n_answers", sa.SmallInteger(), nullable=False),
        sa.Column(
            "updated_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("belief_tenant_id_project_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "task_id"], ["task.tenant_id", "task.id"], name=op.f("belief_tenant_id_task_id_fkey")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("belief_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "task_id", name=op.f("belief_pkey")),
    )
    op.create_index(op.f("belief_tenant_id_project_id_idx"), "belief", ["tenant_id", "project_id"], unique=False)
    op.create_table(
        "frozen_label",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("draw_id", sa.UUID(), nullable=False),
        sa.Column("task_id", sa.UUID(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("reference_label", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "draw_id"],
            ["check_draw.tenant_id", "check_draw.id"],
            name=op.f("frozen_label_tenant_id_draw_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "task_id"], ["task.tenant_id", "task.id"], name=op.f("frozen_label_tenant_id_task_id_fkey")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("frozen_label_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "draw_id", "task_id", name=op.f("frozen_label_pkey")),
    )
    op.create_index(
        "frozen_label_drawn_idx",
        "frozen_label",
        ["tenant_id", "draw_id", "position"],
        unique=True,
        postgresql_where=sa.text("position IS NOT NULL"),
    )
    op.create_table(
        "prediction",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("task_id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("model_version_id", sa.UUID(), nullable=False),
        sa.Column("probabilities", pg.ARRAY(sa.REAL()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "model_version_id"],
            ["model_version.tenant_id", "model_version.id"],
            name=op.f("prediction_tenant_id_model_version_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("prediction_tenant_id_project_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "task_id"], ["task.tenant_id", "task.id"], name=op.f("prediction_tenant_id_task_id_fkey")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("prediction_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "task_id", name=op.f("prediction_pkey")),
    )
    op.create_index(
        op.f("prediction_tenant_id_project_id_idx"), "prediction", ["tenant_id", "project_id"], unique=False
    )
    op.create_table(
        "submission",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("task_id", sa.UUID(), nullable=False),
        sa.Column("assignment_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("annotations", pg.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ontology_version_id", sa.UUID(), nullable=False),
        sa.Column("instructions_version", sa.Integer(), nullable=False),
        sa.Column("duration_s", sa.REAL(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("withdrawn_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "assignment_id"],
            ["assignment.tenant_id", "assignment.id"],
            name=op.f("submission_tenant_id_assignment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "task_id"], ["task.tenant_id", "task.id"], name=op.f("submission_tenant_id_task_id_fkey")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("submission_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("submission_pkey")),
    )
    op.create_index(
        "submission_counts_idx",
        "submission",
        ["tenant_id", "assignment_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at is null"),
    )
    op.create_index(
        op.f("submission_tenant_id_project_id_id_idx"), "submission", ["tenant_id", "project_id", "id"], unique=False
    )
    op.create_index(op.f("submission_tenant_id_task_id_idx"), "submission", ["tenant_id", "task_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("project_id", sa.UUID(), nullable=False),
        sa.Column("task_id", sa.UUID(), nullable=False),
        sa.Column("assignment_id", sa.UUID(), nullable=False),
        sa.Column("submission_id", sa.UUID(), nullable=True),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("annotations", pg.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("duration_s", sa.REAL(), nullable=False),
        sa.Column(
            "created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("verdict in ('accept', 'fix', 'reject')", name=op.f("review_verdict_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "assignment_id"],
            ["assignment.tenant_id", "assignment.id"],
            name=op.f("review_tenant_id_assignment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "submission_id"],
            ["submission.tenant_id", "submission.id"],
            name=op.f("review_tenant_id_submission_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "task_id"], ["task.tenant_id", "task.id"], name=op.f("review_tenant_id_task_id_fkey")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("review_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("review_pkey")),
        sa.UniqueConstraint("tenant_id", "assignment_id", name=op.f("review_tenant_id_assignment_id_key")),
    )
    op.create_index(
        op.f("review_tenant_id_project_id_id_idx"), "review", ["tenant_id", "project_id", "id"], unique=False
    )
    for table in TENANT_TABLES:
        isolate(table)
    for table in ("tenant", "user", "event"):
        op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO karat_app')
    for table in APPEND_ONLY:
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM karat_app")
    op.execute("GRANT UPDATE (seal_id, position, sha256) ON audit_entry TO karat_app")
    op.execute("GRANT UPDATE (withdrawn_at) ON submission TO karat_app")
