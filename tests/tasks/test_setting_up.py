"""Setting a project up over the API: sections of instructions, budgets, changes of the target, pilots, clones."""

from typing import Any
from uuid import uuid4

from tests.support.world import Person, World, answer


async def project_of(world: World, n: int = 20, **changes: Any) -> dict[str, Any]:
    dataset = await world.text_dataset([f"text {at} {uuid4().hex}" for at in range(n)])
    body = {"name": "P", "dataset_id": dataset, "kind": "text.class", "classes": [{"name": "a"}, {"name": "b"}]}
    made = await world.owner.post("/api/projects", body | changes)
    await world.drain()
    return await look(world, made)


async def look(world: World, project: dict[str, Any]) -> dict[str, Any]:
    return dict(await world.owner.get(f"/api/projects/{project['id']}"))


async def work_all(person: Person, project: dict[str, Any], label: str = "a", purpose: str = "label") -> int:
    done = 0
    path = f"/api/projects/{project['id']}/next"
    while items := (await person.post(path, {"count": 10, "purpose": purpose}))["items"]:
        for work in items:
            await person.post(f"/api/assignments/{work['assignment_id']}/submission", answer(work, label))
            done += 1
    return done


async def assets_of(world: World, project: dict[str, Any]) -> list[str]:
    page = await world.owner.get(f"/api/datasets/{project['dataset_id']}/assets?limit=100")
    return [one["id"] for one in page["items"]]


async def patch(world: World, project: dict[str, Any], **changes: Any) -> Any:
    return await world.owner.call("PATCH", f"/api/projects/{project['id']}", json=changes)


async def test_sections_show_assets_to_annotators_and_a_change_is_a_new_version(world: World) -> None:
    project = await project_of(world, 3, target={"overlap": 1})
    first, second, _ = await assets_of(world, project)
    section = {
        "label_class": "a",
        "text": "What an a is.",
        "good": [{"asset_id": first, "caption": "an a"}],
        "bad": [{"asset_id": second}],
    }
    changed = (await patch(world, project, sections=[section])).json()
    assert changed["instructions"]["version"] == 2
    whole = await world.annotator.get(f"/api/projects/{project['id']}/instructions")
    assert (whole["version"], whole["is_current"]) == (2, True)
    assert whole["sections"][0]["good"][0]["asset"]["media"]["text"].startswith("text ")
    assert whole["sections"][0]["good"][0]["caption"] == "an a"
    before = await world.annotator.get(f"/api/projects/{project['id']}/instructions?version=1")
    assert (before["sections"], before["is_current"]) == ([], False)
    again = (await patch(world, project, sections=[section])).json()
    assert again["instructions"]["version"] == 2, "the same once more is no new version"
    work = await world.take(world.annotator, project)
    assert work["instructions_version"] == 2 and "sections" not in work
    missing = await world.annotator.call("GET", f"/api/projects/{project['id']}/instructions?version=9")
    assert missing.json()["code"] == "instructions.not_found"


async def test_every_fault_of_sections_is_told_at_once_with_its_place(world: World) -> None:
    project = await project_of(world, 2, target={"overlap": 1})
    other = await project_of(world, 1, target={"overlap": 1})
    (foreign,), (own, _) = await assets_of(world, other), await assets_of(world, project)
    sections = [
        {"label_class": "z", "text": "?"},
        {"text": "nameless"},
        {"title": "Empty"},
        {"label_class": "a", "good": [{"asset_id": own}], "bad": [{"asset_id": own}, {"asset_id": foreign}]},
        {"label_class": "a", "text": "twice"},
    ]
    response = await patch(world, project, sections=sections)
    found = {(one["where"], one["code"]) for one in response.json()["faults"]}
    assert found == {
        ("sections.0.label_class", "label_class.unknown"),
        ("sections.1", "section.nameless"),
        ("sections.2", "section.empty"),
        ("sections.3.bad.0.asset_id", "example.repeated"),
        ("sections.3.bad.1.asset_id", "asset.not_found"),
        ("sections.4.label_class", "label_class.repeated"),
    }
    assert (await look(world, project))["instructions"]["version"] == 1


