"""Versions of what may be said about an asset. A version never changes; a change is a new version."""

import sqlalchemy as sa

from karat.database.schema import Json, Uuid, now_column, tenant_table

ontology_version = tenant_table(
    "ontology_version",
    sa.Column("ontology_id", Uuid, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("classes", Json, nullable=False),
    sa.Column("attributes", Json, nullable=False, server_default=sa.text("'[]'::jsonb")),
    now_column(),
    sa.UniqueConstraint("tenant_id", "ontology_id", "version"),
)
