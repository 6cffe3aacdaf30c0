"""The quality engine: beliefs, routing, checks, certificates."""

from karat.quality.certificates import certificate_file, list_certificates
from karat.quality.overview import get_overview
from karat.quality.service import Turn, look_again, on_prediction, on_work
from karat.quality.types import CertificateSummary, Overview

__all__ = [
    "CertificateSummary",
    "Overview",
    "Turn",
    "certificate_file",
    "get_overview",
    "list_certificates",
    "look_again",
    "on_prediction",
    "on_work",
]
