"""A library with connections of its own goes nowhere but where the guard lets it: not by DNS, not by redirects."""

import asyncio
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import obstore
import pytest
from obstore.store import HTTPStore, S3Store

from karat.outbound import Guard, Tunnel, open_tunnel, parse_allowed
from tests.outbound.lab import HERE, Lab, Names, make_certificates, open_lab

pytestmark = pytest.mark.requirement("SEC-3")
RCLONE = shutil.which("rclone", path=str(Path(sys.executable).parent)) or shutil.which("rclone")
REFUSED = r"403|Permission"
ONCE: Any = {"max_retries": 0, "retry_timeout": timedelta(seconds=5)}


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    """A web server on this machine."""
    async with open_lab() as one:
        yield one


def tunnel(allow: str, **answers: list[list[str]]) -> Any:
    """A tunnel behind a guard that asks nobody but the given name server."""
    return open_tunnel(Guard(parse_allowed(allow), resolver=Names(**answers)))


def store(url: str, through: Tunnel, **options: Any) -> HTTPStore:
    """A store of obstore, which connects by its own sockets."""
    client: Any = {"proxy_url": through.url, "allow_http": True, **options}
    return HTTPStore.from_url(url, client_options=client, retry_config=ONCE)


async def get(one: HTTPStore, path: str) -> bytes:
    return bytes(await (await obstore.get_async(one, path)).bytes_async())


async def test_what_is_permitted_is_read_by_its_name(lab: Lab) -> None:
    async with tunnel("files.example", files_example=[[HERE]]) as through:
        one = store(f"http://files.example:{lab.port}", through)
        assert [await get(one, path) for path in ("a", "b")] == [b"hello /a", b"hello /b"]
    assert f"\r\nHost: files.example:{lab.port}\r\n" in lab.seen.heads[0]
    assert "karat" not in lab.seen.heads[0].lower()
    assert "proxy" not in lab.seen.heads[0].lower()


async def test_without_the_tunnel_the_library_follows_a_redirect_anywhere(lab: Lab) -> None:
    """Why a check of the endpoint is not enough."""
    client: Any = {"allow_http": True}
    one = HTTPStore.from_url(f"http://{HERE}:{lab.port}", client_options=client, retry_config=ONCE)
    lab.redirects["x"] = f"http://localhost:{lab.port}/secret"
    assert await get(one, "to/x") == b"hello /secret"


