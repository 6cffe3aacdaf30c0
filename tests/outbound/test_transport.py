"""Servers that are slow, endless, lying or no web servers at all: each ends in its own error, soon."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from karat.errors import KaratError
from karat.outbound import Guard, NotConnected, TimedOut, fault_of, parse_allowed
from karat.outbound.types import Caps
from tests.outbound.lab import HERE, SECRET, Lab, open_lab

pytestmark = pytest.mark.requirement("SEC-3")


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    """A web server on this machine."""
    async with open_lab() as one:
        yield one


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("silent", "outbound.timed_out"),
        ("drip-head", "outbound.timed_out"),
        ("drip-body", "outbound.timed_out"),
        ("endless", "outbound.too_large"),
        ("announces-much", "outbound.too_large"),
        ("announces-more", "outbound.cut_off"),
        ("two-lengths", "outbound.not_http"),
        ("long-head", "outbound.not_http"),
        ("no-http", "outbound.not_http"),
        ("bomb", "outbound.encoded"),
        ("no", "outbound.answered_no"),
    ],
)
async def test_a_server_that_misbehaves_has_its_error_soon(lab: Lab, path: str, code: str) -> None:
    guard = Guard(parse_allowed(HERE))
    began = time.monotonic()
    with pytest.raises(KaratError) as caught:
        async with await guard.fetch(f"http://{HERE}:{lab.port}/{path}", max_bytes=1 << 20, timeout_s=0.5) as fetched:
            await fetched.read()
    assert caught.value.code == code
    assert time.monotonic() - began < 3
    assert SECRET not in str(caught.value.problem())
    assert fault_of(caught.value, "row 3").where == "row 3"


async def test_what_comes_after_the_announced_end_is_not_taken(lab: Lab) -> None:
    async with await Guard(parse_allowed(HERE)).fetch(
        f"http://{HERE}:{lab.port}/announces-less", max_bytes=100, timeout_s=5
    ) as fetched:
        assert await fetched.read() == b"short"


async def test_as_much_as_the_cap_is_taken_and_not_a_byte_more(lab: Lab) -> None:
    guard, url = Guard(parse_allowed(HERE)), f"http://{HERE}:{lab.port}/a"
    async with await guard.fetch(url, max_bytes=8, timeout_s=5) as fetched:
        assert await fetched.read() == b"hello /a"
    with pytest.raises(KaratError) as caught:
        await guard.fetch(url, max_bytes=7, timeout_s=5)
    assert caught.value.code == "outbound.too_large"


async def test_caps_of_a_client_hold_for_everything_that_it_does(lab: Lab) -> None:
    url = f"http://{HERE}:{lab.port}"
    async with Guard(parse_allowed(HERE)).client(total_s=0.5, max_bytes=1 << 16) as client:
        for path, code in (
            ("endless", "outbound.too_large"),
            ("drip-body", "outbound.timed_out"),
            ("bomb", "outbound.encoded"),
        ):
            with pytest.raises(KaratError) as caught:
                await client.get(f"{url}/{path}")
            assert caught.value.code == code
        assert (await client.get(f"{url}/a")).content == b"hello /a"


async def test_a_shorter_time_of_a_single_request_counts(lab: Lab) -> None:
    async with Guard(parse_allowed(HERE)).client(Caps()) as client:
        with pytest.raises(TimedOut):
            await client.get(f"http://{HERE}:{lab.port}/silent", timeout=0.2)


async def test_a_connection_is_used_again(lab: Lab) -> None:
    async with Guard(parse_allowed(HERE)).client() as client:
        for _ in range(3):
            async with await client.fetch(f"http://{HERE}:{lab.port}/a") as fetched:
                await fetched.read()
    assert (lab.seen.n_connections, len(lab.seen.heads)) == (1, 3)


async def test_a_body_that_is_left_unread_closes_its_connection(lab: Lab) -> None:
    async with Guard(parse_allowed(HERE)).client() as client:
        async with await client.fetch(f"http://{HERE}:{lab.port}/endless", max_bytes=1 << 40) as fetched:
            async for _ in fetched:
                break
        async with asyncio.timeout(5):
            assert (await client.get(f"http://{HERE}:{lab.port}/a")).text == "hello /a"


async def test_nothing_listens_there() -> None:
    async with open_lab() as gone:
        port = gone.port
    with pytest.raises(NotConnected) as caught:
        await Guard(parse_allowed(HERE)).fetch(f"http://{HERE}:{port}/", max_bytes=1, timeout_s=5)
    assert caught.value.retryable
    assert caught.value.hint


async def test_a_name_server_that_stalls_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("karat.outbound.guard.RESOLVE_S", 0.1)

    async def stall(host: str, port: int) -> list[object]:
        await asyncio.sleep(60)
        return []

    with pytest.raises(TimedOut):
        await Guard(resolver=stall).check("https://slow.example/")  # type: ignore[arg-type]
