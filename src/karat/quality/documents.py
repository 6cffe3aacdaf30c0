"""The documents that there are: which certificate a file holds follows from the method that it names."""

from typing import Any, TypeAlias

from karat.quality.certificate import SignedCertificate
from karat.quality.objects.document import METHOD as LOSS_METHOD
from karat.quality.objects.document import SignedLossCertificate

AnyCertificate: TypeAlias = SignedCertificate | SignedLossCertificate


def read_certificate(document: Any) -> AnyCertificate:
    """The certificate of a JSON value.

    Raises:
        ValidationError: it is none.
    """
    if isinstance(document, dict) and document.get("method") == LOSS_METHOD:
        return SignedLossCertificate.model_validate(document)
    return SignedCertificate.model_validate(document)
