"""The one way in which this server connects to a host that a user named."""

import asyncio
from collections.abc import Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from karat.config import Settings
from karat.outbound.addresses import refused_kind
from karat.outbound.allowed import Allowed, parse_allowed
from karat.outbound.errors import AddressRefused, HostNotListed, NotResolved, PortRefused, SpellingRefused, TimedOut
from karat.outbound.ports import REFUSED_PORTS
from karat.outbound.resolving import Resolver, resolve
from karat.outbound.types import Address, Caps, CheckedUrl
from karat.outbound.urls import ParsedUrl, parse_url

if TYPE_CHECKING:
    from karat.outbound.fetching import Fetched, GuardedClient

RESOLVE_S = 10.0
LOOPBACK = [ip_address("127.0.0.1"), ip_address("::1")]
KIND_WORDS = {
    "loopback": "to this server itself",
    "metadata": "to a service that hands out the server's own credentials",
    "private": "into a private network",
    "shared": "into a network of the provider",
    "link-local": "to the server's own network link",
    "multicast": "to a group of machines",
    "unspecified": "to no machine in particular",
    "reserved": "to an address that is reserved",
}


class Guard:
    """Decides where this server may connect, and makes clients that connect nowhere else.

    Args:
        allowed: what the operator permits beyond the public internet.
        only_listed: refuse public hosts too that the operator has not listed.
        resolver: looks names up.
    """

    def __init__(self, allowed: Allowed | None = None, *, only_listed: bool = False, resolver: Resolver = resolve):
        self._allowed = allowed or Allowed()
        self._only_listed = only_listed
        self._resolver = resolver

    @classmethod
    def from_settings(cls, settings: Settings) -> "Guard":
        """The guard of an installation.

        Raises:
            AllowedInvalid: the setting cannot be read.
        """
        return cls(parse_allowed(settings.outbound_allow), only_listed=settings.outbound_reach == "listed")

    async def check(self, url: str) -> CheckedUrl:
        """Judge an address before anything is sent there.

        What passes may lead elsewhere a moment later: connect by `client` or `fetch`, which check the address that they
        connect to, or through `open_tunnel`.

        Raises:
            OutboundRefused: this server does not go there.
            NotResolved, TimedOut: nobody knows where it leads.
        """
        parsed = self.judge(url)
        addresses = await self.addresses(parsed.host, parsed.port)
        return CheckedUrl(
            url=parsed.url, scheme=parsed.scheme, host=parsed.host, port=parsed.port, addresses=tuple(addresses)
        )

    async def check_endpoint(self, url: str) -> CheckedUrl:
        """Judge the endpoint of a library that opens its own connections.

        It looks the name up again by itself, so this alone does not hold against a name server that changes its answer:
        give such a library the proxy of `open_tunnel` as well.

        Raises:
            OutboundRefused, NotResolved, TimedOut: as `check`.
        """
        return await self.check(url)

    def judge(self, url: str) -> ParsedUrl:
        """What can be said of an address without looking anything up.

        Raises:
            OutboundRefused: this server does not go there.
        """
        parsed = parse_url(url)
        if parsed.address is not None:
            self._permit(parsed.host, parsed.port, [parsed.address])
        if parsed.is_disguised:
            hint = f"Write it as {parsed.authority}."
            raise SpellingRefused("The host of the address is not written plainly.", hint=hint)
        return parsed

    async def addresses(self, host: str, port: int) -> list[Address]:
        """Where a host leads now; every answer has been judged.

        Raises:
            OutboundRefused: one of the answers is not permitted.
            NotResolved, TimedOut: there is no answer.
        """
        found = await self._look_up(host, port)
        if not found:
            raise NotResolved(f"The host {host} has no address.", host=host)
        self._permit(host, port, found)
        return list(dict.fromkeys(found))

    def permit_itself(self, host: str, port: int, address: Address) -> None:
        """Judge a connection that turned out to end on this very machine, by whatever address.

        Raises:
            AddressRefused: nobody permitted that.
        """
        if not self._allowed.permits_address(host, port, address, "loopback"):
            raise _refused(host, port, "loopback")

    def client(self, caps: Caps | None = None, **limits: Any) -> "GuardedClient":
        """A client whose every connection passes this guard; an async context manager.

        Args:
            caps: of every request; or name single ones: `client(total_s=20, max_bytes=1 << 20)`.

        Returns:
            An `httpx.AsyncClient` that follows no redirect and raises `OutboundRefused` and `OutboundFailed`.
        """
        from karat.outbound.fetching import GuardedClient

        return GuardedClient(self, caps or Caps(**limits))

    async def fetch(
        self, url: str, *, max_bytes: int, timeout_s: float, headers: Mapping[str, str] | None = None
    ) -> "Fetched":
        """GET one address, redirects followed and checked, and give its head and body.

        `async with await guard.fetch(url, …) as fetched:` has `fetched.head`, and `async for piece in fetched`. For many
        addresses make one `client` and call its `fetch`: connections are used again.

        Raises:
            OutboundRefused: this server does not go there, or not where it redirects.
            OutboundFailed: the other server did not answer as asked.
        """
        client = self.client(total_s=timeout_s, max_bytes=max_bytes)
        try:
            fetched = await client.fetch(url, headers=headers)
        except BaseException:
            await client.aclose()
            raise
        fetched.closes_with.append(client.aclose)
        return fetched

    async def _look_up(self, host: str, port: int) -> list[Address]:
        if host == "localhost" or host.endswith(".localhost"):  # RFC 6761: nobody is to be asked
            return list(LOOPBACK)
        try:
            return [ip_address(host)]
        except ValueError:
            pass
        try:
            async with asyncio.timeout(RESOLVE_S):
                return await self._resolver(host, port)
        except TimeoutError:
            raise TimedOut(f"Looking up {host} took longer than {RESOLVE_S:.0f} s.", phase="resolve") from None

    def _permit(self, host: str, port: int, addresses: list[Address]) -> None:
        kinds = [(address, refused_kind(address)) for address in addresses]
        for address, kind in kinds:
            permitted = self._allowed.permits_address(host, port, address, kind)
            if kind is not None and not permitted:
                raise _refused(host, port, kind)
            if self._only_listed and not permitted:
                raise HostNotListed(f"{host} is not on the operator's list.", hint=_how_to_allow(host, port), host=host)
        if port in REFUSED_PORTS and not self._allowed.names_port(host, port, addresses):
            hint = f"If it does speak HTTP: {_how_to_allow(host, port)}"
            raise PortRefused(f"Port {port} does not belong to a web server.", hint=hint, host=host, port=port)


def _refused(host: str, port: int, kind: str) -> AddressRefused:
    """The answer names what the user wrote, and the kind of what it leads to, never that itself."""
    if kind in {"loopback", "private", "shared", "link-local"}:
        hint = f"If it is meant: {_how_to_allow(host, port)}"
    elif kind == "metadata":
        hint = "No name may lead there; only an entry of exactly that IP address in KARAT_OUTBOUND_ALLOW permits it."
    else:
        hint = "Check the address; no server can be reached there."
    return AddressRefused(f"{host} leads {KIND_WORDS[kind]}.", hint=hint, host=host, leads_to=kind)


def _how_to_allow(host: str, port: int) -> str:
    entry = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return f"the operator adds it, KARAT_OUTBOUND_ALLOW={entry}, and starts Karat again."
