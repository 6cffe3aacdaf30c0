"""Name servers that change their answer, redirects, and what the operator permits."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from karat.config import Settings
from karat.outbound import (
    AddressRefused,
    AllowedInvalid,
    CertificateRefused,
    Guard,
    HeaderRefused,
    HostNotListed,
    NotConnected,
    NotHttp,
    NotResolved,
    OutboundRefused,
    RedirectRefused,
    parse_allowed,
)
from karat.outbound.transport import GuardedBackend
from tests.outbound.lab import HERE, PUBLIC, SECRET, Lab, Names, make_certificates, open_lab

pytestmark = pytest.mark.requirement("SEC-3")


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    """A web server on this machine."""
    async with open_lab() as one:
        yield one


def guard(allow: str = "", names: Names | None = None, **more: bool) -> Guard:
    """A guard that asks nobody but the given name server."""
    return Guard(parse_allowed(allow), resolver=names or Names(), **more)


async def fetch(one: Guard, url: str, **more: dict[str, str]) -> bytes:
    """The whole body."""
    async with await one.fetch(url, max_bytes=1000, timeout_s=5, **more) as fetched:
        return await fetched.read()


async def test_by_default_nothing_on_this_machine_is_reached_and_nothing_arrives_there(lab: Lab) -> None:
    for host in (HERE, "localhost", "inside.example", "[::ffff:127.0.0.1]"):
        with pytest.raises(AddressRefused):
            await fetch(guard(names=Names(inside_example=[[HERE]])), f"http://{host}:{lab.port}/")
    assert lab.seen.n_connections == 0


@pytest.mark.parametrize(
    "entry", ["127.0.0.1", "127.0.0.0/8", "files.example", "*.example", "FILES.example:{port}", "127.0.0.1:{port}"]
)
async def test_what_the_operator_permits_is_fetched(lab: Lab, entry: str) -> None:
    one = guard(f" 10.0.0.0/8, {entry.format(port=lab.port)},", Names(files_example=[[HERE]]))
    async with await one.fetch(f"http://files.example:{lab.port}/a", max_bytes=1000, timeout_s=5) as fetched:
        assert (fetched.head.media_type, fetched.head.n_bytes, fetched.head.etag) == ("text/plain", 8, "e1")
        assert await fetched.read() == b"hello /a"
    assert f"\r\nHost: files.example:{lab.port}\r\n" in lab.seen.heads[0]


@pytest.mark.parametrize(
    "entry", ["10.0.0.0/8", "other.example", "*.files.example", "127.0.0.1:1", "files.example:1", "example"]
)
async def test_what_the_operator_permits_is_no_more_than_it_says(lab: Lab, entry: str) -> None:
    with pytest.raises(AddressRefused):
        await fetch(guard(entry, Names(files_example=[[HERE]])), f"http://files.example:{lab.port}/a")
    assert lab.seen.n_connections == 0


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"]
)
async def test_metadata_are_reached_by_no_name_and_no_network(address: str) -> None:
    names = Names(meta_example=[[address]])
    for allow in ("meta.example", "0.0.0.0/0,::/0", "169.254.0.0/16"):
        with pytest.raises(AddressRefused) as caught:
            await guard(allow, names).check("http://meta.example/latest")
        assert caught.value.data["leads_to"] == "metadata"
    assert await guard("169.254.169.254,fd00:ec2::254", names).check("http://meta.example/latest")


async def test_one_private_answer_among_public_ones_is_enough() -> None:
    names = Names(mixed_example=[[PUBLIC, "2606:4700::1", "192.168.0.1"]])
    with pytest.raises(AddressRefused):
        await guard(names=names).check("https://mixed.example/")


async def test_a_refusal_names_what_was_written_and_never_where_it_led() -> None:
    with pytest.raises(AddressRefused) as caught:
        await guard(names=Names(inside_example=[["10.11.12.13"]])).check(
            "http://inside.example:8080/secret?token=t0ken"
        )
    told = str(caught.value.problem())
    assert "KARAT_OUTBOUND_ALLOW=inside.example:8080" in told
    assert "10.11" not in told
    assert "t0ken" not in told


async def test_a_name_that_answers_public_first_and_private_then_is_not_reached(lab: Lab) -> None:
    names = Names(rebind_example=[[PUBLIC], [HERE]])
    one = guard(names=names)
    assert (await one.check(f"http://rebind.example:{lab.port}/")).addresses
    with pytest.raises(AddressRefused):
        await fetch(one, f"http://rebind.example:{lab.port}/")
    assert lab.seen.n_connections == 0


async def test_a_name_is_looked_up_once_a_connection_and_the_answer_that_was_judged_is_connected_to(lab: Lab) -> None:
    names = Names(turn_example=[[HERE], ["10.0.0.1"]])
    assert await fetch(guard("turn.example:80,127.0.0.1", names), f"http://turn.example:{lab.port}/") == b"hello /"
    assert names.asked == ["turn.example"]


async def test_the_next_connection_is_judged_again(lab: Lab) -> None:
    one = guard("127.0.0.1", Names(turn_example=[[HERE], ["10.0.0.1"]]))
    url = f"http://turn.example:{lab.port}/"
    assert await fetch(one, url)
    with pytest.raises(AddressRefused):
        await fetch(one, url)


async def test_an_address_that_does_not_answer_is_not_the_last(lab: Lab) -> None:
    one = guard("127.0.0.0/8", Names(two_example=[["127.0.0.9", HERE]]))
    assert await fetch(one, f"http://two.example:{lab.port}/") == b"hello /"


async def test_a_public_address_of_this_very_machine_is_not_outside(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("karat.outbound.guard.refused_kind", lambda address: None)  # as if 127.0.0.1 were public
    with pytest.raises(AddressRefused) as caught:
        await fetch(guard(names=Names(own_example=[[HERE]])), f"http://own.example:{lab.port}/")
    assert caught.value.data["leads_to"] == "loopback"
    assert lab.seen.heads == []
    assert await fetch(guard("own.example", Names(own_example=[[HERE]])), f"http://own.example:{lab.port}/")


@pytest.mark.parametrize(
    ("to", "refused_with"),
    [
        ("http://169.254.169.254/latest/meta-data/", "outbound.address_refused"),
        ("http://2130706433:{port}/", "outbound.address_refused"),
        ("//127.0.0.2:{port}/", "outbound.address_refused"),
        ("http://inside.example/", "outbound.address_refused"),
        ("file:///etc/passwd", "outbound.scheme_refused"),
        ("gopher://127.0.0.1/", "outbound.scheme_refused"),
        ("http://files.example@127.0.0.2/", "outbound.credentials_in_url"),
        ("http://[::1", "outbound.url_invalid"),
        ("http://files.example:6379/", "outbound.port_refused"),
    ],
)
async def test_a_redirect_leads_only_where_the_first_address_might(lab: Lab, to: str, refused_with: str) -> None:
    lab.redirects["x"] = to.format(port=lab.port)
    names = Names(files_example=[[HERE]], inside_example=[["10.11.12.13"]])
    with pytest.raises(RedirectRefused) as caught:
        await fetch(guard("files.example", names), f"http://files.example:{lab.port}/to/x")
    told = str(caught.value.problem())
    assert caught.value.data["refused_with"] == refused_with
    assert not any(one in told for one in (SECRET, "10.11", "169.254", "inside"))
    assert len(lab.seen.heads) == 1


async def test_redirects_are_followed_and_the_last_address_is_told(lab: Lab) -> None:
    lab.redirects |= {"1": "2", "2": "/a"}
    one = guard("127.0.0.1")
    async with await one.fetch(f"http://127.0.0.1:{lab.port}/to/1", max_bytes=100, timeout_s=5) as fetched:
        assert (fetched.head.url, await fetched.read()) == (f"http://127.0.0.1:{lab.port}/a", b"hello /a")


async def test_redirects_without_end_have_one(lab: Lab) -> None:
    with pytest.raises(RedirectRefused, match="more than 5"):
        await fetch(guard("127.0.0.1"), f"http://127.0.0.1:{lab.port}/loop")
    assert len(lab.seen.heads) == 6


async def test_secrets_stay_with_the_host_that_they_are_for(lab: Lab) -> None:
    lab.redirects |= {"same": "/a", "other": f"http://other.example:{lab.port}/b"}
    one = guard("files.example,other.example", Names(files_example=[[HERE]], other_example=[[HERE]]))
    headers = {"Authorization": "Bearer s", "X-Api-Key": "s", "Cookie": "s=1", "Accept": "image/*"}
    for path in ("same", "other"):
        assert await fetch(one, f"http://files.example:{lab.port}/to/{path}", headers=headers)
    _, same, _, other = (head.lower() for head in lab.seen.heads)
    assert all(f"\r\n{name.lower()}: " in same for name in headers)
    assert "\r\naccept: image/*\r\n" in other
    assert not any(f"\r\n{name}: " in other for name in ("authorization", "x-api-key", "cookie"))


async def test_a_client_follows_no_redirect_even_when_told_to(lab: Lab) -> None:
    lab.redirects["x"] = "/a"
    async with guard("127.0.0.1").client() as client:
        with pytest.raises(RedirectRefused):
            await client.post(f"http://127.0.0.1:{lab.port}/to/x", follow_redirects=True)
        assert (await client.get(f"http://127.0.0.1:{lab.port}/b")).text == "hello /b"
    assert len(lab.seen.heads) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Host", "inside.example"),
        ("host", "x"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "0"),
        ("Connection", "close"),
        ("Proxy-Authorization", "Basic x"),
        ("Accept-Encoding", "gzip"),
        ("X-A", "a\r\nHost: inside.example"),
        ("X-A", "a\nb"),
        ("X-A", "schlüssel"),
        ("X-A", "a\0"),
        ("X A", "a"),
        ("X-A:", "a"),
        ("", "a"),
    ],
)
async def test_a_header_that_is_not_the_users_to_give_is_refused_and_its_value_kept(
    lab: Lab, name: str, value: str
) -> None:
    url = f"http://127.0.0.1:{lab.port}/"
    async with guard("127.0.0.1").client() as client:
        for request in (client.get(url, headers={name: value}), client.fetch(url, headers={name: value})):
            with pytest.raises(HeaderRefused) as caught:
                await request
            assert value not in {str(one) for one in caught.value.data.values()}
    assert lab.seen.heads == []


async def test_ordinary_headers_are_sent(lab: Lab) -> None:
    async with guard("127.0.0.1").client() as client:
        await client.get(f"http://127.0.0.1:{lab.port}/", headers={"Authorization": "Bearer a/b+c==", "X-Empty": ""})
    (head,) = lab.seen.heads
    assert "\r\nAuthorization: Bearer a/b+c==\r\n" in head
    assert f"Host: 127.0.0.1:{lab.port}\r\n" in head
    assert "Accept-Encoding: identity\r\n" in head
    assert head.lower().count("\r\naccept-encoding:") == head.lower().count("\r\nhost:") == 1


async def test_a_cookie_that_a_server_sets_is_not_kept(lab: Lab) -> None:
    async with guard("127.0.0.1").client() as client:
        for _ in range(2):
            await client.get(f"http://127.0.0.1:{lab.port}/cookie")
    assert not any("cookie:" in head.lower() for head in lab.seen.heads)


async def test_a_unix_socket_is_not_connected_to() -> None:
    with pytest.raises(NotConnected):
        await GuardedBackend(guard()).connect_unix_socket("/var/run/docker.sock")


async def test_no_proxy_of_the_environment_is_asked(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{lab.port}")
    with pytest.raises(AddressRefused):
        await fetch(guard(names=Names(inside_example=[["10.0.0.1"]])), "http://inside.example/")
    assert lab.seen.n_connections == 0


async def test_unknown_hosts_are_told_apart_from_refused_ones() -> None:
    with pytest.raises(NotResolved):
        await guard().check("https://nowhere.example/")
    with pytest.raises(NotResolved):
        await guard(names=Names(empty_example=[[]])).check("https://empty.example/")


async def test_the_machines_own_resolver_is_asked_beside_the_event_loop() -> None:
    with pytest.raises(NotResolved):
        await Guard().check("https://surely-not-there.invalid/")


async def test_only_listed_hosts_are_reached_where_the_operator_says_so(lab: Lab) -> None:
    names = Names(public_example=[[PUBLIC]], files_example=[[PUBLIC]])
    one = guard("files.example", names, only_listed=True)
    assert await one.check("https://files.example/")
    for url in ("https://public.example/", f"https://{PUBLIC}/"):
        with pytest.raises(HostNotListed):
            await one.check(url)


def test_the_settings_decide(tmp_path: Path) -> None:
    assert Guard.from_settings(Settings.load({"KARAT_OUTBOUND_ALLOW": "minio:9000", "KARAT_OUTBOUND_REACH": "listed"}))
    with pytest.raises(AllowedInvalid):
        Guard.from_settings(Settings.load({"KARAT_OUTBOUND_ALLOW": "http://minio"}))


@pytest.mark.parametrize(
    "entry",
    [
        "http://a",
        "a/b",
        "10.0.0.1/8",
        "a:0",
        "a:99999",
        "a:b",
        "*",
        "*.",
        "a b",
        "-a",
        "1.2.3",
        "1.2.3.4.5",
        "[::1",
        "a.*",
    ],
)
def test_an_entry_that_is_none_is_told(entry: str) -> None:
    with pytest.raises(AllowedInvalid) as caught:
        parse_allowed(f"10.0.0.0/8,{entry}")
    assert [fault.where for fault in caught.value.faults] == [entry]


@pytest.mark.parametrize(
    "entry", ["a", "a.b:80", "*.a.b", "10.0.0.0/8:9000", "::1", "[::1]", "[fd00::/8]:9000", "fd00::/8", "my_minio:9000"]
)
def test_an_entry_has_many_forms(entry: str) -> None:
    assert len(parse_allowed(entry).permits) == 1


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    return make_certificates(tmp_path_factory.mktemp("tls"), "files.example")


async def test_tls_is_agreed_with_the_name_although_the_address_is_connected_to(
    certificates: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates[1]))
    async with open_lab(certificates[0]) as lab:
        names = Names(files_example=[[HERE]], other_example=[[HERE]])
        assert await fetch(guard("*.example", names), f"https://files.example:{lab.port}/") == b"hello /"
        assert lab.seen.names == ["files.example"]
        with pytest.raises(CertificateRefused):
            await fetch(guard("*.example", names), f"https://other.example:{lab.port}/")
        with pytest.raises(NotHttp):
            await fetch(guard("*.example", names), f"http://files.example:{lab.port}/")
        lab.redirects["down"] = f"http://files.example:{lab.port}/"
        with pytest.raises(RedirectRefused, match="https:// to http://"):
            await fetch(guard("*.example", names), f"https://files.example:{lab.port}/to/down")


async def test_an_authority_that_nobody_trusts_proves_nothing(certificates: tuple[ssl.SSLContext, Path]) -> None:
    async with open_lab(certificates[0]) as lab:
        with pytest.raises(CertificateRefused) as caught:
            await fetch(guard("files.example", Names(files_example=[[HERE]])), f"https://files.example:{lab.port}/")
        assert "SSL_CERT_FILE" in str(caught.value.hint)
        assert lab.seen.heads == []


async def test_a_refusal_comes_through_httpx_as_it_is() -> None:
    async with guard().client() as client:
        for url in ("http://127.0.0.1/", "file:///etc/passwd", "http://a:b@a.example/", "http://[::1"):
            with pytest.raises(OutboundRefused):
                await client.get(url)
        with pytest.raises(OutboundRefused):
            await client.get(httpx.URL("http://[::1]:80/"))
