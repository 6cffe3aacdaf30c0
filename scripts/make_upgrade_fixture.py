"""Write down the data of a release, so that later versions can show that they keep them.

Runs in the code of that release, on its own schema and by its own routes:

    git archive REVISION | tar x -C /tmp/released
    PYTHONPATH=/tmp/released/src:/tmp/released .venv/bin/python scripts/make_upgrade_fixture.py OUT.tar.gz
"""

import asyncio
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import httpx

from karat.access import make_sign_in_code
from karat.api.app import create_app
from karat.api.engine import Engine, open_engine
from karat.audit.sealing import seal_entries
from karat.config import Settings
from karat.database.embedded_folder import SUPERUSER, wheel_bin_dir
from karat.database.engine import APP_ROLE
from karat.database.migrate import revisions
from tests.security.scene import Scene, make_scene
from tests.support.world import answer, make_world

# What is counted here has to be there after an upgrade.
COUNTED = (
    "tenant",
    "user",
    "membership",
    "api_key",
    "dataset",
    "asset",
    "data_import",
    "project",
    "task",
    "assignment",
    "submission",
    "review",
    "certificate",
    "frozen_label",
    "export",
    "audit_entry",
    "audit_seal",
    "job",
    "ontology_version",
    "instructions",
)


async def main(out: Path) -> None:
    """Make two tenants that own something of every kind, and pack what is on the disk then."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        async with open_engine(Settings(data_dir=data_dir)) as engine:
            transport = httpx.ASGITransport(app=create_app(engine))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
                await make_scene(await make_world(engine, http))
                facts = await describe(engine, await make_scene(await make_world(engine, http)))
            dump = pg_dump(engine)
        pack(out, data_dir, dump, facts)
    print(f"{out}: {out.stat().st_size:,} bytes of revision {facts['revision']}")


async def describe(engine: Engine, scene: Scene) -> dict[str, Any]:
    """Let people work a little, and say what there is."""
    world = scene.world
    for label in "abab":
        work = await scene.assignment(world.annotator)
        await world.annotator.post(f"/api/assignments/{work['assignment_id']}/submission", answer(work, label))
    certificate = await world.owner.call("GET", f"/api/certificates/{scene.ids['certificate_id']}/file")
    async with engine.database.transaction(world.tenant_id) as db:
        code = await make_sign_in_code(db, world.owner.caller)
        await seal_entries(db, engine.private_key)
        counts = {name: await db.fetch_value(f'SELECT count(*) FROM "{name}"') for name in COUNTED}
        hashes = await db.fetch("SELECT DISTINCT encode(sha256, 'hex') AS sha256 FROM asset ORDER BY 1")
    return {
        "revision": revisions()[-1],
        "tenant_id": str(world.tenant_id),
        "keys": {role.value: person.key for role, person in world.people.items()},
        "sign_in_code": code,
        "public_key": engine.public_key,
        "certificate": certificate.text,
        "ids": scene.ids,
        "counts": counts,
        "assets": [row["sha256"] for row in hashes],
    }


def pg_dump(engine: Engine) -> bytes:
    """The whole database as SQL, by PostgreSQL's own tool."""
    dsn = engine.queue_dsn.replace(f"{APP_ROLE}@", f"{SUPERUSER}@")
    return subprocess.run([wheel_bin_dir() / "pg_dump", dsn], check=True, capture_output=True).stdout


def pack(out: Path, data_dir: Path, dump: bytes, facts: dict[str, Any]) -> None:
    """`database.sql`, `facts.json`, `secret.key`, `media/…`."""
    with tarfile.open(out, "w:gz", compresslevel=9) as archive:
        for name, content in (("database.sql", dump), ("facts.json", json.dumps(facts, indent=1).encode())):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        archive.add(data_dir / "secret.key", "secret.key")
        archive.add(data_dir / "media", "media")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
