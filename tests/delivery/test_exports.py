"""Exports over the API: every label once, in a file that our own readers give back."""

import io
import re
from typing import Any

import pytest

from karat.formats import DeliveredLabel, format_named
from tests.support.world import World, answer

HOSTILE_ROWS = [
    ("../../etc/passwd", "climbs"),
    ("=cmd|' /C calc'!A0", "=1+1"),
    ("@SUM(1)", "-1+1"),
    ('quote"comma,semi;', "line\nbreak"),
    ("😀👩‍👩‍👧", "emoji 😀"),
    ("\u202egnp.exe", "turns round"),
    ("<script>alert(1)</script>", "<b>bold</b>"),
]


async def project_of(world: World, rows: list[tuple[str, str]]) -> dict[str, Any]:
    """A project over texts with the given ids; the first one is answered with a."""
    import csv

    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerows([("id", "text", "note"), *((*row, row[0]) for row in rows)])
    dataset = await world.owner.post("/api/datasets", {"name": "Texts", "modality": "text"})
    path = f"/api/datasets/{dataset['id']}/imports?filename=texts.csv"
    await world.owner.post(path, content=stream.getvalue().encode())
    await world.drain()
    body = {
        "name": 'Evil"; filename="x.html',
        "dataset_id": dataset["id"],
        "kind": "text.class",
        "classes": [{"name": "a"}, {"name": '=b,"c"'}],
        "target": {"overlap": 2},
    }
    project = await world.owner.post("/api/projects", body)
    await world.drain()
    work = await world.take(world.annotator, project)
    await world.annotator.post(f"/api/assignments/{work['assignment_id']}/submission", answer(work))
    async with world.engine.database.transaction(world.tenant_id) as db:
        await db.execute("DELETE FROM event WHERE tenant_id = $1", world.tenant_id)
        await db.execute("UPDATE task SET label = 'a', confidence = 0.75 WHERE id = $1", work["task_id"])
        await db.execute("UPDATE task SET label = '=b,\"c\"' WHERE id <> $1", work["task_id"])
    return {**project, "answered": work["asset"]["id"]}


async def export(world: World, project: dict[str, Any], form: str) -> dict[str, Any]:
    started = await world.owner.post(f"/api/projects/{project['id']}/exports", {"format": form})
    assert started["state"] == "queued"
    await world.drain()
    return dict(await world.owner.get(f"/api/exports/{started['id']}"))


async def file_of(world: World, one: dict[str, Any], **headers: str) -> Any:
    return await world.owner.call("GET", f"/api/exports/{one['id']}/file", headers=headers)


@pytest.mark.parametrize("form", ["karat-jsonl", "csv"])
async def test_every_asset_is_in_the_file_once_and_reads_back_as_it_was(world: World, form: str) -> None:
    project = await project_of(world, HOSTILE_ROWS)
    one = await export(world, project, form)
    assert (one["state"], one["n_labels"], one["error"]) == ("done", len(HOSTILE_ROWS), None)
    response = await file_of(world, one)
    assert len(response.content) == one["n_bytes"]
    labels = list(format_named(form).read(io.BytesIO(response.content)))
    assert all(isinstance(label, DeliveredLabel) for label in labels), labels
    delivered = [label for label in labels if isinstance(label, DeliveredLabel)]
    assert {label.external_id for label in delivered} == {row[0] for row in HOSTILE_ROWS}
    assert len({label.asset_id for label in delivered}) == len(HOSTILE_ROWS)
    for label in delivered:
        first = str(label.asset_id) == project["answered"]
        assert label.annotations[0].payload == {"label_class": "a" if first else '=b,"c"'}
        assert label.provenance.n_answers == int(first)
    if form == "karat-jsonl":  # lossless: also what the table has no column for
        assert all(label.metadata["note"] == label.external_id for label in delivered)
        assert {label.media.media_type for label in delivered if label.media} == {"text/plain"}


