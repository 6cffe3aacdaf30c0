"""SEC-5: no default account, no default secret; a new installation has what no other has."""

import re
import stat
from pathlib import Path
from uuid import uuid4

import pytest

from karat.access import set_up
from karat.api.engine import open_engine
from karat.api.problems import FOR_STRANGERS
from karat.api.serve import OWNER_KEY, serving
from karat.config import Settings
from tests.support.world import World

pytestmark = pytest.mark.requirement("SEC-5")


async def first_start(folder: Path) -> dict[str, object]:
    async with serving(Settings(data_dir=folder, port=0), with_runner=False) as running:
        assert running.first_owner is not None
        return {
            "key": (folder / OWNER_KEY).read_text().strip(),
            "told": running.first_owner.key,
            "code": running.first_owner.sign_in_code,
            "media": running.engine.media_key,
            "signing": running.engine.public_key,
            "tenant": running.first_owner.tenant.id,
        }


async def test_two_installations_share_no_key_and_no_secret(tmp_path: Path) -> None:
    one, two = await first_start(tmp_path / "one"), await first_start(tmp_path / "two")
    assert one["key"] == one["told"]
    assert [name for name in one if one[name] == two[name]] == []
    for folder in (tmp_path / "one", tmp_path / "two"):
        for secret in (OWNER_KEY, "secret.key"):
            assert stat.S_IMODE((folder / secret).stat().st_mode) == 0o600
        assert stat.S_IMODE((folder).stat().st_mode) == 0o700

    async with serving(Settings(data_dir=tmp_path / "one", port=0), with_runner=False) as again:
        assert again.first_owner is None  # a second start makes nobody and shows no link
        assert again.engine.public_key == one["signing"]


async def test_before_set_up_there_is_nobody_and_set_up_happens_once(tmp_path: Path) -> None:
    async with open_engine(Settings(data_dir=tmp_path / "new")) as engine:
        async with engine.database.transaction(None) as db:
            assert await db.fetch_value('SELECT count(*) FROM "user"') == 0
            assert await db.fetch_value("SELECT count(*) FROM tenant") == 0
        assert await set_up(engine.database, "A", "Owner") is not None
        assert await set_up(engine.database, "B", "Somebody else") is None


async def test_nobody_can_register(world: World) -> None:
    """There is no route by which somebody without a key becomes a member (security.md, rows 1 and 33)."""
    schema = (await world.http.get("/api/openapi.json")).json()
    writing = [
        (method, path)
        for path, methods in schema["paths"].items()
        for method in methods
        if method not in {"get", "head"}
    ]
    for method, path in writing:
        concrete = re.sub(r"{\w+}", str(uuid4()), path)
        refused = await world.http.request(method, concrete, json={}, params={"filename": "a.csv"})
        expected = 422 if (method.upper(), path) in FOR_STRANGERS else 401
        assert refused.status_code == expected, (method, path)
    assert len(writing) > 15
