"""What is labelled: datasets, their assets, and the imports that brought them."""

import sqlalchemy as sa

from karat.database.schema import Json, Uuid, belongs_to, now_column, tenant_table

dataset = tenant_table(
    "dataset",
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("modality", sa.Text, nullable=False),
    sa.Column("n_assets", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("n_bytes", sa.BigInteger, nullable=False, server_default="0"),
    now_column(),
)

data_import = tenant_table(
    "data_import",
    sa.Column("dataset_id", Uuid, nullable=False),
    sa.Column("job_id", Uuid),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("location", sa.Text, nullable=False),
    sa.Column("options", Json, nullable=False, server_default="{}"),
    sa.Column("resume_key", sa.Text),
    sa.Column("rows_read", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("rows_total", sa.BigInteger),
    sa.Column("n_added", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("n_duplicates", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("n_faults", sa.BigInteger, nullable=False, server_default="0"),
    now_column(),
    belongs_to("dataset", "dataset_id"),
)

import_fault = tenant_table(
    "import_fault",
    sa.Column("import_id", Uuid, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("where", sa.Text, nullable=False),
    sa.Column("hint", sa.Text),
    belongs_to("data_import", "import_id"),
    key=("import_id", "position"),
)

asset = tenant_table(
    "asset",
    sa.Column("dataset_id", Uuid, nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sha256", sa.LargeBinary, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("n_bytes", sa.BigInteger, nullable=False),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
    sa.Column("length", sa.BigInteger),
    sa.Column("text", sa.Text),
    sa.Column("metadata", Json, nullable=False, server_default="{}"),
    now_column(),
    belongs_to("dataset", "dataset_id"),
    sa.UniqueConstraint("tenant_id", "dataset_id", "external_id"),
    sa.UniqueConstraint("tenant_id", "dataset_id", "sha256"),
)
sa.Index(None, asset.c.tenant_id, asset.c.dataset_id, asset.c.id)

# Files on their way from a browser, part by part. How much has come of each is the size of its file, nowhere else.
upload = tenant_table(
    "upload",
    sa.Column("dataset_id", Uuid, nullable=False),
    sa.Column("user_id", Uuid, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("n_files", sa.Integer, nullable=False, server_default="0"),
    sa.Column("n_bytes", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("import_id", Uuid),
    now_column(),
    now_column("touched_at"),
    belongs_to("dataset", "dataset_id"),
)

upload_file = tenant_table(
    "upload_file",
    sa.Column("upload_id", Uuid, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    belongs_to("upload", "upload_id"),
    key=("upload_id", "position"),
)
