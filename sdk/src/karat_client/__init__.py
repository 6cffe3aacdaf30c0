"""Python client of Karat: upload, label, wait, and read certified labels."""

from karat_client.client import Client
from karat_client.errors import (
    AnswerUnreadable,
    ApiError,
    ConfigurationMissing,
    Conflict,
    ConnectionFailed,
    DownloadDamaged,
    Gone,
    Invalid,
    JobCancelled,
    JobFailed,
    KaratError,
    NotAllowed,
    NotCertified,
    NotFound,
    ServerError,
    SourceUnusable,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    WaitTimeout,
)
from karat_client.faults import Fault
from karat_client.labels import Label, Labels, Provenance, read_labels
from karat_client.listing import Listing
from karat_client.progress import Progress
from karat_client.records import Annotation, LabelClass, QualityTarget
from karat_client.version import __version__

__all__ = [
    "Annotation",
    "AnswerUnreadable",
    "ApiError",
    "Client",
    "ConfigurationMissing",
    "Conflict",
    "ConnectionFailed",
    "DownloadDamaged",
    "Fault",
    "Gone",
    "Invalid",
    "JobCancelled",
    "JobFailed",
    "KaratError",
    "Label",
    "LabelClass",
    "Labels",
    "Listing",
    "NotAllowed",
    "NotCertified",
    "NotFound",
    "Progress",
    "Provenance",
    "QualityTarget",
    "ServerError",
    "SourceUnusable",
    "TooLarge",
    "TooManyRequests",
    "Unauthenticated",
    "WaitTimeout",
    "__version__",
    "read_labels",
]
