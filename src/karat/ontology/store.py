"""SQL of ontology versions."""

from uuid import UUID

from karat.database import Transaction
from karat.ontology.types import OntologyVersion


async def add(db: Transaction, ontology_id: UUID, version: OntologyVersion) -> None:
    await db.execute(
        """INSERT INTO ontology_version (tenant_id, id, ontology_id, version, kind, classes, attributes)
        VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        db.tenant_id,
        version.id,
        ontology_id,
        version.version,
        version.kind,
        [one.model_dump() for one in version.classes],
        [one.model_dump() for one in version.attributes],
    )


async def find(db: Transaction, version_id: UUID) -> OntologyVersion | None:
    row = await db.fetch_row(
        "SELECT id, version, kind, classes, attributes FROM ontology_version WHERE id = $1", version_id
    )
    return None if row is None else OntologyVersion.model_validate(dict(row))
