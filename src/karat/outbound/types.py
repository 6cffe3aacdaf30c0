"""What is known of another server before and after it was asked."""

from ipaddress import IPv4Address, IPv6Address

from pydantic import Field

from karat.kit import Record

Address = IPv4Address | IPv6Address

MIB = 1 << 20


class CheckedUrl(Record):
    """An address to which this server may connect, at the moment of the check.

    Attributes:
        url: in its one plain spelling, without a fragment.
        host: in lower case and ASCII; an IPv6 address without brackets.
        addresses: every answer of the name servers; all of them were checked.
    """

    url: str
    scheme: str
    host: str
    port: int
    addresses: tuple[Address, ...]


class Caps(Record):
    """How much one request may take.

    Attributes:
        connect_s: to look the name up, connect and agree on TLS.
        first_byte_s: from then until the head of the answer is there, and between two pieces of its body.
        total_s: the whole of it; redirects share it.
        max_bytes: of the body.
    """

    connect_s: float = Field(default=10, gt=0)
    first_byte_s: float = Field(default=30, gt=0)
    total_s: float = Field(default=300, gt=0)
    max_bytes: int = Field(default=1024 * MIB, ge=0)


class FetchedHead(Record):
    """What came before the body.

    Attributes:
        url: after redirects.
        media_type: as the other server calls it, in lower case and without parameters; not to be believed.
        n_bytes: as announced; None where nothing was.
    """

    url: str
    status: int
    media_type: str | None
    n_bytes: int | None
    etag: str | None
    last_modified: str | None
