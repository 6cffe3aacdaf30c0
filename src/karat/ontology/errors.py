"""What can be wrong with an ontology."""

from karat.errors import Invalid, NotFound


class OntologyInvalid(Invalid):
    """The label classes are not right; `faults` lists everything found."""

    code = "ontology.invalid"


class OntologyNotFound(NotFound):
    """There is no such ontology version."""

    code = "ontology.not_found"
