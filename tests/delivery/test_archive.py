"""Whole projects as files: out, in elsewhere, and out again the same; whatever is not right is refused with its fault."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat.api.engine import Engine
from karat.delivery.archive_ids import moved, original, shift_of
from karat.delivery.archive_parts import ALL_PARTS, LEFT_OUT, PEOPLE
from karat.delivery.archive_types import FORMAT_VERSION
from karat.kit import new_id
from karat.kit.canonical import canonical_json
from karat.kit.signing import sign_json
from karat.quality.verification import verify
from tests.support.boxes import Drawer, make_box_project, make_drawers
from tests.support.digits import make_crowd, make_digit_project
from tests.support.world import World, answer, make_world

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
Files = dict[str, bytes]


async def archive_of(world: World, project_id: str, **how: Any) -> bytes:
    made = await world.owner.post(f"/api/projects/{project_id}/archives", how or None)
    await world.drain()
    made = await world.owner.get(f"/api/archives/{made['id']}")
    assert made["state"] == "done", made
    content = (await world.owner.call("GET", f"/api/archives/{made['id']}/file")).content
    assert len(content) == made["n_bytes"]
    return bytes(content)


async def brought_in(world: World, content: bytes) -> dict[str, Any]:
    made = await world.owner.post("/api/project-imports?filename=project.zip", content=content)
    await world.drain()
    return dict(await world.owner.get(f"/api/project-imports/{made['id']}"))


def files_of(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def signed_again(files: Files, engine: Engine, **changes: Any) -> bytes:
    """The archive with a manifest that fits its parts, as somebody with a key could make it."""
    import hashlib

    manifest = json.loads(files["manifest.json"])
    manifest.pop("signature")
    for part in manifest["parts"]:
        content = files[part["name"]]
        part |= {"n_rows": content.count(b"\n"), "n_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    manifest |= {"public_key": engine.public_key, **changes}
    signature = sign_json(manifest, engine.private_key)
    return packed({**files, "manifest.json": canonical_json({**manifest, "signature": signature})})


def without_ids(files: Files) -> dict[str, str]:
    """The parts with every id replaced by its place of first appearance."""
    seen: dict[str, str] = {}
    parts = {}
    for name in sorted(files):
        if name in ("manifest.json", "audit.jsonl") or name.startswith("media/"):
            continue
        text = files[name].decode()
        parts[name] = UUID_TEXT.sub(lambda found: seen.setdefault(found[0], f"id {len(seen)}"), text)
    return parts


async def overview(world: World, project_id: str) -> dict[str, Any]:
    return dict(await world.owner.get(f"/api/projects/{project_id}/overview"))


async def labels(world: World, project_id: str) -> list[tuple[str, Any, Any, int]]:
    page = await world.owner.get(f"/api/projects/{project_id}/tasks?limit=200")
    return sorted(
        (one["asset"]["external_id"], one["label"], one["confidence"], one["n_answers"]) for one in page["items"]
    )


@given(value=st.uuids(), shift=st.integers(1, 2**62))
def test_an_id_and_where_it_was_moved_give_each_other(value: UUID, shift: int) -> None:
    new = moved(value, shift)
    assert new != value
    assert original(new, shift) == value
    assert (new.version, new.variant) == (value.version, value.variant)


def test_ids_keep_their_order_wherever_they_are_moved() -> None:
    ids = [new_id() for _ in range(2000)]
    for import_id in (new_id(), uuid4()):
        there = [moved(one, shift_of(import_id)) for one in ids]
        assert there == sorted(there)
        assert not set(there) & set(ids)


def test_every_column_of_the_tables_travels_or_is_left_out_with_a_reason() -> None:
    from karat.api.tables import metadata

    for part in ALL_PARTS:
        if part is PEOPLE:
            continue
        there = set(metadata.tables[part.table].columns.keys()) - {"tenant_id"}
        assert there == set(part.columns) | LEFT_OUT.get(part.table, set()), part.table


async def test_a_certified_project_comes_out_and_in_and_out_the_same(
    world: World, engine: Engine, http: httpx.AsyncClient
) -> None:
    work = await make_digit_project(world, 40, error=0.2)
    state = await work.run(await make_crowd(world, 0.02, 0.04))
    first = await archive_of(world, work.project["id"])
    other = await make_world(engine, http)
    made = await brought_in(other, first)
    assert made["state"] == "done", made
    assert (made["origin"]["project_id"], made["origin"]["public_key"]) == (work.project["id"], engine.public_key)
    project_id = made["project_id"]
    assert project_id != work.project["id"]
    second = await archive_of(other, project_id)
    before, after = without_ids(files_of(first)), without_ids(files_of(second))
    certificate = before.pop("certificates.jsonl"), after.pop("certificates.jsonl")
    assert json.loads(certificate[0])["document"] == json.loads(certificate[1])["document"]
    before.pop("project.jsonl"), after.pop("project.jsonl")
    assert before == after
    here, there = await overview(world, work.project["id"]), await overview(other, project_id)
    for name in (
        "phase",
        "phase_sentence",
        "phase_said",
        "stages",
        "answers",
        "series",
        "beliefs",
        "classes",
        "reliability",
        "model",
    ):
        assert here[name] == there[name], name
    assert await labels(world, work.project["id"]) == await labels(other, project_id)
    (listed,) = (await other.owner.get(f"/api/projects/{project_id}/certificates"))["items"]
    assert listed["id"] == there["error"]["certificate_id"] != state["error"]["certificate_id"]
    document = (await other.owner.call("GET", f"/api/certificates/{listed['id']}/file")).content
    whole = io.BytesIO(files_of(first)["labels.jsonl"])
    report = verify(document, labels=whole, expected_public_key=engine.public_key)
    assert report.is_valid and report.is_pinned, report
    checks = await other.owner.get(f"/api/certificates/{listed['id']}/checks?limit=100")
    assert len(checks["items"]) == here["error"]["n_checked"]
    asset = (await other.owner.get(f"/api/projects/{project_id}/tasks?limit=1"))["items"][0]["asset"]
    assert (await http.get(asset["media"]["url"])).status_code == 200


async def test_boxes_with_predictions_of_nobody_come_through_too(
    world: World, engine: Engine, http: httpx.AsyncClient
) -> None:
    work = await make_box_project(world, 12, error=0.5, overlap=2)
    await work.run(await make_drawers(world, Drawer(1), Drawer(2)))
    first = await archive_of(world, work.project["id"])
    other = await make_world(engine, http)
    made = await brought_in(other, first)
    assert made["state"] == "done", made
    second = await archive_of(other, made["project_id"])
    for name in ("tasks.jsonl", "submissions.jsonl", "consensus.jsonl", "frozen_labels.jsonl", "skills.jsonl"):
        assert without_ids({name: files_of(first)[name]}) == without_ids({name: files_of(second)[name]}), name


def of_version_1(files: Files, engine: Engine) -> bytes:
    """The archive as it was written when projects did not yet keep what they say sentence by sentence."""
    row = json.loads(files["project.jsonl"])
    assert row.pop("phase_said"), "there is something to lose"
    return signed_again({**files, "project.jsonl": canonical_json(row) + b"\n"}, engine, format_version=1)


async def test_an_archive_of_the_first_form_comes_in_and_goes_out_in_the_present_one(
    world: World, engine: Engine, http: httpx.AsyncClient
) -> None:
    project = await half_done(world)
    files = files_of(await archive_of(world, project["id"]))
    assert json.loads(files["manifest.json"])["format_version"] == FORMAT_VERSION == 2
    other = await make_world(engine, http)
    made = await brought_in(other, of_version_1(files, engine))
    assert made["state"] == "done", made
    here, there = await overview(world, project["id"]), await overview(other, made["project_id"])
    assert (there["phase_sentence"], there["phase_said"]) == (here["phase_sentence"], [])
    assert await labels(world, project["id"]) == await labels(other, made["project_id"])
    again = files_of(await archive_of(other, made["project_id"]))
    assert json.loads(again["manifest.json"])["format_version"] == FORMAT_VERSION
    assert json.loads(again["project.jsonl"])["phase_said"] == []


async def test_columns_are_those_of_the_form_that_the_archive_says_it_has(world: World, engine: Engine) -> None:
    files = files_of(await archive_of(world, (await half_done(world))["id"]))
    older = files_of(of_version_1(files, engine))
    for content in (
        signed_again(files, engine, format_version=1),
        signed_again(older, engine, format_version=FORMAT_VERSION),
    ):
        made = await brought_in(world, content)
        assert made["state"] == "failed"
        assert "project.jsonl, line 1: The line is not a row of this part" in made["error"]


async def half_done(world: World) -> dict[str, Any]:
    """A project of texts in which some tasks are answered, one is held, and the instructions show an asset."""
    project = await world.text_project(6, overlap=2)
    for person in (world.annotator, await world.another()):
        work = await world.take(person, project)
        await person.post(f"/api/assignments/{work['assignment_id']}/submission", answer(work))
    await world.take(world.annotator, project)
    section = [{"label_class": "a", "good": [{"asset_id": work["asset"]["id"], "caption": "so"}]}]
    await world.owner.call("PATCH", f"/api/projects/{project['id']}", json={"sections": section})
    await world.drain()
    return project


async def test_who_answered_stays_apart_cannot_sign_in_and_the_project_waits_for_its_lead(
    world: World, engine: Engine, http: httpx.AsyncClient
) -> None:
    project = await half_done(world)
    other = await make_world(engine, http)
    made = await brought_in(other, await archive_of(world, project["id"]))
    there = await other.owner.get(f"/api/projects/{made['project_id']}")
    assert there["state"] == "paused"
    people = (await overview(other, made["project_id"]))["people"]
    assert sorted(one["n_answers"] for one in people) == [1, 1]
    members = [one for one in (await other.owner.get("/api/members?limit=200"))["items"] if not one["active"]]
    assert {one["role"] for one in members} == {"annotator"}
    assert {group["name"] for one in members for group in one["groups"]} == {"Imported"}
    assert not {str(one["user_id"]) for one in people} & {str(p.caller.user_id) for p in world.people.values()}
    whole = await other.annotator.get(f"/api/projects/{made['project_id']}/instructions")
    assert whole["sections"][0]["good"][0]["caption"] == "so"
    await other.owner.call("PATCH", f"/api/projects/{made['project_id']}", json={"state": "running"})
    for person in (other.annotator, await other.another()):
        taken = await person.post(f"/api/projects/{made['project_id']}/next", {"count": 10})
        assert len(taken["items"]) == 5, "one task has its two answers, and what was held there is free here"
    (entry,) = [one for one in (await other.owner.get("/api/audit"))["items"] if one["action"] == "project.imported"]
    assert entry["subject"] == made["project_id"]
    assert entry["data"]["from_project"] == project["id"]


async def test_nothing_of_another_tenant_or_project_is_in_an_archive(
    world: World, engine: Engine, http: httpx.AsyncClient
) -> None:
    project, other_project = await half_done(world), await world.text_project(3, overlap=1)
    stranger = await make_world(engine, http)
    theirs = await stranger.text_project(3, overlap=1)
    parts = files_of(await archive_of(world, project["id"]))
    text = b"".join(parts.values()).decode("utf-8", "replace")
    assert str(stranger.tenant_id) not in text
    assert theirs["id"] not in text and theirs["dataset_id"] not in text
    assert other_project["id"] not in text
    assert not any(str(one.caller.user_id) in text for one in stranger.people.values())
    refused = await stranger.owner.call("POST", f"/api/projects/{project['id']}/archives")
    assert refused.status_code == 404


async def test_an_archive_says_how_much_of_what_it_holds(world: World, engine: Engine) -> None:
    project = await half_done(world)
    files = files_of(await archive_of(world, project["id"]))
    (made,) = (await world.owner.get(f"/api/projects/{project['id']}/archives"))["items"]
    media = {name: len(content) for name, content in files.items() if name.startswith("media/")}
    parts = {"n_assets": "assets", "n_tasks": "tasks", "n_answers": "submissions", "n_reviews": "reviews"}
    parts |= {"n_certificates": "certificates", "n_people": "people", "n_labels": "labels"}
    assert made["contents"] == {
        **{name: files[f"{part}.jsonl"].count(b"\n") for name, part in parts.items()},
        "n_media": len(media),
        "media_bytes": sum(media.values()),
    }
    assert (made["contents"]["n_assets"], made["contents"]["n_answers"]) == (6, 2)


async def test_the_same_archive_can_come_in_twice_and_a_job_that_was_cut_off_goes_on(
    world: World, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from karat.delivery import archive_store

    content = await archive_of(world, (await half_done(world))["id"])
    one = await brought_in(world, content)
    real, failed = archive_store.count_dataset, []

    async def fails_once(db: Any, dataset_id: UUID) -> None:
        if not failed:
            failed.append(True)
            raise ConnectionError("the server went away")
        await real(db, dataset_id)

    monkeypatch.setattr(archive_store, "count_dataset", fails_once)
    monkeypatch.setattr("karat.jobs.runner.FIRST_DELAY", __import__("datetime").timedelta(0))
    two = await brought_in(world, content)
    if two["state"] != "done":
        await world.drain()
        two = dict(await world.owner.get(f"/api/project-imports/{two['id']}"))
    assert failed and two["state"] == "done", two
    assert one["project_id"] != two["project_id"]
    assert await labels(world, one["project_id"]) == await labels(world, two["project_id"])


async def test_an_archive_without_media_needs_them_to_be_here(
    world: World, engine: Engine, http: httpx.AsyncClient
) -> None:
    project = await half_done(world)
    content = await archive_of(world, project["id"], media="referenced")
    assert not any(name.startswith("media/") for name in files_of(content))
    assert (await brought_in(world, content))["state"] == "done"
    made = await brought_in(await make_world(engine, http), content)
    assert made["state"] == "failed"
    assert "media are not here" in made["error"]


def altered(name: str) -> Callable[[Files, Engine], bytes]:
    def change(files: Files, engine: Engine) -> bytes:
        return packed({**files, name: files[name].replace(b'"a"', b'"b"')})

    return change


def medium_changed(files: Files, engine: Engine) -> bytes:
    name = next(name for name in files if name.startswith("media/"))
    return packed({**files, name: b"something else"})


def row_changed(name: str, old: bytes, new: bytes) -> Callable[[Files, Engine], bytes]:
    def change(files: Files, engine: Engine) -> bytes:
        assert old in files[name]
        return signed_again({**files, name: files[name].replace(old, new, 1)}, engine)

    return change


FAULTS: dict[str, tuple[Callable[[Files, Engine], bytes], str]] = {
    "cut short": (lambda files, engine: packed(files)[:-200], "no ZIP, or it was cut short"),
    "no zip": (lambda files, engine: b"PK\x03\x04 nothing", "no ZIP"),
    "empty zip": (lambda files, engine: packed({}), "no manifest"),
    "altered part": (altered("submissions.jsonl"), "submissions.jsonl: It is not what was written"),
    "altered manifest": (
        lambda files, engine: packed(
            {**files, "manifest.json": files["manifest.json"].replace(b'"project_name":"P', b'"project_name":"Q')}
        ),
        "signature does not hold",
    ),
    "manifest with a space": (
        lambda files, engine: packed({**files, "manifest.json": files["manifest.json"] + b" "}),
        "The manifest was changed",
    ),
    "missing part": (
        lambda files, engine: packed({name: one for name, one in files.items() if name != "tasks.jsonl"}),
        "tasks.jsonl: A part is missing",
    ),
    "missing medium": (
        lambda files, engine: packed(dict([*list(files.items())[:-2], ("manifest.json", files["manifest.json"])])),
        "media; the manifest says",
    ),
    "other medium": (medium_changed, "another content than its name says"),
    "climbing name": (lambda files, engine: packed({**files, "../../etc/cron.d/x": b"x"}), "has an entry of this name"),
    "absolute name": (lambda files, engine: packed({**files, "/etc/passwd": b"x"}), "entry of this name"),
    "bomb": (
        lambda files, engine: packed({**files, "audit.jsonl": b"0" * (30 << 20)}),
        "as a decompression bomb does",
    ),
    "newer": (lambda files, engine: signed_again(files, engine, format_version=3), "newer version of Karat"),
    "row of another form": (
        row_changed("batches.jsonl", b"", b"[1]\n"),
        "batches.jsonl, line 1: The line is not a row of this part",
    ),
    "value of another type": (
        row_changed("tasks.jsonl", b'"priority":0', b'"priority":"0"'),
        "tasks.jsonl, line 1: priority is not a whole number",
    ),
    "label class unknown": (
        row_changed("submissions.jsonl", b'"label_class":"a"', b'"label_class":"z"'),
        "submissions.jsonl, line 1, annotations.0.payload.label_class: The ontology has no label class 'z'",
    ),
    "stage unknown": (row_changed("tasks.jsonl", b'"stage":"people"', b'"stage":"nowhere"'), "do not fit together"),
    "number too large": (row_changed("tasks.jsonl", b'"wanted":2', b'"wanted":99999999'), "do not fit together"),
    "target of another form": (
        row_changed("project.jsonl", b'"confidence":0.', b'"confidence":7.'),
        "the project.confidence: It is no project of this version",
    ),
    "sentences that are none": (
        row_changed("project.jsonl", b'"phase_said":[', b'"phase_said":[1,'),
        "project.jsonl, line 1: phase_said is not sentences",
    ),
    "text that is none": (
        row_changed("project.jsonl", b'"name":"Project"', b'"name":"a\\u0000b"'),
        "project.jsonl, line 1: name is not a text",
    ),
}


@pytest.mark.parametrize("name", list(FAULTS))
async def test_what_is_not_right_is_refused_with_its_fault_and_leaves_no_project(
    world: World, engine: Engine, name: str
) -> None:
    change, said = FAULTS[name]
    project = await half_done(world)
    files = files_of(await archive_of(world, project["id"]))
    before = [one["id"] for one in (await world.owner.get("/api/projects"))["items"]]
    made = await brought_in(world, change(files, engine))
    assert (made["state"], made["project_id"]) == ("failed", None)
    assert said in made["error"], made["error"]
    if name != "newer":
        told = [f"{one['where']}: {one['message']}" for one in made["faults"]]
        assert any(said in one for one in told), "each fault is also told apart, with its place"
    assert [one["id"] for one in (await world.owner.get("/api/projects"))["items"]] == before


async def test_a_medium_is_judged_by_its_content_whatever_the_archive_says(world: World, engine: Engine) -> None:
    import base64
    import hashlib

    work = await make_digit_project(world, 3, overlap=1)
    files = files_of(await archive_of(world, work.project["id"]))
    page = b"<html><script>alert(1)</script></html>"
    row = json.loads(files["assets.jsonl"].splitlines()[0])
    old = base64.b64decode(row["sha256"]).hex()
    new = hashlib.sha256(page).hexdigest()
    lines = files["assets.jsonl"].replace(row["sha256"].encode(), base64.b64encode(bytes.fromhex(new)))
    files["assets.jsonl"] = lines
    del files[f"media/{old[:2]}/{old}"]
    files[f"media/{new[:2]}/{new}"] = page
    made = await brought_in(world, signed_again(files, engine))
    assert made["state"] == "failed"
    assert "assets.jsonl, line 1" in made["error"]


async def test_a_forged_certificate_is_not_taken_in(world: World, engine: Engine) -> None:
    work = await make_digit_project(world, 30, error=0.3)
    await work.run(await make_crowd(world, 0.02, 0.04))
    files = files_of(await archive_of(world, work.project["id"]))
    import base64

    row = json.loads(files["certificates.jsonl"])
    forged = base64.b64decode(row["document"]).replace(b'"n_wrong":', b'"n_wrong":1')
    files["certificates.jsonl"] = canonical_json(row | {"document": base64.b64encode(forged).decode()}) + b"\n"
    made = await brought_in(world, signed_again(files, engine))
    assert made["state"] == "failed"
    assert "certificates.jsonl, line 1" in made["error"] and "signature does not hold" in made["error"]


async def test_an_archive_that_was_read_is_deleted_and_one_that_was_made_stays(world: World, engine: Engine) -> None:
    import hashlib

    content = await archive_of(world, (await half_done(world))["id"])
    sha256 = hashlib.sha256(content).hexdigest()
    await brought_in(world, content)
    assert await engine.storage.exists(world.tenant_id, sha256), "it is also the archive that was made"
    other = packed({**files_of(content)})
    assert (await brought_in(world, other))["state"] == "done"
    assert not await engine.storage.exists(world.tenant_id, hashlib.sha256(other).hexdigest())
