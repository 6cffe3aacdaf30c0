"""Two tenants that own the same kinds of things, and the application between them."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from karat.api.engine import Engine
from tests.security.scene import Scene, forget_events, make_scene
from tests.support.world import make_world


@pytest.fixture(scope="session")
async def scenes(engine: Engine, http: httpx.AsyncClient) -> AsyncIterator[tuple[Scene, Scene]]:
    """Our tenant, and a stranger's."""
    ours, theirs = [await make_scene(await make_world(engine, http)) for _ in range(2)]
    yield ours, theirs
    for one in (ours, theirs):
        await forget_events(one.world)


@pytest.fixture
def app(http: httpx.AsyncClient) -> Any:
    """The application behind the client."""
    transport = http._transport
    assert isinstance(transport, httpx.ASGITransport)
    return transport.app
