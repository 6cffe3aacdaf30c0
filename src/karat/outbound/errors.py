"""What can go wrong on the way to another server: we do not go there, or it did not give what was asked for.

The texts name what the user wrote and what to do. They never hold an address that a name led to, nor anything that the
other server said.
"""

from typing import Any

from karat.errors import Fault, Invalid, KaratError, Unavailable


class OutboundRefused(Invalid):
    """This server does not connect to that address."""

    code = "outbound.refused"

    def __init__(self, detail: str, *, hint: str | None = None, **data: Any) -> None:
        fault = Fault(code=self.code, message=detail, where="url", hint=hint)
        super().__init__(detail, faults=[fault], **data)
        self.hint = hint


class UrlInvalid(OutboundRefused):
    """This is not a web address that Karat can use."""

    code = "outbound.url_invalid"


class SchemeRefused(OutboundRefused):
    """Only https:// and http:// addresses are fetched."""

    code = "outbound.scheme_refused"


class CredentialsInUrl(OutboundRefused):
    """The address carries a user name or password."""

    code = "outbound.credentials_in_url"


class SpellingRefused(OutboundRefused):
    """The host of the address is written in a disguised form."""

    code = "outbound.spelling_refused"


class PortRefused(OutboundRefused):
    """The port of the address belongs to another kind of service."""

    code = "outbound.port_refused"


class AddressRefused(OutboundRefused):
    """The address leads to where only the operator may send this server."""

    code = "outbound.address_refused"


class HostNotListed(OutboundRefused):
    """This installation connects only to the hosts that its operator has listed."""

    code = "outbound.host_not_listed"


class RedirectRefused(OutboundRefused):
    """The other server redirects to where Karat does not follow."""

    code = "outbound.redirect_refused"


class HeaderRefused(OutboundRefused):
    """A header cannot be sent as it is given."""

    code = "outbound.header_refused"


class AllowedInvalid(Invalid):
    """An entry of KARAT_OUTBOUND_ALLOW is neither a host nor a network."""

    code = "outbound.allow_invalid"


class OutboundFailed(Unavailable):
    """The other server did not give what was asked for."""

    code = "outbound.failed"
    status = 502

    def __init__(self, detail: str, *, hint: str | None = None, **data: Any) -> None:
        super().__init__(detail, **({"hint": hint} if hint else {}), **data)
        self.hint = hint


class NotResolved(OutboundFailed):
    """The host of the address is not known to the name servers."""

    code = "outbound.not_resolved"


class NotConnected(OutboundFailed):
    """Nothing accepts connections at the address, or it broke them off."""

    code = "outbound.not_connected"


class CertificateRefused(OutboundFailed):
    """The other server could not prove by its certificate that it is who the address says."""

    code = "outbound.certificate_refused"
    retryable = False


class TimedOut(OutboundFailed):
    """The other server took too long."""

    code = "outbound.timed_out"
    status = 504


class NotHttp(OutboundFailed):
    """The other server does not speak HTTP as it should."""

    code = "outbound.not_http"
    retryable = False


class CutOff(OutboundFailed):
    """The other server sent less than it had announced."""

    code = "outbound.cut_off"


class AnswerTooLarge(OutboundFailed):
    """The other server sends more than is taken."""

    code = "outbound.too_large"
    retryable = False


class AnswerEncoded(OutboundFailed):
    """The other server sends a compressed answer although it was asked for a plain one."""

    code = "outbound.encoded"
    retryable = False


class AnsweredNo(OutboundFailed):
    """The other server answered, but not with what was asked for."""

    code = "outbound.answered_no"
    retryable = False


def fault_of(error: KaratError, where: str) -> Fault:
    """The error of one address among many, as a fault with its place: a row of a list, a line of a manifest."""
    return Fault(code=error.code, message=str(error), where=where, hint=getattr(error, "hint", None))