async def test_a_budget_is_never_overdrawn_and_raising_it_lets_the_project_go_on(world: World) -> None:
    project = await project_of(world, 10, target={"overlap": 2, "budget": {"max_answers": 7}})
    people = [await world.another() for _ in range(3)]
    done = sum([await work_all(person, project) for person in people])
    await world.drain()
    assert done == 6, "three tasks with two answers each; for a fourth there is no room"
    state = await world.owner.get(f"/api/projects/{project['id']}/overview")
    assert (state["budget"]["used"], state["budget"]["allowed"], state["budget"]["open"]) == (6, 7, 0)
    assert "budget" in {one["code"] for one in state["needs"]}
    assert "budget of 7 answers is used up" in state["phase_sentence"]
    assert "checks are missing" in state["phase_sentence"]
    await patch(world, project, target={"budget": {"max_answers": 20}})
    await world.drain()
    assert sum([await work_all(person, project) for person in people]) == 14
    await world.drain()
    state = await world.owner.get(f"/api/projects/{project['id']}/overview")
    assert state["answers"]["people"] == 20
    await patch(world, project, target={"budget": {"max_answers": 24}})
    await world.drain()
    assert await work_all(world.reviewer, project, purpose="check") == 4
    await world.drain()
    state = await world.owner.get(f"/api/projects/{project['id']}/overview")
    assert state["phase"] == "checking"
    assert "budget of 24 answers is used up" in state["phase_sentence"]
    await patch(world, project, target={"budget": None})
    await world.drain()
    await work_all(world.reviewer, project, purpose="check")
    await world.drain()
    assert (await look(world, project))["phase"] == "certified"


async def test_the_router_asks_within_the_budget_too_and_money_is_counted_in_minor_units(world: World) -> None:
    money = {"max_cost": 130, "price": 10, "currency": "EUR"}
    project = await project_of(world, 40, target={"error": 0.2, "budget": money})
    done = 0
    while n := await work_all(world.annotator, project):
        done += n
        await world.drain()
    done += await work_all(world.reviewer, project, purpose="check")
    await world.drain()
    assert done <= 13
    state = (await world.owner.get(f"/api/projects/{project['id']}/overview"))["budget"]
    assert (state["allowed"], state["cost"], state["currency"]) == (13, done * 10, "EUR")


async def test_a_budget_that_makes_no_sense_is_refused_with_what_is_missing(world: World) -> None:
    project = await project_of(world, 2, target={"overlap": 1})
    for budget, codes in (
        ({}, {"budget.empty"}),
        ({"max_cost": 100}, {"budget.price_missing", "budget.currency_missing"}),
        ({"max_cost": 5, "price": 10, "currency": "EUR"}, {"budget.too_small"}),
    ):
        response = await patch(world, project, target={"budget": budget})
        assert {one["code"] for one in response.json()["faults"]} == codes, response.text
    response = await patch(world, project, target={"budget": {"max_answers": 0}})
    assert response.status_code == 422


async def test_what_was_promised_cannot_be_changed_once_labels_were_drawn(world: World) -> None:
    project = await project_of(world, 6, target={"overlap": 1, "error": 0.3})
    assert (await patch(world, project, target={"error": 0.2})).json()["target"]["error"] == 0.2
    await work_all(world.annotator, project)
    fixed = await patch(world, project, target={"overlap": 2})
    assert fixed.json()["code"] == "project.overlap_fixed"
    await world.drain()
    assert (await look(world, project))["phase"] == "checking"
    refused = await patch(world, project, target={"confidence": 0.5})
    assert (refused.status_code, refused.json()["code"]) == (409, "project.target_fixed")
    assert (await patch(world, project, target={"budget": {"max_answers": 100}})).status_code == 200
    entries = (await world.owner.get("/api/audit"))["items"]
    assert any(one["action"] == "project.changed" and "max_answers" in one["data"].get("target", "") for one in entries)


async def test_the_overlap_can_change_while_nobody_has_answered(world: World) -> None:
    project = await project_of(world, 4, target={"overlap": 1})
    await patch(world, project, target={"overlap": 2})
    await world.drain()
    one, other = await world.another(), await world.another()
    assert (await work_all(one, project), await work_all(other, project)) == (4, 4)


