"""Texts of projects: classes, attributes, instructions with sections, answers, reviews, clones and archives."""

import io
import zipfile
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from PIL import Image

from tests.browser.planting.planter import IMAGE, Planter, Screen
from tests.support.world import Person, answer

N_TEXTS = 6


@dataclass(frozen=True)
class Planted:
    """The newest project of texts, by its id, and where to look."""

    texts: str
    screens: list[Screen]


async def plant_projects(planter: Planter) -> Planted:
    """Three: one made with all it can be made with, one changed afterwards, one of boxes with attributes."""
    texts = await planter.world.text_dataset([f"text number {at}" for at in range(N_TEXTS)])
    assets = [one["id"] for one in (await planter.owner.get(f"/api/datasets/{texts}/assets"))["items"]]
    made = await _made(planter, texts, assets)
    changed = await _changed(planter, texts, assets)
    boxes = await _boxes(planter)
    task = await _work(planter, made)
    clone = {"name": planter.text("POST /api/projects/{project_id}/clone name")}
    cloned = await planter.owner.post(f"/api/projects/{made['id']}/clone", clone)
    filename = {"filename": planter.text("POST /api/project-imports ?filename", "{attack}.zip")}
    sent = await planter.owner.call("POST", "/api/project-imports", params=filename, content=b"no archive")
    assert sent.is_success, sent.text
    path = f"/api/projects/{made['id']}/exports"
    await planter.refuse("POST /api/projects/{project_id}/exports format", "POST", path, {"format": IMAGE})
    await planter.world.drain()
    at = f"/projects/{made['id']}"
    return Planted(
        cloned["id"],
        [
            Screen("home", "/"),
            Screen("projects", "/projects"),
            Screen("import of a project", "/projects/import"),
            Screen("overview", at),
            Screen("data", f"{at}/data"),
            Screen("tasks", f"{at}/tasks"),
            Screen("task", f"{at}/tasks?task={task}"),
            Screen("quality", f"{at}/quality"),
            Screen("deliveries", f"{at}/deliveries"),
            Screen("project settings", f"{at}/settings"),
            Screen("settings of a changed project", f"/projects/{changed}/settings"),
            Screen("clone", f"{at}/clone"),
            Screen("label", f"/label/{made['id']}", ("^Instructions",)),
            Screen("label of a changed project", f"/label/{changed}", ("^Instructions",)),
            Screen("review", f"/review/{made['id']}"),
            *boxes,
            Screen("audit", "/audit"),
        ],
    )


def _section(planter: Planter, route: str, assets: list[str]) -> dict[str, Any]:
    section: dict[str, Any] = {name: planter.text(f"{route} sections[].{name}") for name in ("title", "text")}
    for which, asset in zip(("good", "bad"), assets, strict=False):
        section[which] = [{"asset_id": asset, "caption": planter.text(f"{route} sections[].{which}[].caption")}]
    return section


async def _made(planter: Planter, dataset: str, assets: list[str]) -> dict[str, Any]:
    route = "POST /api/projects"
    first = {name: planter.text(f"{route} classes[].{name}", most=100) for name in ("name", "title", "description")}
    body = {
        "name": planter.text(f"{route} name"),
        "dataset_id": dataset,
        "kind": "text.class",
        "classes": [first, {"name": "b"}],
        "instructions": planter.text(f"{route} instructions"),
        "sections": [_section(planter, route, assets)],
        "target": {"overlap": 1},
    }
    wrong = {
        "kind": {**body, "kind": IMAGE},
        "template": {**body, "template": IMAGE},
        "sections[].label_class": {**body, "sections": [{"title": "a", "text": "b", "label_class": IMAGE}]},
        **{
            f"classes[].{name}": {**body, "classes": [{"name": "a", name: IMAGE}, {"name": "b"}]}
            for name in ("color", "hotkey")
        },
    }
    for name, refused in wrong.items():
        await planter.refuse(f"{route} {name}", "POST", "/api/projects", refused)
    project = await planter.owner.post("/api/projects", body)
    await planter.world.drain()
    return dict(await planter.owner.get(f"/api/projects/{project['id']}"))


async def _changed(planter: Planter, dataset: str, assets: list[str]) -> str:
    route = "PATCH /api/projects/{project_id}"
    classes = [{"name": "a"}, {"name": "b"}]
    body = {"name": "plain", "dataset_id": dataset, "kind": "text.class", "classes": classes, "target": {"overlap": 1}}
    project = str((await planter.owner.post("/api/projects", body))["id"])
    path = f"/api/projects/{project}"
    wrong = {"sections": [{"title": "a", "text": "b", "label_class": IMAGE}]}
    await planter.refuse(f"{route} sections[].label_class", "PATCH", path, wrong)
    await planter.change(
        path,
        name=planter.text(f"{route} name"),
        instructions=planter.text(f"{route} instructions"),
        sections=[_section(planter, route, assets)],
    )
    await planter.world.drain()
    return project


