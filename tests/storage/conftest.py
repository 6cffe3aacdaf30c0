"""A server that may connect to this machine, and buckets on it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from karat.api.engine import Engine
from tests.storage.buckets import Rclone, outward, rclone
from tests.support.world import World


@pytest.fixture
async def open_world(engine: Engine) -> AsyncIterator[World]:
    """A tenant of a server that may connect to 127.0.0.1."""
    async with outward(engine) as world:
        yield world


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[Rclone]:
    """A server with the empty bucket `pictures`."""
    (tmp_path / "buckets" / "pictures").mkdir(parents=True)
    with rclone(tmp_path / "buckets") as server:
        yield server
