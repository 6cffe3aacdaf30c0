"""Lists of addresses: fetched through the guard, each failure a fault of its row."""

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.datasets.test_ingest import bring, counts, png
from tests.support.world import World

ODD: dict[str, tuple[int, bytes, dict[str, str]]] = {
    "page": (200, b"<!doctype html><script>1</script>", {}),
    "inside": (302, b"", {"Location": "http://169.254.169.254/latest/meta-data/"}),
    "moved": (302, b"", {"Location": "/3.png"}),
    "short": (200, b"abc", {"Content-Length": "1000"}),
    "huge": (200, b"abc", {"Content-Length": str(10**12)}),
}


@pytest.fixture
def site() -> Iterator[str]:
    """A web site with pictures, and with all that goes wrong at others."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.partition("?")[0].strip("/")
            if name.endswith(".png"):
                self.answer(200, png(int(name[:-4])), {})
            elif name in ODD:
                self.answer(*ODD[name])
            else:
                self.answer(int(name) if name.isdigit() else 404, b"upstream words", {})

        def answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(content))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


async def test_a_list_of_addresses_brings_pictures_and_tells_each_fault(
    open_world: World, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("karat.datasets.fetching.FIRST_PAUSE_S", 0.01)
    rows = ["1.png", "2.png?x=1", "moved", "missing", "403", "page", "inside", "short", "huge"]
    text = "# pictures\n" + "\n".join(f"{site}/{row}" for row in rows)
    text += (
        "\nhttp://169.254.169.254/x\nftp://example.com/a.png\nhttp://0x7f.1/a.png\n"
        + site.replace("http://", "")
        + "/1.png\n"
    )
    found, faults = await bring(open_world, "image", "list.txt", text.encode())
    assert counts(found)[:2] == ("done", 3), faults
    assert faults == {
        "line 5": "outbound.answered_no",
        "line 6": "outbound.answered_no",
        "line 7": "image.markup",
        "line 8": "outbound.redirect_refused",
        "line 9": "outbound.cut_off",
        "line 10": "outbound.too_large",
        "line 11": "outbound.address_refused",
        "line 12": "outbound.scheme_refused",
        "line 13": "outbound.spelling_refused",
        "line 14": "outbound.url_invalid",
    }
    page = await open_world.owner.get(f"/api/imports/{found['id']}/faults", params={"limit": 50})
    assert "upstream words" not in str(page)


async def test_without_the_operators_leave_no_address_of_this_machine_is_fetched(world: World, site: str) -> None:
    found, faults = await bring(world, "image", "list.csv", f"url\n{site}/1.png\n".encode())
    assert (counts(found), faults) == (("done", 0, 0, 1), {"row 2": "outbound.address_refused"})


async def test_tables_of_every_kind_fetch_their_addresses(open_world: World, site: str) -> None:
    tables = {
        "a.csv": f"id,image,city\na,{site}/1.png,Bern\n",
        "a.jsonl": f'{{"id": "a", "url": "{site}/1.png", "city": "Bern"}}\n',
        "a.json": f'[{{"id": "a", "data": {{"photo": "{site}/1.png", "city": "Bern"}}}}]',
    }
    for name, table in tables.items():
        found, faults = await bring(open_world, "image", name, table.encode())
        assert (counts(found), faults) == (("done", 1, 0, 0), {}), name
        (one,) = (await open_world.owner.get(f"/api/datasets/{found['dataset_id']}/assets"))["items"]
        assert (one["external_id"], one["name"], one["metadata"]) == ("a", "1.png", {"city": "Bern"})
