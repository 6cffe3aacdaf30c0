"""Label classes: what may be said about an asset, in immutable versions."""

from karat.ontology.errors import OntologyInvalid, OntologyNotFound
from karat.ontology.rules import check_ontology, with_defaults
from karat.ontology.service import create_ontology, get_ontology
from karat.ontology.types import LabelClass, OntologyContent, OntologyVersion

__all__ = [
    "LabelClass",
    "OntologyContent",
    "OntologyInvalid",
    "OntologyNotFound",
    "OntologyVersion",
    "check_ontology",
    "create_ontology",
    "get_ontology",
    "with_defaults",
]
