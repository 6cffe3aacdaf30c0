"""Use cases of ontologies: a first version, and reading one."""

from uuid import UUID

from karat.database import Transaction
from karat.kit import Action, Caller, new_id, require
from karat.modalities import Attribute, kind_named
from karat.ontology import store
from karat.ontology.attribute_rules import check_attributes_fit
from karat.ontology.errors import OntologyInvalid, OntologyNotFound
from karat.ontology.rules import check_ontology, with_defaults
from karat.ontology.types import LabelClass, OntologyContent, OntologyVersion

# Versions are immutable, so a process may keep them; the key holds the tenant, and a look-up asks for it.
_CACHE_SIZE = 1000
_cache: dict[tuple[UUID, UUID], OntologyVersion] = {}


async def create_ontology(
    db: Transaction,
    caller: Caller,
    kind: str,
    classes: tuple[LabelClass, ...],
    attributes: tuple[Attribute, ...] = (),
) -> OntologyVersion:
    """The first version of a new ontology.

    Raises:
        KindUnknown: no such kind.
        OntologyInvalid: with every fault of the classes and attributes.
    """
    require(caller, Action.MANAGE_WORK)
    content = OntologyContent(classes=classes, attributes=attributes)
    if faults := [*check_ontology(content), *check_attributes_fit(content, kind_named(kind))]:
        raise OntologyInvalid(faults=faults)
    version = OntologyVersion(
        id=new_id(), version=1, kind=kind, classes=with_defaults(content).classes, attributes=attributes
    )
    await store.add(db, new_id(), version)
    return version


async def get_ontology(db: Transaction, caller: Caller, version_id: UUID) -> OntologyVersion:
    """One version.

    Raises:
        OntologyNotFound: no such version in the caller's tenant.
    """
    require(caller, Action.SEE_WORK)
    key = (caller.tenant_id, version_id)
    if key not in _cache:
        version = await store.find(db, version_id)
        if version is None:
            raise OntologyNotFound(ontology_version_id=version_id)
        if len(_cache) >= _CACHE_SIZE:
            _cache.clear()
        _cache[key] = version
    return _cache[key]
