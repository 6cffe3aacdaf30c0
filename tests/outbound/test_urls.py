"""However an address is spelled, it is judged by what it leads to."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat.outbound import (
    AddressRefused,
    CredentialsInUrl,
    Guard,
    OutboundRefused,
    PortRefused,
    SchemeRefused,
    SpellingRefused,
    UrlInvalid,
    parse_allowed,
)
from karat.outbound.addresses import NAT64, refused_kind
from karat.outbound.urls import parse_url
from tests.outbound.lab import Names

pytestmark = pytest.mark.requirement("SEC-3")

# Each is one of the machine, its network or its cloud, in a form that some program takes for it.
DISGUISES = [
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "017700000001", "0177.0.0.1", "0x7f000001",
    "0x7f.1", "0X7F.0.0.1", "0x7f.0x0.0x0.0x1", "127.0.0.1.", "127。0。0。1", "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127%2e0%2e0%2e1",
    "%31%32%37.0.0.1", "127．0．0．1", "0", "0.0.0.0", "0x0", "00", "localhost", "LOCALHOST", "localhost.", "a.localhost",
    "ⓛocalhost", "local\u00adhost", "10.0.0.1", "10.1", "012.0.0.1", "167772161", "172.16.0.1",
    "172.31.255.255", "192.168.1.1", "0300.0250.1.1", "3232235777", "100.64.0.1", "169.254.169.254", "2852039166",
    "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "169.254.1.1", "100.100.100.200", "168.63.129.16",
    "192.0.0.192", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
    "198.51.100.7", "203.0.113.9", "192.88.99.1", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::0001]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:169.254.169.254]", "[::ffff:10.0.0.1]", "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]",
    "[2002:808:808::]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[fd00:ec2::254]", "[fd20:ce::254]", "[fe80::1]",
    "[fe80::1%25eth0]", "[fe80::1%eth0]", "[::1%25lo]", "[fc00::1]", "[fd12:3456::1]", "[fec0::1]", "[ff02::1]",
    "[2001:db8::1]", "[100::1]", "[2606:4700::5efe:10.0.0.1]", "[2606:4700::200:5efe:7f00:1]", "[4000::1]", "[3fff::1]",
]  # fmt: skip


def guard(**answers: list[list[str]]) -> Guard:
    return Guard(resolver=Names(**answers))


@pytest.mark.parametrize("port", ["", ":8080"])
@pytest.mark.parametrize("host", DISGUISES)
async def test_no_spelling_leads_to_what_is_not_public(host: str, port: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        await guard().check(f"http://{host}{port}/x")
    assert caught.value.code == "outbound.address_refused"
    assert caught.value.faults[0].hint


@pytest.mark.parametrize(
    "host", ["93.184.55054", "0x5d.184.215.14", "1572394766", "%39%33.184.215.14", "９3.184.215.14"]
)
async def test_a_public_address_in_disguise_is_refused_with_its_plain_form(host: str) -> None:
    with pytest.raises(SpellingRefused) as caught:
        await guard().check(f"https://{host}/")
    assert caught.value.faults[0].hint == "Write it as 93.184.215.14."


async def test_a_name_in_disguise_is_refused_with_its_plain_form() -> None:
    with pytest.raises(SpellingRefused) as caught:
        await guard().check("https://%6c%6fcalhost:9000/")
    assert caught.value.faults[0].hint == "Write it as localhost:9000."


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "FILE:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "ftp://a.example/x", "data:text/plain,a",
        "http+unix://%2Fvar%2Frun%2Fdocker.sock/info", "unix:///var/run/docker.sock", "jar:http://a.example!/", "s3://bucket/key",
        "dict://a.example", "ldap://a.example", "javascript:alert(1)", "ws://a.example", "netdoc:///etc/passwd",
    ],
)  # fmt: skip
async def test_only_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(SchemeRefused):
        await guard().check(url)


@pytest.mark.parametrize(
    "url",
    [
        "", "//a.example/x", "a.example/x", "/etc/passwd", "http:", "http://", "http:///x", "http:a.example", "http://:80/", "http://.",
        "http://a..example", "http://a.example:0", "http://a.example:65536", "http://a.example:٨٠", "http://a.example:80:90",
        "http://a.example:-1", "http://a.example:8e1", "http://a b.example", "http://a.example\\@127.0.0.1/", "http://a.example\n",
        "http://a.example/\x00", "\thttp://a.example", "http://a.example\r\nHost: b", "http://[::1", "http://::1/", "http://[1.2.3.4]/",
        "http://[::1]x/", "http://[v1.a]/", "http://1.2.3.4.5", "http://256.1.1.1", "http://1.2.3.256", "http://a.1", "http://a.0x1",
        "http://09.1.1.1", "http://0x100000000", "http://-a.example", "http://" + "a" * 64 + ".example", "http://a%00.example",
        "http://a%2f.example", "http://a%25.example", "http://%ff.example", "http://%2Fvar%2Frun%2Fdocker.sock/", "http://a*b.example",
        "http://\ud800.example", "http://xn--a\u0300.example\u200f", "http://a.example/" + "a" * 9000, "http://a?b@c\u2028",
        "http://exa\u202emple.example",
    ],
)  # fmt: skip
async def test_what_is_no_address_is_refused_with_a_reason(url: str) -> None:
    with pytest.raises(UrlInvalid) as caught:
        await guard().check(url)
    assert str(caught.value) != caught.value.title()


@pytest.mark.parametrize(
    "url", ["http://user@a.example", "http://a:b@a.example", "http://@a.example", "http://a.example@127.0.0.1/"]
)
async def test_an_address_carries_no_user(url: str) -> None:
    with pytest.raises(CredentialsInUrl) as caught:
        await guard().check(url)
    assert "a.example" not in str(caught.value.problem())


@pytest.mark.parametrize("port", [22, 25, 53, 2375, 3306, 5432, 6379, 6667, 11211, 27017])
async def test_a_port_of_another_service_is_refused_unless_it_is_named(port: int) -> None:
    names = Names(a_example=[["93.184.215.14"]])
    with pytest.raises(PortRefused):
        await Guard(resolver=names).check(f"http://a.example:{port}/")
    with pytest.raises(PortRefused):
        await Guard(parse_allowed("a.example"), resolver=names).check(f"http://a.example:{port}/")
    assert (
        await Guard(parse_allowed(f"a.example:{port}"), resolver=names).check(f"http://a.example:{port}/")
    ).port == port


@pytest.mark.parametrize(
    ("given_url", "plain"),
    [
        ("HTTPS://A.Example", "https://a.example/"),
        ("https://a.example.:443/x?y=1#frag", "https://a.example/x?y=1"),
        ("http://a.example:443/", "http://a.example:443/"),
        ("https://bücher.example/ä?ö=ü", "https://xn--bcher-kva.example/%C3%A4?%C3%B6=%C3%BC"),
        ("https://ｂücher。example/", "https://xn--bcher-kva.example/"),
        ("https://a.example/a%2Fb%20c?d=%26&e", "https://a.example/a%2Fb%20c?d=%26&e"),
        ("https://a.example?q", "https://a.example/?q"),
        ("https://my_minio.example/", "https://my_minio.example/"),
        ("https://[2606:4700:0:0::1]:9000/", "https://[2606:4700::1]:9000/"),
        ("https://93.184.215.14/", "https://93.184.215.14/"),
        ("https://[64:ff9b::93.184.215.14]/", "https://[64:ff9b::5db8:d70e]/"),
    ],
)
def test_an_address_has_one_plain_spelling(given_url: str, plain: str) -> None:
    assert parse_url(given_url).url == plain
    assert parse_url(plain).url == plain


@given(st.integers(0, 2**32 - 1))
def test_every_notation_of_an_ipv4_address_is_read_alike(number: int) -> None:
    a, b, c, d = number.to_bytes(4, "big")
    forms = [
        f"{number}",
        f"{number:#x}",
        f"0{number:o}",
        f"{a}.{b}.{c * 256 + d}",
        f"{a:#x}.{b}.0{c:o}.{d}",
        f"{a}.{number & 0xFFFFFF}",
    ]
    assert {parse_url(f"http://{form}/").address for form in forms} == {IPv4Address(number)}


@given(st.integers(0, 2**32 - 1))
def test_what_carries_an_ipv4_address_is_never_freer_than_it(number: int) -> None:
    inner = IPv4Address(number)
    carriers = [
        IPv6Address(f"::ffff:{inner}"),
        IPv6Address(f"::{inner}"),
        IPv6Address(f"64:ff9b::{inner}"),
        IPv6Address(f"2606:4700::5efe:{inner}"),
        IPv6Address(0x2002 << 112 | number << 80),
        IPv6Address(0x20010000 << 96 | number << 64 | 1),
        IPv6Address(0x20010000 << 96 | (number ^ 0xFFFFFFFF)),
    ]
    if refused_kind(inner):
        assert all(refused_kind(one) for one in carriers)
    assert all(refused_kind(one) for one in carriers[4:])


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_the_standard_library_holds_for_not_public_is_refused(address: IPv4Address | IPv6Address) -> None:
    if not address.is_global or address.is_multicast:
        if isinstance(address, IPv6Address) and (address.ipv4_mapped or address in NAT64):
            return
        assert refused_kind(address)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_fault(text: str) -> None:
    for url in (text, f"http://{text}", f"https://a.example/{text}"):
        try:
            parsed = parse_url(url)
        except OutboundRefused:
            continue
        assert parse_url(parsed.url).url == parsed.url
        assert parsed.url.isascii()


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "1.1.1.1",
        "93.184.215.14",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.0.1",
        "172.32.0.1",
        "2606:4700::1",
    ],
)
def test_what_is_public_is_not_refused(address: str) -> None:
    assert refused_kind(ip_address(address)) is None
