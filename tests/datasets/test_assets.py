"""Assets that somebody asks for by their ids."""

from uuid import uuid4

from tests.support.world import World


async def test_assets_come_by_their_ids_as_far_as_the_dataset_has_them(world: World) -> None:
    mine, other = await world.text_dataset(["one", "two", "three"]), await world.text_dataset(["four"])
    path = f"/api/datasets/{mine}/assets"
    newest, _, oldest = [one["id"] for one in (await world.owner.get(path))["items"]]
    [foreign] = [one["id"] for one in (await world.owner.get(f"/api/datasets/{other}/assets"))["items"]]
    wanted = [oldest, newest, foreign, str(uuid4()), newest]
    page = await world.owner.get(path, params={"id": wanted})
    assert [one["id"] for one in page["items"]] == [newest, oldest]
    assert page["next_cursor"] is None
    assert page["items"][0]["media"]["text"] == "three"


async def test_who_may_not_see_a_dataset_gets_none_of_its_assets_by_their_ids_either(world: World) -> None:
    path = f"/api/datasets/{await world.text_dataset(['one'])}/assets"
    [asset] = (await world.owner.get(path))["items"]
    refused = await world.annotator.call("GET", path, params={"id": [asset["id"]]})
    assert refused.status_code == 403
    missing = await world.owner.call("GET", f"/api/datasets/{uuid4()}/assets", params={"id": [asset["id"]]})
    assert missing.json()["code"] == "dataset.not_found"
    malformed = await world.owner.call("GET", path, params={"id": ["x"]})
    assert malformed.status_code == 422