async def test_a_pilot_is_labelled_first_and_says_what_it_has_shown(world: World) -> None:
    price = {"max_answers": 1000, "price": 5, "currency": "EUR"}
    target = {"overlap": 2, "error": 0.1, "budget": price}
    project = await project_of(world, 40, target=target, pilot={"n_tasks": 8, "overlap": 2})
    assert (project["phase"], project["pilot"]["state"]) == ("pilot", "running")
    one, other = await world.another(), await world.another()
    assert await work_all(one, project, "a") == 8
    await world.drain()
    assert (await look(world, project))["pilot"]["state"] == "running"
    for at, work in enumerate((await other.post(f"/api/projects/{project['id']}/next", {"count": 10}))["items"]):
        body = answer(work, "b" if at < 2 else "a")
        await other.post(f"/api/assignments/{work['assignment_id']}/submission", body)
    await world.drain()
    project = await look(world, project)
    learnt = project["pilot"]["learnt"]
    assert (project["phase"], project["pilot"]["state"]) == ("pilot", "done")
    assert (learnt["n_tasks"], learnt["n_answers"], learnt["n_people"]) == (8, 16, 2)
    assert learnt["agreement"] == 0.75
    assert 0 < learnt["agreement_at_least"] < 0.75
    assert learnt["median_seconds"] == 1.5
    assert learnt["expected"]["labels"] == 64
    assert learnt["expected"]["checks_low"] <= learnt["expected"]["checks_high"] <= 40
    assert learnt["expected"]["cost_low"] == (64 + learnt["expected"]["checks_low"]) * 5
    assert project["phase_sentence"] == learnt["sentence"]
    waiting = await one.post(f"/api/projects/{project['id']}/next", {"count": 1})
    assert waiting["items"] == []
    assert "pilot" in {
        need["code"] for need in (await world.owner.get(f"/api/projects/{project['id']}/overview"))["needs"]
    }
    started = await world.owner.post(f"/api/projects/{project['id']}/start")
    assert started["pilot"]["state"] == "started"
    await world.drain()
    assert (await work_all(one, project), await work_all(other, project)) == (32, 32)
    again = await world.owner.call("POST", f"/api/projects/{project['id']}/start")
    assert again.json()["code"] == "project.no_pilot"


async def test_a_pilot_of_a_project_with_a_model_forecasts_nothing_and_says_why(world: World) -> None:
    project = await project_of(world, 30, target={"error": 0.2}, pilot={"n_tasks": 5, "overlap": 1})
    assert await work_all(world.annotator, project) == 5
    await world.drain()
    learnt = (await look(world, project))["pilot"]["learnt"]
    assert (learnt["expected"], learnt["agreement"]) == (None, None)
    assert "cannot be said" in learnt["sentence"] and "nothing is known of how far people agree" in learnt["sentence"]
    await world.owner.post(f"/api/projects/{project['id']}/start")
    await world.drain()
    assert (await world.another()) and await work_all(await world.another(), project) > 0


async def test_a_pilot_can_be_ended_before_all_of_it_is_answered(world: World) -> None:
    project = await project_of(world, 10, target={"overlap": 1}, pilot={"n_tasks": 5, "overlap": 2})
    assert await work_all(world.annotator, project) == 5
    await world.owner.post(f"/api/projects/{project['id']}/start")
    await world.drain()
    assert await work_all(await world.another(), project) == 5, "what the pilot answered once has its answer"


async def test_a_clone_has_the_words_of_its_original_and_none_of_its_answers(world: World) -> None:
    project = await project_of(world, 4, target={"overlap": 1, "error": 0.25}, instructions="Read it.")
    (asset, *_) = await assets_of(world, project)
    await patch(world, project, sections=[{"label_class": "a", "good": [{"asset_id": asset}]}])
    await work_all(world.annotator, project)
    clone = await world.owner.post(f"/api/projects/{project['id']}/clone", {"name": "Again"})
    await world.drain()
    clone = await look(world, clone)
    assert (clone["name"], clone["n_tasks"], clone["dataset_id"]) == ("Again", 4, project["dataset_id"])
    assert clone["ontology"]["classes"] == project["ontology"]["classes"]
    assert (clone["instructions"]["text"], clone["target"]["error"]) == ("Read it.", 0.25)
    assert (await world.owner.get(f"/api/projects/{clone['id']}/overview"))["answers"]["human"] == 0
    bare = await world.owner.post(f"/api/projects/{project['id']}/clone", {"name": "Bare", "parts": []})
    assert (bare["instructions"]["text"], bare["target"]["error"]) == ("", 0.01)
    other = await world.text_dataset(["other data"])
    there = await world.owner.post(f"/api/projects/{project['id']}/clone", {"name": "There", "dataset_id": other})
    whole = await world.owner.get(f"/api/projects/{there['id']}/instructions")
    assert whole["sections"] == [], "its only example is not in the other data"
