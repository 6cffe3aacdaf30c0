"""Texts of data: datasets, files and their content, uploads, buckets, imports and what went wrong with them."""

import csv
import io
from uuid import UUID

from tests.browser.planting.planter import Planter, Screen
from tests.support.browser import until

HOST = "https://bucket.invalid"
SECRET = {"access_key_id": "AKIA0123456789ABCDEF", "secret_access_key": "not a secret"}


async def plant_data(planter: Planter) -> list[Screen]:
    """A dataset of texts, imported from a table and uploaded in parts, and buckets that nobody answers for."""
    owner = planter.owner
    name = planter.text("POST /api/datasets name")
    dataset = str((await owner.post("/api/datasets", {"name": name, "modality": "text"}))["id"])
    await owner.call(
        "POST", f"/api/datasets/{dataset}/imports", params={"filename": _table_name(planter)}, content=_table(planter)
    )
    await _upload(planter, dataset)
    connection = await _connections(planter)
    await _from_bucket(planter, dataset, connection)
    await planter.world.drain()
    return [
        Screen("datasets", "/datasets"),
        Screen("dataset", f"/datasets/{dataset}"),
        Screen("asset", f"/datasets/{dataset}", ("^First",)),
        Screen("connections", "/datasets/connections"),
        Screen("change of a connection", "/datasets/connections", ("^Change second",)),
        Screen("jobs", "/jobs"),
        Screen("dead letters", "/jobs?state=failed"),
    ]


def _table_name(planter: Planter) -> str:
    return planter.text("POST /api/datasets/{dataset_id}/imports ?filename", "{attack}.csv")


def _table(planter: Planter) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["id", "text", planter.text("name of metadata")])
    writer.writerow(
        [planter.text("id of an asset"), f"First {planter.text('text of an asset')}", planter.text("metadata")]
    )
    return stream.getvalue().encode()


async def _upload(planter: Planter, dataset: str) -> None:
    """One upload that is whole, with a file that was added to it, and one that waits for its bytes."""
    owner = planter.owner
    files = [{"name": planter.text("POST /api/uploads files[].name", "{attack}.txt"), "size": 3}]
    begun = await owner.post("/api/uploads", {"dataset_id": dataset, "name": "whole", "files": files})
    added = planter.text("POST /api/uploads/{upload_id}/files files[].name", "{attack}.txt")
    path = f"/api/uploads/{begun['id']}"
    await owner.post(f"{path}/files", {"files": [{"name": added, "size": 4}]})
    for at, content in enumerate((b"one", b"four")):
        assert (await owner.call("PUT", f"{path}/files/{at}", content=content)).is_success
    await owner.post(f"{path}/complete")
    name = planter.text("POST /api/uploads name")
    await owner.post("/api/uploads", {"dataset_id": dataset, "name": name, "files": [{"name": "a.txt", "size": 9}]})


async def _connections(planter: Planter) -> str:
    route = "POST /api/connections"
    body = {"kind": "s3", "bucket": "pictures", "secret": SECRET}
    first = await planter.owner.post("/api/connections", body | _texts(planter, route))
    second = await planter.owner.post("/api/connections", {**body, "name": "second", "endpoint": HOST})
    route = "PATCH /api/connections/{connection_id}"
    path = f"/api/connections/{second['id']}"
    changed = _texts(planter, route)
    await planter.change(path, **changed | {"name": f"second {changed['name']}", "secret": SECRET})
    return str(first["id"])


def _texts(planter: Planter, route: str) -> dict[str, str]:
    texts = {name: planter.text(f"{route} {name}") for name in ("name", "prefix")}
    return {**texts, "endpoint": planter.plain(f"{route} endpoint", HOST + "/{attack}")}


async def _from_bucket(planter: Planter, dataset: str, connection: str) -> None:
    route = "POST /api/datasets/{dataset_id}/bucket-imports"
    path = f"/api/datasets/{dataset}/bucket-imports"
    listed = {"prefix": planter.text(f"{route} prefix"), "patterns": [planter.text(f"{route} patterns[]")]}
    made = [await planter.owner.post(path, {"connection_id": connection, **listed})]
    manifest = {"manifest": planter.text(f"{route} manifest", "{attack}.csv")}
    made.append(await planter.owner.post(path, {"connection_id": connection, **manifest}))

    async def have_tried() -> bool:
        jobs = [await planter.owner.get(f"/api/jobs/{one['job_id']}") for one in made]
        return all(job["error"] for job in jobs)

    await until(have_tried, "the bucket that is not there was asked")
    for one in made:
        await planter.owner.call("POST", f"/api/jobs/{one['job_id']}/cancel")
    said = planter.text("what a job says"), planter.text("error of a job")
    async with planter.world.engine.database.transaction(planter.world.tenant_id) as db:
        query = "UPDATE job SET state = 'failed', message = $2, error = $3 WHERE id = $1"
        await db.execute(query, UUID(made[0]["job_id"]), *said)