async def test_no_cell_of_a_csv_is_a_formula(world: World) -> None:
    one = await export(world, await project_of(world, HOSTILE_ROWS), "csv")
    text = (await file_of(world, one)).content.decode("utf-8-sig")
    assert not re.search(r'(?:^|,)"?[=@+\-\t\r][^,]', text, re.MULTILINE)


async def test_a_download_that_broke_off_goes_on_where_it_ended(world: World) -> None:
    one = await export(world, await world.text_project(20, overlap=1), "karat-jsonl")
    whole = await file_of(world, one)
    assert whole.headers["accept-ranges"] == "bytes"
    first, rest = await file_of(world, one, Range="bytes=0-99"), await file_of(world, one, Range="bytes=100-")
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.headers["content-range"] == f"bytes 0-99/{one['n_bytes']}"
    assert first.content + rest.content == whole.content
    assert (await file_of(world, one, Range=f"bytes={one['n_bytes']}-")).status_code == 416
    changed = await file_of(world, one, **{"Range": "bytes=100-", "If-Range": '"another"'})
    assert (changed.status_code, changed.content) == (200, whole.content)


async def test_a_file_is_sent_as_an_attachment_under_a_name_of_our_own(world: World) -> None:
    one = await export(world, await project_of(world, HOSTILE_ROWS[:1]), "csv")
    response = await file_of(world, one)
    assert response.headers["content-disposition"] == f'attachment; filename="karat-labels-{one["id"]}.csv"'
    assert response.headers["content-type"].startswith("text/csv")
    assert response.headers["cache-control"] == "no-store"


async def test_a_file_that_is_not_ready_is_a_conflict_that_passes(world: World) -> None:
    project = await world.text_project(1, overlap=1)
    started = await world.owner.post(f"/api/projects/{project['id']}/exports", {"format": "csv"})
    response = await file_of(world, started)
    assert (response.status_code, response.json()["code"], response.json()["retryable"]) == (
        409,
        "export.not_ready",
        True,
    )
    await world.owner.call("POST", f"/api/jobs/{started['job_id']}/cancel")
    await world.drain()
    assert (await world.owner.get(f"/api/exports/{started['id']}"))["state"] == "cancelled"
    assert (await file_of(world, started)).status_code == 409


async def test_a_format_that_is_none_is_refused_and_nothing_is_started(world: World) -> None:
    project = await world.text_project(1, overlap=1)
    for name in ("xlsx", "../csv", "CSV", ""):
        response = await world.owner.call("POST", f"/api/projects/{project['id']}/exports", json={"format": name})
        assert 400 <= response.status_code < 500, name
        assert response.json()["code"].startswith(("format.", "request."))
    assert (await world.owner.get(f"/api/projects/{project['id']}/exports"))["items"] == []


async def test_the_same_labels_give_the_same_file(world: World) -> None:
    project = await world.text_project(5, overlap=1)
    one, two = await export(world, project, "karat-jsonl"), await export(world, project, "karat-jsonl")
    assert one["sha256"] == two["sha256"]


async def test_an_export_of_an_empty_project_is_an_empty_file(world: World) -> None:
    dataset = await world.owner.post("/api/datasets", {"name": "None", "modality": "text"})
    body = {"name": "P", "dataset_id": dataset["id"], "kind": "text.class", "classes": [{"name": "a"}, {"name": "b"}]}
    project = await world.owner.post("/api/projects", body)
    for form in ("karat-jsonl", "csv"):
        one = await export(world, project, form)
        assert (one["state"], one["n_labels"]) == ("done", 0)
        assert list(format_named(form).read(io.BytesIO((await file_of(world, one)).content))) == []


async def test_who_fetched_a_file_is_written_down(world: World) -> None:
    one = await export(world, await world.text_project(1, overlap=1), "csv")
    await world.auditor.call("GET", f"/api/exports/{one['id']}/file")
    newest = (await world.owner.get("/api/audit"))["items"][0]
    assert (newest["action"], newest["subject"]) == ("export.fetched", one["id"])
    assert newest["actor_id"] == str(world.auditor.caller.user_id)