async def _boxes(planter: Planter) -> list[Screen]:
    """A project of boxes, with one image whose draft, one whose answer and one whose review say something."""
    owner, route = planter.owner, "POST /api/projects"
    dataset = str((await owner.post("/api/datasets", {"name": "Pictures", "modality": "image"}))["id"])
    await owner.call("POST", f"/api/datasets/{dataset}/imports?filename=p.zip", content=_pictures())
    await planter.world.drain()
    typed, option = (planter.text(f"{route} attributes[].{name}", most=100) for name in ("name", "options[]"))
    said = {name: planter.text(f"{route} attributes[].{name}", most=100) for name in ("title", "description")}
    choice = {"name": "choice", "type": "select", "options": [option], **said}
    body = {
        "name": "boxes",
        "dataset_id": dataset,
        "kind": "image.box",
        "classes": [{"name": "cup"}],
        "attributes": [{"name": typed, "type": "text"}, choice],
        "target": {"overlap": 1},
    }
    wrong = {**body, "attributes": [{"name": "a", "type": "text", "applies_to": [IMAGE]}]}
    await planter.refuse(f"{route} attributes[].applies_to[]", "POST", "/api/projects", wrong)
    project = str((await owner.post("/api/projects", body))["id"])
    await planter.world.drain()
    tasks = await _box_work(planter, project, {"choice": option}, typed)
    return [
        Screen("settings of boxes", f"/projects/{project}/settings"),
        Screen("label boxes", f"/label/{project}", ("^1 ?cup",)),
        Screen("label boxes again", f"/label/{project}", ("^1 ?cup",), planter.world.annotator),
        *(Screen(f"task of boxes {at}", f"/projects/{project}/tasks?task={one}") for at, one in enumerate(tasks)),
    ]


def _pictures() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for at in range(4):
            picture = io.BytesIO()
            Image.new("RGB", (200, 200), (at * 40, 90, 120)).save(picture, "PNG")
            archive.writestr(f"{at}.png", picture.getvalue())
    return packed.getvalue()


async def _box_work(planter: Planter, project: str, chosen: dict[str, str], typed: str) -> list[str]:
    """Answers of boxes with a text that was typed: one kept, one handed in and taken back, one of a reviewer; the tasks of
    the last two."""

    def box(route: str) -> list[dict[str, Any]]:
        text = planter.text(f"{route} annotations[].payload.<value> <anything>")
        payload = {"label_class": "cup", "x": 20, "y": 20, "width": 80, "height": 80}
        payload |= {"attributes": {**chosen, typed: text}}
        return [{"kind": "image.box", "payload": payload}]

    async def refuse(route: str, path: str, body: dict[str, Any], sender: Person) -> None:
        (said,), method = body["annotations"], route.split(" ", maxsplit=1)[0]
        wrong = {"kind": {**said, "kind": IMAGE}}
        wrong["payload.<name>"] = {**said, "payload": {**said["payload"], IMAGE: "a"}}
        for place, one in wrong.items():
            await planter.refuse(f"{route} annotations[].{place}", method, path, {**body, "annotations": [one]}, sender)

    owner = planter.owner
    await _pass_on(planter, f"/api/projects/{project}/next", 1, "blurred")
    (handed,) = await _take(planter.world.annotator, f"/api/projects/{project}/next", count=1)
    (kept,) = await _take(owner, f"/api/projects/{project}/next", count=1)
    (judged,) = await _take(owner, f"/api/projects/{project}/next", purpose="review")
    route = "PUT /api/assignments/{assignment_id}/draft"
    path, body = f"/api/assignments/{kept['assignment_id']}/draft", {"seq": 1, "annotations": box(route)}
    strange = {
        "kind": IMAGE,
        "payload": {IMAGE: IMAGE},
    }  # a draft is what its author sent, checked when it is handed in
    draft = {**body, "annotations": [*body["annotations"], strange]}
    assert (await owner.call("PUT", path, json=draft)).is_success
    route = "POST /api/assignments/{assignment_id}/submission"
    path = f"/api/assignments/{handed['assignment_id']}/submission"
    body = answer(handed, annotations=box(route))
    await refuse(route, path, body, planter.world.annotator)
    await planter.world.annotator.post(path, body)
    await planter.world.annotator.post(f"/api/assignments/{handed['assignment_id']}/withdraw")
    route = "POST /api/assignments/{assignment_id}/review"
    path = f"/api/assignments/{judged['assignment_id']}/review"
    body = {"review_id": str(uuid4()), "verdict": "fix", "annotations": box(route), "reason": "other", "duration_s": 1}
    await refuse(route, path, body, owner)
    await owner.post(path, body)
    return [str(handed["task_id"]), str(judged["task_id"])]


async def _work(planter: Planter, project: dict[str, Any]) -> str:
    """Two people pass on tasks, and one of them is decided with a note: that one."""
    path = f"/api/projects/{project['id']}/next"
    reason = planter.text("POST /api/assignments/{assignment_id}/skip reason")
    await _pass_on(planter, path, 2, reason)
    work = (await _take(planter.owner, path, purpose="review"))[0]
    name = project["ontology"]["classes"][0]["name"]
    said = [{"kind": "text.class", "payload": {"label_class": name}}]
    body = {"review_id": str(uuid4()), "verdict": "fix", "annotations": said, "reason": "other", "duration_s": 1}
    body["note"] = planter.text("POST /api/assignments/{assignment_id}/review note")
    await planter.owner.post(f"/api/assignments/{work['assignment_id']}/review", body)
    return str(work["task_id"])


async def _pass_on(planter: Planter, path: str, n: int, reason: str) -> None:
    """Two people pass on the first tasks, so they go to review."""
    for person in (planter.world.annotator, await planter.world.another()):
        for work in await _take(person, path, count=n):
            await person.post(f"/api/assignments/{work['assignment_id']}/skip", {"reason": reason})


async def _take(person: Person, path: str, **wish: Any) -> list[dict[str, Any]]:
    return list((await person.post(path, {"count": 2, **wish}))["items"])