async def test_a_private_address_is_refused_although_the_library_was_told_to_bypass_proxies(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")
    async with tunnel("", inside_example=[[HERE]]) as through:
        for host in ("inside.example", HERE, "localhost"):
            with pytest.raises(Exception, match=REFUSED):
                await get(store(f"http://{host}:{lab.port}", through), "a")
            failure = through.failure_of(host)
            assert failure is not None
            assert failure.code == "outbound.address_refused"
    assert lab.seen.n_connections == 0


async def test_a_name_that_changes_its_answer_is_judged_at_every_connection(lab: Lab) -> None:
    async with tunnel("127.0.0.1", turn_example=[[HERE], ["10.0.0.1"]]) as through:
        one = store(f"http://turn.example:{lab.port}", through)
        assert await get(one, "a") == b"hello /a"
        with pytest.raises(Exception, match=REFUSED):
            await get(one, "a")
    assert len(lab.seen.heads) == 1


async def test_a_redirect_that_the_library_follows_is_judged(tmp_path: Path) -> None:
    context, authority = make_certificates(tmp_path, "files.example")
    async with open_lab(context) as lab, tunnel("files.example", files_example=[[HERE]]) as through:
        lab.redirects |= {"ok": "/a", "in": "https://169.254.169.254/latest"}
        one = store(f"https://files.example:{lab.port}", through, root_certificate=authority.read_bytes())
        assert await get(one, "to/ok") == b"hello /a"
        with pytest.raises(Exception, match=r"(?s)."):
            await get(one, "to/in")
        failure = through.failure_of("169.254.169.254")
        assert failure is not None
        assert failure.data["leads_to"] == "metadata"


async def test_a_redirect_in_the_clear_to_another_host_leads_nowhere(lab: Lab) -> None:
    """The library takes the proxy's password out of the request that follows it: refused, whatever the host."""
    lab.redirects["x"] = f"http://localhost:{lab.port}/secret"
    async with tunnel("files.example", files_example=[[HERE]]) as through:
        with pytest.raises(Exception, match="407"):
            await get(store(f"http://files.example:{lab.port}", through), "to/x")
    assert len(lab.seen.heads) == 1


async def test_tls_stays_between_the_library_and_the_server(tmp_path: Path) -> None:
    context, authority = make_certificates(tmp_path, "files.example")
    async with open_lab(context) as lab, tunnel("files.example", files_example=[[HERE], ["10.0.0.1"]]) as through:
        one = store(f"https://files.example:{lab.port}", through, root_certificate=authority.read_bytes())
        assert await get(one, "a") == b"hello /a"
        assert lab.seen.names == ["files.example"]
        again = store(f"https://files.example:{lab.port}", through, root_certificate=authority.read_bytes())
        with pytest.raises(Exception, match=r"(?s)."):
            await get(again, "a")
        assert through.failure_of("files.example") is not None


@pytest.mark.parametrize(
    "request_head",
    [
        "GET http://{here}/a HTTP/1.1\r\nHost: x\r\n",
        "CONNECT {here} HTTP/1.1\r\nProxy-Authorization: Basic a2FyYXQ6d3Jvbmc=\r\n",
        "GET /a HTTP/1.1\r\n",
    ],
)
async def test_nobody_without_the_password_sends_through_it(lab: Lab, request_head: str) -> None:
    async with tunnel(HERE) as through:
        assert "407" in await raw(through, request_head.format(here=f"{HERE}:{lab.port}"))
    assert lab.seen.n_connections == 0


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        ("GET /a HTTP/1.1\r\n", "403"),
        ("GET file:///etc/passwd HTTP/1.1\r\n", "403"),
        ("CONNECT 127.0.0.2:{port} HTTP/1.1\r\n", "403"),
        ("CONNECT 2130706433:{port} HTTP/1.1\r\n", "403"),
        ("CONNECT user@127.0.0.1:{port} HTTP/1.1\r\n", "403"),
        ("CONNECT 127.0.0.1:6379 HTTP/1.1\r\n", "403"),
        ("CONNECT nowhere.example:443 HTTP/1.1\r\n", "502"),
        ("GET http://127.0.0.1:{port}/a HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n", ""),
        ("GET http://127.0.0.1:{port}/a HTTP/1.1\r\nContent-Length: 1, 2\r\n", ""),
        ("nonsense\r\n", ""),
        ("GET http://127.0.0.1:{port}/a HTTP/1.1\r\nno field\r\n", ""),
    ],
)
async def test_what_is_asked_of_it_is_judged_by_its_plain_spelling(lab: Lab, request_head: str, status: str) -> None:
    async with tunnel(HERE) as through:
        answer = await raw(through, request_head.format(port=lab.port), knows=True)
        assert answer[9:12] == status
    assert lab.seen.heads == [] or "chunked" in request_head or "1, 2" in request_head


async def raw(through: Tunnel, head: str, *, knows: bool = False) -> str:
    """What the tunnel says to a request that is written by hand."""
    import base64

    parts = urlsplit(through.url)
    password = base64.b64encode(f"{parts.username}:{parts.password}".encode()).decode()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write((head + (f"Proxy-Authorization: Basic {password}\r\n" if knows else "") + "\r\n").encode())
    try:
        async with asyncio.timeout(5):
            return (await reader.read(1000)).decode()
    except ConnectionError:
        return ""
    finally:
        writer.close()


@pytest.fixture
async def bucket_server(tmp_path: Path) -> AsyncIterator[int]:
    """An S3 server that checks signatures, with one bucket."""
    if RCLONE is None:
        pytest.skip("rclone is not installed")
    (tmp_path / "bucket").mkdir()
    with socket.socket() as free:
        free.bind((HERE, 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        RCLONE, "serve", "s3", "--addr", f"{HERE}:{port}", "--auth-key", "key,secret", str(tmp_path),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(20):
            while True:
                try:
                    (await asyncio.open_connection(HERE, port))[1].close()
                    break
                except OSError:
                    await asyncio.sleep(0.05)
        yield port
    finally:
        process.kill()
        await process.wait()


async def test_a_bucket_whose_server_checks_signatures_is_written_listed_and_read(bucket_server: int) -> None:
    async with tunnel("minio.example", minio_example=[[HERE]]) as through:
        client: Any = {"proxy_url": through.url, "allow_http": True}
        one = S3Store(
            "bucket",
            endpoint=f"http://minio.example:{bucket_server}",
            access_key_id="key",
            secret_access_key="secret",
            region="us-east-1",
            client_options=client,
            retry_config=ONCE,
        )
        large = b"x" * (3 << 20)
        await obstore.put_async(one, "a b/ä.bin", large)
        assert [found["path"] for page in [await obstore.list(one).collect_async()] for found in page] == ["a b/ä.bin"]
        assert bytes(await (await obstore.get_async(one, "a b/ä.bin")).bytes_async()) == large
