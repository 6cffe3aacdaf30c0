"""Texts of models: names, what they are asked with, versions, and predictions that come in files."""

import json
from uuid import UUID

from tests.browser.planting.planter import IMAGE, Planter, Screen
from tests.models.made import color_model


async def plant_models(planter: Planter, project: str) -> list[Screen]:
    """A model in a file, one at an address, each made and changed, and one that only its predictions are known of."""
    owner = planter.owner
    made = await owner.post("/api/models", _onnx(planter, "POST /api/models"))
    content, query = color_model(), {"name": planter.text("POST /api/models/{model_id}/versions ?name")}
    named = await owner.post("/api/models", {"name": "n", "kind": "image.class", "settings": {"adapter": "onnx"}})
    uploaded = await owner.call("POST", f"/api/models/{named['id']}/versions", params=query, content=content)
    assert uploaded.is_success, uploaded.text
    changed = await owner.post("/api/models", {"name": "c", "kind": "image.box", "settings": {"adapter": "onnx"}})
    route = "PATCH /api/models/{model_id}"
    body = _onnx(planter, route)
    await planter.change(f"/api/models/{changed['id']}", name=body["name"], settings=body["settings"])
    fault = {
        "code": "a",
        "where": "file",
        "message": planter.text("last error of a model"),
        "hint": planter.text("what to do about it"),
    }
    async with planter.world.engine.database.transaction(planter.world.tenant_id) as db:
        await db.execute("UPDATE model SET error = $2, error_at = now() WHERE id = $1", UUID(named["id"]), fault)
    far = await _remote(planter)
    imported = await _predictions(planter, project)
    return [
        Screen("models", "/models"),
        *(
            Screen(f"model {name}", f"/models/{one}", ("^Version",) if name == "of a file" else ("^Change name",))
            for name, one in {
                "made": made["id"],
                "changed": changed["id"],
                "with a version": named["id"],
                "at an address": far[0],
                "at a new address": far[1],
                "of a file": imported,
            }.items()
        ),
    ]


def _onnx(planter: Planter, route: str) -> dict[str, object]:
    return {
        "name": planter.text(f"{route} name"),
        "kind": "image.box",
        "settings": {
            "adapter": "onnx",
            "class_map": {
                planter.text(f"{route} settings.class_map.<name>"): planter.text(f"{route} settings.class_map.<value>")
            },
            "input": {"name": planter.text(f"{route} settings.input.name")},
            "output": {
                "class_names": [planter.text(f"{route} settings.output.class_names[]")],
                **{name: planter.text(f"{route} settings.output.{name}") for name in ("boxes", "scores", "labels")},
            },
        },
    }


async def _remote(planter: Planter) -> list[str]:
    """Two at addresses, one of which was changed; names of headers admit no markup, and nobody is a kind."""
    made = []
    for route in ("POST /api/models", "PATCH /api/models/{model_id}"):
        address = planter.plain(f"{route} settings.url", "https://model.invalid/{attack}")
        url = address if route.startswith("POST") else "https://model.invalid/plain"
        body = {"name": "far", "kind": "text.class", "settings": {"adapter": "http", "url": url, "attempts": 1}}
        model = await planter.owner.post("/api/models", body)
        path = f"/api/models/{model['id']}"
        method, target, sent = ("POST", "/api/models", body) if route.startswith("POST") else ("PATCH", path, {})
        if route.startswith("PATCH"):
            await planter.change(path, settings=body["settings"] | {"url": address})
        await planter.refuse(f"{route} headers.<name>", method, target, {**sent, "headers": {IMAGE: "a"}})
        await planter.owner.post(f"{path}/test", {})
        made.append(str(model["id"]))
    await planter.refuse("POST /api/models kind", "POST", "/api/models", {**body, "kind": IMAGE})
    return made


async def _predictions(planter: Planter, project: str) -> str:
    route = "POST /api/projects/{project_id}/prediction-imports"
    query = {"filename": planter.text(f"{route} ?filename", "{attack}.jsonl")}
    query["bind"] = "true"
    query |= {name: planter.text(f"{route} ?{name}") for name in ("model", "version")}
    rows = [
        {"external_id": "text-0", "label_class": "b", "score": 0.75},
        {"external_id": planter.text("an asset that is not there"), "label_class": "b", "score": 0.75},
        {"external_id": "text-1", planter.text("a column that is not there"): 1, "label_class": "b", "score": 0.75},
    ]
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path = f"/api/projects/{project}/prediction-imports"
    sent = await planter.owner.call("POST", path, params=query, content=content)
    assert sent.is_success, sent.text
    await planter.world.drain()
    models = (await planter.owner.get("/api/models"))["items"]
    return str(next(one["id"] for one in models if one["adapter"] == "import"))
