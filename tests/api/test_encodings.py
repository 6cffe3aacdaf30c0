"""The web app's files: packed where the client takes it, and the same file whatever way it goes."""

import gzip
import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from karat.api import web
from karat.api.encodings import SUFFIXES, choose_encoding

SCRIPT = b"console.log('karat')\n" * 100
BROTLI = b"b" * len(SCRIPT)  # of the same size, so that only its name tells that it is another
READY = tuple(SUFFIXES)


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", None),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "gzip"),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip", "gzip"),
        ("GZIP ; q=1.0", "gzip"),
        ("gzip;q=much", None),
        ("gzip;q=7", None),
        ("gzip;level=1", None),
        ("deflate, zstd", None),
    ],
)
def test_the_client_gets_what_it_likes_best_of_what_is_ready(accepted: str, chosen: str | None) -> None:
    assert choose_encoding(accepted, READY) == chosen


@given(st.text(), st.sets(st.sampled_from(READY)).map(sorted))
def test_whatever_a_client_writes_it_gets_something_that_is_ready_or_the_file_as_it_is(
    accepted: str, ready: list[str]
) -> None:
    assert choose_encoding(accepted, ready) in {None, *ready}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A built app of a few files, of which the script lies ready in both encodings."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Karat</title>")
    (tmp_path / "index.html.gz").write_bytes(gzip.compress(b"<!doctype html><title>Karat</title>"))
    (tmp_path / "assets" / "app.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "app.js.br").write_bytes(BROTLI)
    (tmp_path / "assets" / "app.js.gz").write_bytes(gzip.compress(SCRIPT))
    for name in ("app.js", "app.js.br"):
        os.utime(tmp_path / "assets" / name, (1, 1))
    (tmp_path / "assets" / "small.css").write_text("a{}")
    app = FastAPI()
    web.install(app, tmp_path)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://karat") as client:
        client.headers["Accept-Encoding"] = "identity"
        yield client


async def raw(client: httpx.AsyncClient, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """The answer, and its bytes as they were on the wire."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.stream("GET", path, headers=named) as response:
        return response, b"".join([piece async for piece in response.aiter_raw()])


async def test_a_script_goes_packed_with_its_own_type_length_and_tag(site: httpx.AsyncClient) -> None:
    plain, as_it_is = await raw(site, "/assets/app.js")
    brotli, by_brotli = await raw(site, "/assets/app.js", accept_encoding="gzip, deflate, br")
    zipped, by_gzip = await raw(site, "/assets/app.js", accept_encoding="gzip")
    assert (as_it_is, by_brotli, gzip.decompress(by_gzip)) == (SCRIPT, BROTLI, SCRIPT)
    encodings = [one.headers.get("content-encoding") for one in (plain, brotli, zipped)]
    assert encodings == [None, "br", "gzip"]
    for one, content in ((plain, as_it_is), (brotli, by_brotli), (zipped, by_gzip)):
        assert one.headers["vary"] == "Accept-Encoding"
        assert one.headers["content-type"].startswith("text/javascript")
        assert one.headers["content-length"] == str(len(content))
        assert "immutable" in one.headers["cache-control"]
    assert len({one.headers["etag"] for one in (plain, brotli, zipped)}) == 3


async def test_who_has_the_packed_file_already_is_told_so_and_who_has_another_gets_it(site: httpx.AsyncClient) -> None:
    packed, _ = await raw(site, "/assets/app.js", accept_encoding="br")
    tag = packed.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again, content = await raw(site, "/assets/app.js", accept_encoding="br", if_none_match=known)
        assert (again.status_code, content, again.headers["vary"]) == (304, b"", "Accept-Encoding")
    plain, content = await raw(site, "/assets/app.js", if_none_match=tag)
    assert (plain.status_code, content) == (200, SCRIPT)


async def test_a_range_is_one_of_the_file_as_it_is(site: httpx.AsyncClient) -> None:
    part, content = await raw(site, "/assets/app.js", accept_encoding="br", range="bytes=8-19")
    assert (part.status_code, content) == (206, SCRIPT[8:20])
    assert part.headers["content-range"] == f"bytes 8-19/{len(SCRIPT)}"
    assert "content-encoding" not in part.headers


async def test_what_is_too_small_to_pack_goes_as_it_is(site: httpx.AsyncClient) -> None:
    answer, content = await raw(site, "/assets/small.css", accept_encoding="br")
    assert (content, answer.headers.get("vary"), answer.headers.get("content-encoding")) == (b"a{}", None, None)


async def test_every_screen_gets_the_page_packed_and_asks_each_time_whether_it_changed(site: httpx.AsyncClient) -> None:
    for path in ("/", "/projects/new", "/index.html"):
        page, content = await raw(site, path, accept_encoding="gzip, br")
        assert gzip.decompress(content).startswith(b"<!doctype html>")
        assert (page.headers["content-encoding"], page.headers["cache-control"]) == ("gzip", "no-cache")
        assert page.headers["content-type"].startswith("text/html")
        again, _ = await raw(site, path, accept_encoding="gzip, br", if_none_match=page.headers["etag"])
        assert again.status_code == 304


async def test_packed_files_have_no_address_of_their_own(site: httpx.AsyncClient) -> None:
    assert (await site.get("/assets/app.js.br")).status_code == 404
    page = await site.get("/index.html.gz")
    assert page.text.startswith("<!doctype html>")
