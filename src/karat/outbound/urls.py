"""Read an address strictly, so that what is judged is what is connected to, however it was spelled."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from unicodedata import normalize
from urllib.parse import quote, unquote, urlsplit

import idna

from karat.outbound.errors import CredentialsInUrl, SchemeRefused, UrlInvalid
from karat.outbound.types import Address

MAX_LENGTH = 8192
DEFAULT_PORTS = {"https": 443, "http": 80}
SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):", re.ASCII)
LABEL = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(?<!-)$", re.ASCII)
NUMBER = re.compile(r"^(0x[0-9a-f]*|[0-9]+)$", re.ASCII)
NOT_IN_A_URL = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ud800-\udfff]")
# What may stand in a path or query as it is; the rest is percent-encoded, a lone % stays as the sender wrote it.
KEPT = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class ParsedUrl:
    """The parts of an address, each in its one plain form.

    Attributes:
        target: path and query.
        address: where the host is a number and no name.
        is_disguised: the host was written in a form that other programs may read as another host.
    """

    scheme: str
    host: str
    port: int
    target: str
    address: Address | None
    is_disguised: bool

    @property
    def authority(self) -> str:
        """Host and, unless it is the scheme's own, port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme and authority."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The whole address."""
        return self.origin + self.target


def parse_url(url: str) -> ParsedUrl:
    """Take an address apart.

    Raises:
        UrlInvalid: it is none, or holds what no address holds.
        SchemeRefused: neither https nor http.
        CredentialsInUrl: it carries a user name or a password.
    """
    if len(url) > MAX_LENGTH:
        raise UrlInvalid(f"The address is longer than {MAX_LENGTH} characters.")
    if found := NOT_IN_A_URL.search(url):
        raise UrlInvalid(f"The address holds {found.group()!a}.", hint="Copy it again; a space is written %20.")
    scheme = SCHEME.match(url)
    if scheme is None:
        raise UrlInvalid("The address has no scheme.", hint="Begin it with https://.")
    if scheme[1].lower() not in DEFAULT_PORTS:
        hint = "Use an https:// address; for buckets connect the bucket, for local files upload them."
        raise SchemeRefused(f"“{scheme[1].lower()[:40]}:” is not fetched.", hint=hint)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise UrlInvalid("The host of the address cannot be read.", hint="Check brackets and dots.") from None
    if "@" in parts.netloc:
        hint = "Take away what stands before the @; secrets are given as headers or with the connection."
        raise CredentialsInUrl("The address carries a user name or password.", hint=hint)
    host_text, port_text = _split_port(parts.netloc)
    host, address, is_disguised = _read_host(host_text)
    path = quote(parts.path or "/", safe=KEPT)
    target = f"{path}?{quote(parts.query, safe=KEPT)}" if parts.query else path
    port = _read_port(port_text) if port_text else DEFAULT_PORTS[parts.scheme]
    return ParsedUrl(parts.scheme, host, port, target, address, is_disguised)


def read_ipv4(host: str) -> IPv4Address | None:
    """An IPv4 address in any form that some program takes for one: decimal, octal, hexadecimal, with missing parts.

    None where the host is a name, that is, where its last part is no number.

    Raises:
        UrlInvalid: it ends in a number and is no address.

    Source: WHATWG URL Standard, 3.5, "ends in a number" and the IPv4 parser.
    """
    parts = host.split(".")
    if not NUMBER.match(parts[-1]):
        return None
    invalid = UrlInvalid("The host of the address ends in a number and is no IP address.")
    if len(parts) > 4 or not all(NUMBER.match(part) for part in parts) or max(map(len, parts)) > 64:
        raise invalid
    try:
        *first, last = [_number(part) for part in parts]
    except ValueError:
        raise invalid from None
    if any(part > 255 for part in first) or last >= 256 ** (4 - len(first)):
        raise invalid
    return IPv4Address(last + sum(part << 8 * (3 - at) for at, part in enumerate(first)))


def _split_port(netloc: str) -> tuple[str, str]:
    if netloc.startswith("["):
        host, _, rest = netloc.partition("]")
        if rest and not rest.startswith(":"):
            raise UrlInvalid("After the ] of the host only a port may stand.")
        return host + "]", rest[1:]
    host, _, port = netloc.partition(":")
    return host, port


def _read_port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) or not 0 < int(text) <= 65535:
        raise UrlInvalid("The port of the address is not a number from 1 to 65535.")
    return int(text)


def _read_host(text: str) -> tuple[str, Address | None, bool]:
    """The plain form of a host, its address if it is a number, and whether it was disguised."""
    if text.startswith("["):
        return _read_ipv6(text[1:-1])
    host = _plain_name(text)
    if (address := read_ipv4(host)) is not None:
        return str(address), address, text != str(address)
    if len(host) > 253 or not all(LABEL.match(label) for label in host.split(".")):
        raise UrlInvalid("The host of the address is neither a name nor an IP address.")
    return host, None, "%" in text


def _read_ipv6(text: str) -> tuple[str, Address, bool]:
    digits, percent, _ = text.partition("%")  # a zone names an interface of this machine
    try:
        address = IPv6Address(digits)
    except ValueError:
        raise UrlInvalid("What stands between [ and ] is no IPv6 address.") from None
    return str(address), address, bool(percent)


def _plain_name(text: str) -> str:
    """Lower case and ASCII, after everything that a resolver or a browser might undo is undone."""
    try:
        name = unquote(text, errors="strict") if "%" in text else text
        if NOT_IN_A_URL.search(name):
            raise UrlInvalid("The host of the address holds a character that no host holds.")
        if not name.isascii():
            name = idna.uts46_remap(normalize("NFKC", name), std3_rules=False).replace("\u3002", ".")
        name = name.lower().removesuffix(".")
        return name if name.isascii() else idna.encode(name).decode()
    except (UnicodeError, idna.IDNAError):
        raise UrlInvalid("The host of the address is not a valid international name.") from None


def _number(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8 if len(part) > 1 and part.startswith("0") else 10)
