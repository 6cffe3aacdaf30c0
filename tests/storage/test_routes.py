from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from httpx import ASGITransport, AsyncClient

from karat.errors import KaratError
from karat.jobs import Compute
from karat.kit import utc_now
from karat.storage import Disposition, FolderStorage, StoredBlob, link_expiry, sign_media
from karat.storage.routes import MediaDoor, router
from karat.storage.thumbnails import Thumbnails

pytestmark = pytest.mark.asyncio

KEY = bytes(32)
TENANT = uuid4()
CONTENT = bytes(range(100))


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path)


@pytest_asyncio.fixture
async def blob(storage: FolderStorage) -> StoredBlob:
    [stored] = await storage.put_many(TENANT, [CONTENT])
    return stored


@pytest_asyncio.fixture
async def client(storage: FolderStorage, tmp_path: Path) -> AsyncIterator[AsyncClient]:
    app = FastAPI()
    app.include_router(router)
    app.state.media = MediaDoor(storage, KEY, Thumbnails(tmp_path / "thumbnails", storage, Compute()))

    @app.exception_handler(KaratError)
    async def answer(_: Request, error: KaratError) -> JSONResponse:
        return JSONResponse(error.problem(), error.status)

    async with AsyncClient(transport=ASGITransport(app), base_url="http://karat") as client:
        yield client


def link(
    blob: StoredBlob,
    media_type: str = "image/png",
    *,
    tenant_id: UUID = TENANT,
    disposition: Disposition = Disposition.INLINE,
    lifetime_s: int = 300,
) -> str:
    expires_at = link_expiry(utc_now()) if lifetime_s == 300 else utc_now() + timedelta(seconds=lifetime_s)
    return sign_media(
        KEY,
        tenant_id=tenant_id,
        user_id=uuid4(),
        sha256=blob.sha256,
        media_type=media_type,
        expires_at=expires_at,
        disposition=disposition,
    )


async def test_an_image_is_shown_and_can_do_no_harm(client: AsyncClient, blob: StoredBlob) -> None:
    answer = await client.get(link(blob))
    assert (answer.status_code, answer.content) == (200, CONTENT)
    headers = answer.headers
    assert headers["content-type"] == "image/png"
    assert headers["content-disposition"] == "inline"
    assert headers["content-length"] == "100"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "no-referrer"


async def test_the_browser_may_keep_it_as_long_as_the_link_lasts(client: AsyncClient, blob: StoredBlob) -> None:
    private, max_age, _ = (await client.get(link(blob))).headers["cache-control"].split(", ")
    assert private == "private"
    assert 230 < int(max_age.removeprefix("max-age=")) <= 300


@pytest.mark.parametrize("media_type", ["image/svg+xml", "text/html", "application/xhtml+xml", "application/pdf", ""])
async def test_what_browsers_might_run_is_only_ever_saved(
    client: AsyncClient, blob: StoredBlob, media_type: str
) -> None:
    headers = (await client.get(link(blob, media_type))).headers
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"] == f'attachment; filename="{blob.sha256[:16]}.bin"'


async def test_a_link_to_save_saves(client: AsyncClient, blob: StoredBlob) -> None:
    headers = (await client.get(link(blob, disposition=Disposition.ATTACHMENT))).headers
    assert headers["content-disposition"] == f'attachment; filename="{blob.sha256[:16]}.png"'


async def test_text_is_shown_as_utf8(client: AsyncClient, blob: StoredBlob) -> None:
    assert (await client.get(link(blob, "text/plain"))).headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=90-", slice(90, 100)),
        ("bytes=-5", slice(95, 100)),
        ("bytes=-500", slice(0, 100)),
        ("bytes=50-500", slice(50, 100)),
        ("bytes=99-99", slice(99, 100)),
    ],
)
async def test_a_part_is_sent_on_request(client: AsyncClient, blob: StoredBlob, asked: str, part: slice) -> None:
    answer = await client.get(link(blob), headers={"range": asked})
    assert answer.content == CONTENT[part]
    if part == slice(0, 100):
        assert answer.status_code == 200
    else:
        assert answer.status_code == 206
        assert answer.headers["content-range"] == f"bytes {part.start}-{part.stop - 1}/100"


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=-0", "bytes=500-600"])
async def test_a_part_that_is_not_there_is_refused(client: AsyncClient, blob: StoredBlob, asked: str) -> None:
    answer = await client.get(link(blob), headers={"range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == "bytes */100"
    assert answer.content == b""


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=0-1,5-6", "items=0-5", "bytes=a-b", "bytes=" + "9" * 5000 + "-"])
async def test_a_range_that_makes_no_sense_does_not_count(client: AsyncClient, blob: StoredBlob, asked: str) -> None:
    answer = await client.get(link(blob), headers={"range": asked})
    assert (answer.status_code, answer.content) == (200, CONTENT)


async def test_a_range_counts_only_for_the_content_it_was_meant_for(client: AsyncClient, blob: StoredBlob) -> None:
    stale = await client.get(link(blob), headers={"range": "bytes=0-1", "if-range": '"other"'})
    assert stale.status_code == 200
    current = await client.get(link(blob), headers={"range": "bytes=0-1", "if-range": f'"{blob.sha256}"'})
    assert current.status_code == 206


@pytest.mark.parametrize("tags", ['"{}"', 'W/"{}"', '"other", "{}"', "*"])
async def test_what_the_browser_has_is_not_sent_again(client: AsyncClient, blob: StoredBlob, tags: str) -> None:
    answer = await client.get(link(blob), headers={"if-none-match": tags.format(blob.sha256)})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == f'"{blob.sha256}"'


async def test_head_tells_the_same_without_the_content(client: AsyncClient, blob: StoredBlob) -> None:
    url = link(blob)
    got, head = await client.get(url), await client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    timeless = set(got.headers) - {"cache-control"}  # which counts down
    assert {name: head.headers[name] for name in timeless} == {name: got.headers[name] for name in timeless}


async def test_an_empty_medium_is_sent_as_such(client: AsyncClient, storage: FolderStorage) -> None:
    [empty] = await storage.put_many(TENANT, [b""])
    answer = await client.get(link(empty))
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "0")


async def test_an_expired_link_is_gone_and_a_changed_one_never_was(client: AsyncClient, blob: StoredBlob) -> None:
    expired = await client.get(link(blob, lifetime_s=-1))
    assert (expired.status_code, expired.json()["code"]) == (410, "storage.link_expired")
    url = link(blob)
    changed = await client.get(url[:-8] + ("B" if url[-8] == "A" else "A") + url[-7:])
    assert (changed.status_code, changed.json()["code"]) == (404, "storage.link_invalid")


async def test_a_link_of_a_tenant_without_the_blob_is_not_found(client: AsyncClient, blob: StoredBlob) -> None:
    answer = await client.get(link(blob, tenant_id=uuid4()))
    assert (answer.status_code, answer.json()["code"]) == (404, "storage.blob_not_found")


@pytest.mark.parametrize("path", ["/media/..%2f..%2fsecret.key", "/media/../secret.key", "/media/%00", "/media/"])
async def test_a_path_leads_nowhere(client: AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404
