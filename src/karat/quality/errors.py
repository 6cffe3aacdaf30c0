"""What can go wrong with certificates."""

from karat.errors import NotFound


class CertificateNotFound(NotFound):
    """There is no such certificate."""

    code = "certificate.not_found"
