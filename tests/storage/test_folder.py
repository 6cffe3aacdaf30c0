import errno
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.errors import OutOfSpace, TooLarge
from karat.storage import BlobNotFound, FolderStorage, pieces_of

pytestmark = pytest.mark.asyncio

OURS, THEIRS = uuid4(), uuid4()


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path)


async def chunked(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def everything(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


def files(storage: FolderStorage) -> list[Path]:
    return [path for path in storage.root.rglob("*") if path.is_file()]


async def test_what_is_put_in_pieces_comes_back_whole_under_its_hash(storage: FolderStorage) -> None:
    content = os.urandom(3_000_001)
    blob = await storage.put(OURS, chunked(content[:10], b"", content[10:2_000_000], content[2_000_000:]))
    assert blob.sha256 == hashlib.sha256(content).hexdigest()
    assert blob.size == len(content)
    assert await storage.read(OURS, blob.sha256) == content
    assert await everything(storage.open(OURS, blob.sha256)) == content
    assert await storage.stat(OURS, blob.sha256) == blob


async def test_a_blob_lies_below_its_tenant_for_this_user_alone(storage: FolderStorage) -> None:
    blob = await storage.put(OURS, chunked(b"abc"))
    path = storage.root / str(OURS) / "ba" / "78" / blob.sha256
    assert files(storage) == [path]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 250), st.integers(0, 250))
async def test_a_range_is_the_same_as_a_slice(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, start: int, end: int
) -> None:
    storage = FolderStorage(tmp_path_factory.mktemp("blobs"))
    [blob] = await storage.put_many(OURS, [content])
    assert await everything(storage.open(OURS, blob.sha256, start=start, end=end)) == content[start:end]


async def test_a_range_longer_than_one_piece_is_read_to_its_end(storage: FolderStorage) -> None:
    content = os.urandom(1_000_000)
    blob = await storage.put(OURS, chunked(content))
    assert await everything(storage.open(OURS, blob.sha256, start=1, end=999_999)) == content[1:999_999]


async def test_the_same_bytes_are_kept_once_per_tenant(storage: FolderStorage) -> None:
    first, again, *_ = await storage.put_many(OURS, [b"same"] * 20)
    assert first == again == await storage.put(OURS, chunked(b"sa", b"me"))
    await storage.put(THEIRS, chunked(b"same"))
    assert len(files(storage)) == 2


async def test_another_tenants_blob_is_not_found(storage: FolderStorage) -> None:
    blob = await storage.put(OURS, chunked(b"ours"))
    assert not await storage.exists(THEIRS, blob.sha256)
    for attempt in (storage.read(THEIRS, blob.sha256), storage.stat(THEIRS, blob.sha256)):
        with pytest.raises(BlobNotFound):
            await attempt
    with pytest.raises(BlobNotFound):
        await everything(storage.open(THEIRS, blob.sha256))


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63, "a" * 63 + "/", "é" * 64])
async def test_a_name_that_is_no_hash_is_not_found(storage: FolderStorage, name: str) -> None:
    with pytest.raises(BlobNotFound):
        await storage.read(OURS, name)


async def test_a_deleted_blob_is_gone_and_may_be_deleted_again(storage: FolderStorage) -> None:
    blob = await storage.put(OURS, chunked(b"x"))
    await storage.delete(OURS, blob.sha256)
    await storage.delete(OURS, blob.sha256)
    assert not await storage.exists(OURS, blob.sha256)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 300])
async def test_many_blobs_are_kept_in_their_order(storage: FolderStorage, count: int) -> None:
    blobs = [str(number).encode() for number in range(count)]
    for _ in range(2):  # the second time all of them are there already
        stored = await storage.put_many(OURS, blobs)
        assert [await storage.read(OURS, blob.sha256) for blob in stored] == blobs
    assert len(files(storage)) == count


async def test_too_many_bytes_are_refused_and_leave_nothing(storage: FolderStorage) -> None:
    with pytest.raises(TooLarge):
        await storage.put(OURS, chunked(b"12345", b"6"), max_bytes=5)
    assert files(storage) == []
    assert (await storage.put(OURS, chunked(b"12345"), max_bytes=5)).size == 5


async def test_a_sender_that_breaks_off_leaves_nothing(storage: FolderStorage) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield bytes(2_000_000)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await storage.put(OURS, broken())
    assert files(storage) == []


@pytest.mark.parametrize("count", [1, 20])
async def test_a_disk_that_fills_up_is_named_and_leaves_nothing(
    storage: FolderStorage, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("karat.storage.folder.sync_file", full)
    monkeypatch.setattr("karat.storage.folder.sync_file_system", full)
    with pytest.raises(OutOfSpace):
        await storage.put(OURS, chunked(b"x"))
    with pytest.raises(OutOfSpace):
        await storage.put_many(OURS, [str(number).encode() for number in range(count)])
    assert files(storage) == []


async def test_no_name_is_given_before_the_bytes_are_on_the_disk(
    storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    named_at_sync: list[int] = []

    def note(_: object) -> None:
        named_at_sync.append(sum(path.parent != storage.root / "unfinished" for path in files(storage)))

    monkeypatch.setattr("karat.storage.folder.sync_file_system", note)
    await storage.put_many(OURS, [str(number).encode() for number in range(30)])
    assert named_at_sync == [0, 30]


async def test_only_what_was_left_long_ago_is_cleared_away(storage: FolderStorage) -> None:
    old, young = storage.root / "unfinished" / "old", storage.root / "unfinished" / "young"
    old.touch()
    os.utime(old, (0, 0))
    young.touch()
    assert storage.remove_abandoned() == 1
    assert files(storage) == [young]


async def test_a_file_can_be_put(storage: FolderStorage, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(bytes(2_500_000))
    with source.open("rb") as file:
        blob = await storage.put(OURS, pieces_of(file))
    assert blob.size == 2_500_000
