"""Imports over the API: good rows are kept, bad ones are told with their place, nothing is added twice or lost."""

import asyncio
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from PIL import Image

from karat.datasets import ingest
from karat.datasets.ingest import Ingest
from karat.jobs import Run
from karat.jobs import store as job_store
from karat.storage import FolderStorage
from tests.security.asgi import call
from tests.support.world import Person, World

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def png(shade: int = 0, size: tuple[int, int] = (4, 4)) -> bytes:
    stream = io.BytesIO()
    Image.new("L", size, shade).save(stream, "PNG")
    return stream.getvalue()


def zipped(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


def claims_pixels(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header announces a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


async def dataset(world: World, modality: str) -> str:
    return str((await world.owner.post("/api/datasets", {"name": "Data", "modality": modality}))["id"])


async def upload(owner: Person, dataset_id: str, name: str, content: bytes) -> dict[str, Any]:
    return dict(await owner.post(f"/api/datasets/{dataset_id}/imports", params={"filename": name}, content=content))


async def bring(world: World, modality: str, name: str, content: bytes) -> tuple[dict[str, Any], dict[str, str]]:
    """Import into a new dataset: the finished import, and the code of each fault by its place."""
    dataset_id = await dataset(world, modality)
    started = await upload(world.owner, dataset_id, name, content)
    await world.drain()
    return await outcome(world, started)


async def outcome(world: World, started: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    found = await world.owner.get(f"/api/imports/{started['id']}")
    faults = await world.owner.get(f"/api/imports/{started['id']}/faults", params={"limit": 500})
    assert len(faults["items"]) == found["n_faults"]
    return found, {fault["where"]: fault["code"] for fault in faults["items"]}


def counts(found: dict[str, Any]) -> tuple[str, int, int, int]:
    return found["state"], found["n_added"], found["n_duplicates"], found["n_faults"]


async def names(world: World, dataset_id: str) -> list[str]:
    page = await world.owner.get(f"/api/datasets/{dataset_id}/assets", params={"limit": 500})
    return sorted(one["external_id"] for one in page["items"])


async def test_a_zip_keeps_its_pictures_and_tells_each_fault_with_its_place(world: World) -> None:
    found, faults = await bring(
        world,
        "image",
        "pictures.zip",
        zipped(
            {
                "a.png": png(1),
                "folder/b.png": png(2),
                "again.png": png(1),
                "cut.png": png(3)[:-20],
                "page.png": HTML,
                "drawing.png": SVG,
                "notes.txt": b"not a picture",
                "empty.png": b"",
                "bomb.png": claims_pixels(60_000, 60_000),
            }
        ),
    )
    assert counts(found) == ("done", 2, 1, 6)
    assert (found["rows_read"], found["rows_total"]) == (9, 9)
    assert {place.split()[-1]: code for place, code in faults.items()} == {
        "cut.png": "image.truncated",
        "page.png": "image.markup",
        "drawing.png": "image.markup",
        "notes.txt": "image.wrong_type",
        "empty.png": "file.empty",
        "bomb.png": "image.too_many_pixels",
    }


async def test_a_csv_keeps_its_good_rows_and_tells_the_others(world: World) -> None:
    table = 'id,text,source\n1,good,web\n2,,web\n1,again,web\n3,"ragged"\n4,good,web\n5,😀👩‍👩‍👧 ünï,web\n'
    found, faults = await bring(world, "text", "texts.csv", table.encode())
    assert counts(found) == ("done", 2, 1, 3)
    assert faults == {"row 3": "row.no_text", "row 4": "row.repeated_id", "row 5": "row.ragged"}
    page = await world.owner.get(f"/api/datasets/{found['dataset_id']}/assets")
    by_id = {one["external_id"]: one for one in page["items"]}
    assert by_id["5"]["media"]["text"] == "😀👩‍👩‍👧 ünï"
    assert by_id["1"]["metadata"] == {"source": "web"}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("no-column.csv", b"id,body\n1,a\n", "csv.missing_column"),
        ("empty.csv", b"", "csv.empty"),
        ("open.csv", b'id,text\n1,"never closed\n2,b\n', "csv.open_quote"),
        ("latin.csv", "id,text\n1,für\n".encode("latin-1"), "row.encoding"),
        ("utf16.csv", "id,text\n1,a\n".encode("utf-16"), "csv.encoding"),
        ("fake.zip", b"this is no archive", "zip.damaged"),
        ("cut.zip", zipped({"a.txt": b"a" * 5000})[:-30], "zip.damaged"),
        ("nul.txt", b"a\0b", "text.nul"),
        ("binary.txt", b"\xff\xfe\xfa", "text.encoding"),
    ],
)
async def test_a_file_that_cannot_be_read_says_why_and_adds_nothing(
    world: World, name: str, content: bytes, code: str
) -> None:
    found, faults = await bring(world, "text", name, content)
    assert counts(found) == ("done", 0, 0, 1)
    assert list(faults.values()) == [code]


async def test_a_zip_cannot_reach_out_of_itself(world: World) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("good.txt", "good")
        for name in ("../up.txt", "/root.txt", "a/../../b.txt", "..\\windows.txt", "C:\\drive.txt"):
            archive.writestr(name, "escaped")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    found, faults = await bring(world, "text", "hostile.zip", stream.getvalue())
    assert counts(found) == ("done", 1, 0, 6)
    assert set(faults.values()) == {"entry.unsafe_path", "entry.not_regular"}


async def test_a_zip_that_swells_is_refused_before_it_fills_anything(world: World) -> None:
    bomb = zipped({"bomb.txt": b"a" * (8 << 20), "good.txt": b"good"})
    assert len(bomb) < 20_000
    found, faults = await bring(world, "text", "bomb.zip", bomb)
    assert counts(found) == ("done", 1, 0, 1)
    assert next(iter(faults.values())) == "entry.ratio"


async def test_a_text_of_ten_megabytes_comes_through_whole(world: World) -> None:
    text = ("Ünïcödé 😀 " * 700_000)[:8_000_000]
    content = text.encode()
    assert len(content) > 10_000_000
    found, _ = await bring(world, "text", "long.txt", content)
    assert counts(found)[:2] == ("done", 1)
    page = await world.owner.get(f"/api/datasets/{found['dataset_id']}/assets")
    media = page["items"][0]["media"]
    assert (media["text"], media["length"], media["n_bytes"]) == (None, len(text), len(content))
    response = await world.http.get(media["url"])
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.content == content


async def test_markup_among_texts_is_a_text_and_is_never_served_as_a_page(world: World) -> None:
    long = HTML + b" " * 100_000
    found, _ = await bring(world, "text", "page.html", long)
    assert counts(found)[:2] == ("done", 1)
    media = (await world.owner.get(f"/api/datasets/{found['dataset_id']}/assets"))["items"][0]["media"]
    response = await world.http.get(media["url"])
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_the_same_content_again_adds_nothing_whatever_it_is_called(world: World) -> None:
    found, _ = await bring(world, "image", "one.zip", zipped({"a.png": png(1), "b.png": png(2)}))
    again = await upload(world.owner, found["dataset_id"], "two.zip", zipped({"x.png": png(2), "y.png": png(7)}))
    await world.drain()
    second, _ = await outcome(world, again)
    assert counts(second) == ("done", 1, 1, 0)
    data = await world.owner.get(f"/api/datasets/{found['dataset_id']}")
    assert data["n_assets"] == 3


async def test_an_id_that_is_taken_by_other_content_is_a_fault_and_keeps_the_first(world: World) -> None:
    found, _ = await bring(world, "text", "a.csv", b"id,text\n1,first\n")
    again = await upload(world.owner, found["dataset_id"], "b.csv", b"id,text\n1,second\n2,third\n")
    await world.drain()
    second, faults = await outcome(world, again)
    assert counts(second) == ("done", 1, 0, 1)
    assert faults == {"row 2": "asset.id_taken"}


async def test_an_upload_that_breaks_off_leaves_nothing(world: World) -> None:
    dataset_id = await dataset(world, "text")
    storage = world.engine.storage
    assert isinstance(storage, FolderStorage)

    headers = {"authorization": f"Bearer {world.owner.key}"}
    path = f"/api/datasets/{dataset_id}/imports"
    transport = world.http._transport
    assert isinstance(transport, httpx.ASGITransport)
    sent = await call(
        transport.app, "POST", path, headers=headers, query=b"filename=a.csv", body=b"id,text\n1,a", breaks_off=True
    )
    assert sent.status == 400
    assert (await world.owner.get(f"/api/datasets/{dataset_id}/imports"))["items"] == []
    assert list((storage.root / "unfinished").iterdir()) == []
    assert not (storage.root / str(world.tenant_id)).exists()


async def import_in_pieces(
    world: World, monkeypatch: pytest.MonkeyPatch, after: Callable[[Run, int], Any]
) -> tuple[dict[str, Any], str]:
    """Import 30 rows in chunks of 10, and do something after each chunk."""
    monkeypatch.setattr(ingest, "CHUNK_ROWS", 10)
    take, chunks = Ingest._take, 0

    async def tapped(self: Ingest, run: Run, *rest: Any) -> None:
        nonlocal chunks
        await take(self, run, *rest)
        chunks += 1
        await after(run, chunks)

    monkeypatch.setattr(Ingest, "_take", tapped)
    table = "id,text\n" + "".join(f"{n},text {n}\n" for n in range(30))
    dataset_id = await dataset(world, "text")
    started = await upload(world.owner, dataset_id, "rows.csv", table.encode())
    await world.drain()
    return started, dataset_id


async def test_an_import_that_is_killed_between_chunks_goes_on_and_adds_each_row_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(_: Run, chunks: int) -> None:
        if chunks in {1, 3}:  # the second time is after the last chunk, before the end was noted
            raise RuntimeError("killed")

    started, dataset_id = await import_in_pieces(world, monkeypatch, die)
    found, _ = await outcome(world, started)
    assert counts(found) == ("done", 30, 0, 0)
    assert found["rows_read"] == 30
    assert len(await names(world, dataset_id)) == 30
    assert (await world.owner.get(f"/api/datasets/{dataset_id}"))["n_assets"] == 30


async def test_a_cancelled_import_keeps_what_it_has_added_and_adds_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cancel(run: Run, chunks: int) -> None:
        if chunks == 2:
            async with run.transaction() as db:
                await job_store.request_cancel(db, run.job_id)

    started, dataset_id = await import_in_pieces(world, monkeypatch, cancel)
    found, _ = await outcome(world, started)
    assert counts(found) == ("cancelled", 20, 0, 0)
    assert len(await names(world, dataset_id)) == 20
    again = await world.owner.call("POST", f"/api/imports/{started['id']}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "job.finished")


async def test_new_assets_become_tasks_of_the_projects_on_their_dataset(world: World) -> None:
    project = await world.text_project(2)
    assert project["n_tasks"] == 2
    await upload(world.owner, project["dataset_id"], "more.csv", b"id,text\nnew,something new\n")
    await world.drain()
    assert (await world.owner.get(f"/api/projects/{project['id']}"))["n_tasks"] == 3


async def test_the_same_file_sent_twice_before_it_was_read_is_read_twice(world: World) -> None:
    dataset_id = await dataset(world, "text")
    one, two = [await upload(world.owner, dataset_id, "a.csv", b"id,text\n1,a\n2,b\n") for _ in range(2)]
    await world.drain()
    assert sorted([counts((await outcome(world, it))[0]) for it in (one, two)]) == [
        ("done", 0, 2, 0),
        ("done", 2, 0, 0),
    ]


async def test_an_import_elsewhere_never_takes_the_content_of_an_asset_away(world: World) -> None:
    """The same bytes are an asset here and refused there: they are kept once, so whoever cleans up must look around."""
    here, there = await dataset(world, "image"), await dataset(world, "text")
    await upload(world.owner, here, "a.png", png(5))
    await world.drain()
    refused = await upload(world.owner, there, "a.png", png(5))
    await world.drain()
    assert counts((await outcome(world, refused))[0]) == ("done", 0, 0, 1)
    asset = (await world.owner.get(f"/api/datasets/{here}/assets"))["items"][0]
    assert (await world.http.get(asset["media"]["url"])).content == png(5)


async def test_an_export_that_is_imported_again_can_still_be_fetched(world: World) -> None:
    project = await world.text_project(1)
    export = await world.owner.post(f"/api/projects/{project['id']}/exports", {"format": "csv"})
    await world.drain()
    file = (await world.owner.call("GET", f"/api/exports/{export['id']}/file")).content
    await upload(world.owner, project["dataset_id"], "labels.csv", file)
    await world.drain()
    assert (await world.owner.call("GET", f"/api/exports/{export['id']}/file")).content == file


async def test_an_upload_that_another_import_waits_for_is_kept(world: World) -> None:
    dataset_id = await dataset(world, "text")
    one, two = [await upload(world.owner, dataset_id, "a.csv", b"id,text\n1,a\n") for _ in range(2)]
    async with world.engine.database.transaction(None) as db:
        later = "UPDATE pgqueuer SET execute_after = now() + interval '1 s' WHERE payload LIKE $1"
        assert await db.execute(later, f"%{two['job_id']}%".encode()) == 1
    await world.drain()
    assert counts((await outcome(world, one))[0]) == ("done", 1, 0, 0)
    assert counts((await outcome(world, two))[0]) == ("done", 0, 1, 0)


async def test_a_finished_import_leaves_no_copy_of_the_upload(world: World) -> None:
    found, _ = await bring(world, "text", "a.csv", b"id,text\n1,a\n")
    storage = world.engine.storage
    assert isinstance(storage, FolderStorage)
    kept = [one.read_bytes() for one in (storage.root / str(world.tenant_id)).rglob("*") if one.is_file()]
    assert found["n_added"] == 1
    assert kept == [b"a"]


async def test_imports_of_two_people_at_once_do_not_mix(world: World) -> None:
    dataset_id = await dataset(world, "text")
    tables = [b"id,text\n" + b"".join(b"%d-%d,text %d %d\n" % (who, n, who, n) for n in range(50)) for who in range(3)]
    started = await asyncio.gather(
        *(upload(world.owner, dataset_id, f"{who}.csv", table) for who, table in enumerate(tables))
    )
    await world.drain()
    assert {counts((await outcome(world, one))[0]) for one in started} == {("done", 50, 0, 0)}
    assert len(await names(world, dataset_id)) == 150
