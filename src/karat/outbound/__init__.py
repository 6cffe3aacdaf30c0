"""The one way in which this server connects to a host that a user named: checked addresses, capped answers."""

from karat.outbound.allowed import Allowed, parse_allowed
from karat.outbound.errors import (
    AddressRefused,
    AllowedInvalid,
    AnsweredNo,
    AnswerEncoded,
    AnswerTooLarge,
    CertificateRefused,
    CredentialsInUrl,
    CutOff,
    HeaderRefused,
    HostNotListed,
    NotConnected,
    NotHttp,
    NotResolved,
    OutboundFailed,
    OutboundRefused,
    PortRefused,
    RedirectRefused,
    SchemeRefused,
    SpellingRefused,
    TimedOut,
    UrlInvalid,
    fault_of,
)
from karat.outbound.guard import Guard
from karat.outbound.headers import check_headers
from karat.outbound.tunnel import Tunnel, open_tunnel
from karat.outbound.types import Address, Caps, CheckedUrl, FetchedHead
from karat.outbound.urls import parse_url

__all__ = [
    "Address",
    "AddressRefused",
    "Allowed",
    "AllowedInvalid",
    "AnswerEncoded",
    "AnswerTooLarge",
    "AnsweredNo",
    "Caps",
    "CertificateRefused",
    "CheckedUrl",
    "CredentialsInUrl",
    "CutOff",
    "FetchedHead",
    "Guard",
    "HeaderRefused",
    "HostNotListed",
    "NotConnected",
    "NotHttp",
    "NotResolved",
    "OutboundFailed",
    "OutboundRefused",
    "PortRefused",
    "RedirectRefused",
    "SchemeRefused",
    "SpellingRefused",
    "TimedOut",
    "Tunnel",
    "UrlInvalid",
    "check_headers",
    "fault_of",
    "open_tunnel",
    "parse_allowed",
    "parse_url",
]
