"""Small pictures: drawn anew, kept, and made where a hostile image harms nobody. And what uploads are served as."""

import io
import struct
import zlib
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from karat.jobs import Compute
from karat.jobs.compute import ComputeLost
from karat.storage import FolderStorage
from karat.storage.errors import ThumbnailImpossible
from karat.storage.thumbnailing import make_thumbnail
from karat.storage.thumbnails import Thumbnails
from tests.datasets.test_ingest import bring, claims_pixels, counts, zipped
from tests.support.world import World

HTML = b"<!doctype html><script>alert(1)</script>"


def picture(size: tuple[int, int] = (800, 400), kind: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size, 200 if mode == "L" else (200, 10, 10, 128)[: len(mode)]).save(stream, kind, **options)
    return stream.getvalue()


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "L"), ("PNG", "P"), ("GIF", "P"), ("WEBP", "RGB"), ("BMP", "RGB")],
)
def test_a_picture_of_every_kind_becomes_a_small_webp(kind: str, mode: str) -> None:
    source = picture(kind=kind, mode="RGB" if mode == "P" else mode)
    small = opened(make_thumbnail(source, 256))
    assert (small.format, small.size) == ("WEBP", (256, 128))


def test_a_picture_is_turned_as_its_exif_says_and_carries_none() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "where I live"
    small = make_thumbnail(picture(exif=exif), 256)
    assert opened(small).size == (128, 256)
    assert b"where I live" not in (small or b"") and not opened(small).getexif()


def test_a_small_picture_is_not_blown_up() -> None:
    assert opened(make_thumbnail(picture((20, 10)), 256)).size == (20, 10)


def test_what_hides_behind_a_picture_does_not_come_along() -> None:
    small = make_thumbnail(picture() + HTML, 256)
    assert small is not None and b"<script" not in small


@pytest.mark.parametrize(
    "data", [b"", b"no picture", HTML, b"<svg xmlns='http://www.w3.org/2000/svg'/>", claims_pixels(60_000, 60_000)]
)
def test_what_is_no_picture_gives_none(data: bytes) -> None:
    assert make_thumbnail(data, 256) is None


def bomb(edge: int) -> bytes:
    """A PNG of a few hundred kilobytes that unfolds to edge × edge pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + 4 * edge)) for _ in range(edge)) + packer.flush()
    head = struct.pack(">IIBBBBB", edge, edge, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_a_picture_that_wants_too_much_memory_or_time_harms_nobody(tmp_path: Path) -> None:
    tenant_id, storage = uuid4(), FolderStorage(tmp_path / "media")
    bad, good = await storage.put_many(tenant_id, [bomb(6000), picture()])
    narrow = Compute(memory_bytes=400 << 20, cpu_s=30)
    try:
        thumbnails = Thumbnails(tmp_path / "small", storage, narrow)
        with pytest.raises(ThumbnailImpossible):
            await thumbnails.get(tenant_id, bad.sha256)
        assert opened(await thumbnails.get(tenant_id, good.sha256)).size == (256, 128)
    finally:
        narrow.close()
    wide = Thumbnails(tmp_path / "small", storage, Compute())
    with pytest.raises(ThumbnailImpossible):  # it is remembered, and not tried at every look
        await wide.get(tenant_id, bad.sha256)


async def test_the_limits_of_the_process_hold() -> None:
    narrow = Compute(memory_bytes=300 << 20, cpu_s=1)
    try:
        assert await narrow.run("builtins:len", "abc") == 3
        with pytest.raises(ComputeLost):
            await narrow.run("builtins:bytearray", 400 << 20)
        with pytest.raises(ComputeLost):
            await narrow.run("builtins:pow", 7, 40_000_000)
        assert await narrow.run("builtins:len", "abc") == 3, "the next call gets a new process"
    finally:
        narrow.close()


async def test_a_picture_is_made_once_and_kept(tmp_path: Path) -> None:
    tenant_id, storage = uuid4(), FolderStorage(tmp_path / "media")
    (one,) = await storage.put_many(tenant_id, [picture()])
    compute = Compute()
    try:
        thumbnails = Thumbnails(tmp_path / "small", storage, compute)
        first = await thumbnails.get(tenant_id, one.sha256)
    finally:
        compute.close()
    await storage.delete(tenant_id, one.sha256)
    assert await thumbnails.get(tenant_id, one.sha256) == first
    other = [path for path in (tmp_path / "small").rglob("*") if path.is_file()]
    assert len(other) == 1


@pytest.mark.requirement("SEC-4")
async def test_uploads_that_are_two_things_at_once_are_refused_or_served_inert(world: World) -> None:
    corpus = {
        "plain.jpg": picture(),
        "comment.jpg": picture(comment=HTML),
        "behind.jpg": picture() + HTML,
        "zip.png": picture(kind="PNG") + zipped({"a.txt": b"x"}),
        "pdf.gif": picture(kind="GIF") + b"%PDF-1.7",
        "php.png": picture(kind="PNG") + b"<?php system($_GET[0]); ?>",
        "page.png": HTML,
        "drawing.jpg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "text.html": picture((9, 9)),
        "cut.jpg": picture()[:-300],
        "bomb.png": claims_pixels(50_000, 50_000),
    }
    found, faults = await bring(world, "image", "corpus.zip", zipped(corpus))
    assert counts(found) == ("done", 2, 0, 9), faults
    for one in (await world.owner.get(f"/api/datasets/{found['dataset_id']}/assets"))["items"]:
        for url in (one["media"]["url"], one["media"]["thumbnail_url"]):
            shown = await world.http.get(url)
            assert shown.headers["content-type"] in {"image/jpeg", "image/webp"}
            assert shown.headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in shown.headers["content-security-policy"]


async def test_a_thumbnail_is_had_by_the_signed_link_alone_and_says_when_it_is_known(world: World) -> None:
    found, _ = await bring(world, "image", "a.jpg", picture())
    (one,) = (await world.owner.get(f"/api/datasets/{found['dataset_id']}/assets"))["items"]
    url = one["media"]["thumbnail_url"]
    first = await world.http.get(url)
    assert (first.status_code, first.headers["content-type"]) == (200, "image/webp")
    again = await world.http.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    forged = url[:20] + ("A" if url[20] != "A" else "B") + url[21:]
    assert (await world.http.get(forged)).status_code == 404


async def test_a_text_has_no_thumbnail(world: World) -> None:
    found, _ = await bring(world, "text", "a.txt", b"long " * 30_000)
    (one,) = (await world.owner.get(f"/api/datasets/{found['dataset_id']}/assets"))["items"]
    assert one["media"]["thumbnail_url"] is None
    answer = await world.http.get(f"{one['media']['url']}/thumbnail")
    assert (answer.status_code, answer.json()["code"]) == (404, "storage.no_thumbnail")
