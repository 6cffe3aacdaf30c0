"""Which IP addresses are public; the others belong to this machine, its network, or its cloud.

Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries; the clouds' documentation of their metadata services.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from karat.outbound.types import Address

Network = IPv4Network | IPv6Network

METADATA = "metadata"

# The first that fits names an address. What only cloud machines reach hands out their credentials.
KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        METADATA,
        (
            "169.254.169.254",  # AWS, Azure, Google, DigitalOcean, Oracle …
            "169.254.169.123",  # AWS time
            "169.254.169.253",  # AWS name server
            "169.254.170.2",  # AWS ECS task credentials
            "169.254.170.23",  # AWS EKS pod identity
            "169.254.0.23",  # Tencent
            "100.100.100.200",  # Alibaba
            "168.63.129.16",  # Azure, in public space
            "192.0.0.192",  # Oracle Classic
            "fd00:ec2::23",
            "fd00:ec2::253",
            "fd00:ec2::254",
            "fd20:ce::254",  # Google
            "fd00:c1::a9fe:a9fe",  # Oracle
            "fd00:42::42",  # Scaleway
            "fe80::a9fe:a9fe",  # OpenStack
        ),
    ),
    ("loopback", ("127.0.0.0/8", "::1")),
    ("unspecified", ("0.0.0.0/8", "::")),
    ("private", ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10")),
    ("shared", ("100.64.0.0/10",)),
    ("link-local", ("169.254.0.0/16", "fe80::/10")),
    ("multicast", ("224.0.0.0/4", "ff00::/8")),
    (
        "reserved",
        (
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "240.0.0.0/4",
            "2001::/23",  # Teredo, ORCHID, benchmarks
            "2001:db8::/32",
            "2002::/16",  # 6to4: carries IPv4 addresses, out of use
            "3fff::/20",
        ),
    ),
)
NETWORKS: tuple[tuple[str, Network], ...] = tuple(
    (kind, ip_network(network)) for kind, networks in KINDS for network in networks
)
GLOBAL_IPV6 = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")


def unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv4-mapped or NAT64 address leads to; any other as it is, without its zone."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return IPv6Address(int(address))


def refused_kind(address: Address) -> str | None:
    """What an address belongs to that is not the public internet; None for a public one.

    Forms that carry another address inside (IPv4-mapped, IPv4-compatible, NAT64, ISATAP) are judged by that; 6to4 and
    Teredo are refused whatever they carry.
    """
    plain = unwrapped(address)
    for kind, network in NETWORKS:
        if plain.version == network.version and plain in network:
            return kind
    if isinstance(plain, IPv4Address):
        return None
    if plain not in GLOBAL_IPV6:
        return "reserved"
    return _inside_isatap(plain)


def _inside_isatap(address: IPv6Address) -> str | None:
    """ISATAP (RFC 5214) may stand behind any prefix: its interface id is 0:5efe or 200:5efe and an IPv4 address."""
    interface = int(address) & 0xFFFFFFFF_FFFFFFFF
    if interface >> 32 not in {0x00005EFE, 0x02005EFE}:
        return None
    return refused_kind(IPv4Address(interface & 0xFFFFFFFF))
