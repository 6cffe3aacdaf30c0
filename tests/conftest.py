"""A real PostgreSQL, made by the real migrations, one per test process; every test works in a tenant of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import hypothesis
import pytest

from karat.api.app import create_app
from karat.api.engine import Engine, open_engine
from karat.config import Settings
from karat.kit.logs import configure_logs
from tests.support.world import World, make_world

# How long an example takes is for the benchmarks: on a busy machine a deadline fails tests that are right.
hypothesis.settings.register_profile("karat", deadline=None)
hypothesis.settings.load_profile("karat")


@pytest.fixture(scope="session", autouse=True)
def quiet_logs() -> None:
    """Log as the server does: without the local variables of a traceback."""
    configure_logs("error")


@pytest.fixture(scope="session")
async def engine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    """A whole Karat without its HTTP door."""
    folder = tmp_path_factory.mktemp("karat")
    async with open_engine(Settings(data_dir=Path(folder))) as running:
        yield running


@pytest.fixture(scope="session")
async def http(engine: Engine) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application, in process; unexpected errors become a 500 as they would outside."""
    transport = httpx.ASGITransport(app=create_app(engine), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.fixture
async def world(engine: Engine, http: httpx.AsyncClient) -> World:
    """A new tenant with a member of every role, and the means to work in it."""
    return await make_world(engine, http)
