"""What the operator permits beyond the public internet: KARAT_OUTBOUND_ALLOW."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_network

from karat.errors import Fault
from karat.outbound.addresses import METADATA, Network, unwrapped
from karat.outbound.errors import AllowedInvalid
from karat.outbound.types import Address

# A name leads wherever its name server says; what it may lead to is bounded all the same.
BY_NAME = frozenset({"loopback", "private", "shared"})
NAME = re.compile(r"^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$", re.ASCII)
HINT = "Entries are separated by commas: models.lan, *.corp.example, 10.1.2.3, 10.0.0.0/8, [fd00::7]:9000, minio:9000."


@dataclass(frozen=True, slots=True)
class Permit:
    """One entry: a name or a network, and the port if it permits only one."""

    name: str | None
    network: Network | None
    port: int | None

    def covers(self, host: str, address: Address | None, kind: str | None) -> bool:
        """Whether it speaks of this host, or of this address of the kind that is otherwise refused."""
        if self.name is not None:
            return (kind is None or kind in BY_NAME) and self._is_name(host)
        if self.network is None or address is None:
            return False
        plain = unwrapped(address)
        if plain.version != self.network.version or plain not in self.network:
            return False
        return kind != METADATA or self.network.num_addresses == 1

    def _is_name(self, host: str) -> bool:
        assert self.name is not None
        return host.endswith(self.name[1:]) if self.name.startswith("*.") else host == self.name


@dataclass(frozen=True, slots=True)
class Allowed:
    """All entries."""

    permits: tuple[Permit, ...] = ()

    def permits_address(self, host: str, port: int, address: Address, kind: str | None) -> bool:
        """Whether the operator sends this server to that address."""
        return any(one.covers(host, address, kind) for one in self.permits if one.port in {None, port})

    def names_port(self, host: str, port: int, addresses: Sequence[Address]) -> bool:
        """Whether an entry names this very port of the host."""
        return any(
            one.port == port and any(one.covers(host, address, None) for address in addresses) for one in self.permits
        )


def parse_allowed(text: str | None) -> Allowed:
    """Read the setting.

    Raises:
        AllowedInvalid: with every entry that is none.
    """
    permits, faults = [], []
    for entry in filter(None, (one.strip() for one in (text or "").split(","))):
        try:
            permits.append(_parse(entry.lower()))
        except ValueError as error:
            faults.append(Fault(code="outbound.allow_invalid", message=str(error), where=entry, hint=HINT))
    if faults:
        raise AllowedInvalid(faults=faults)
    return Allowed(tuple(permits))


def _parse(entry: str) -> Permit:
    if "://" in entry:
        raise ValueError("Hosts are written without https:// and path.")
    host, port = _split(entry)
    try:
        return Permit(None, ip_network(host), port)
    except ValueError:
        if "/" in host:
            raise ValueError("This is no network; its host bits have to be zero.") from None
    if not NAME.match(host) or host.split(".")[-1].isdigit():
        raise ValueError("This is neither a host nor a network.")
    return Permit(host, None, port)


def _split(entry: str) -> tuple[str, int | None]:
    if entry.startswith("["):
        host, bracket, rest = entry[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise ValueError("After the brackets only a port may stand.")
        port = rest[1:]
    elif entry.count(":") == 1:
        host, _, port = entry.partition(":")
    else:
        host, port = entry, ""
    if not port:
        return host, None
    if not re.fullmatch(r"[0-9]{1,5}", port, re.ASCII) or not 0 < int(port) <= 65535:
        raise ValueError("The port is not a number from 1 to 65535.")
    return host, int(port)
