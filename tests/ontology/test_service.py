import pytest

from karat import ontology
from karat.api.engine import Engine
from karat.kit import new_id
from karat.modalities import Attribute
from karat.ontology import store
from karat.ontology.errors import OntologyInvalid
from karat.ontology.types import LabelClass
from tests.support.world import World

CLASSES = (LabelClass(name="car", category_id=3), LabelClass(name="dog"))
SEATS = Attribute(name="seats", type="number", minimum=1, maximum=9, required=True, applies_to=("car",))


async def test_a_version_comes_back_with_its_attributes_and_its_vocabulary(engine: Engine, world: World) -> None:
    async with engine.database.transaction(world.tenant_id) as db:
        made = await ontology.create_ontology(db, world.manager.caller, "image.box", CLASSES, (SEATS,))
        read = await store.find(db, made.id)
    assert read == made
    assert read is not None
    assert read.attributes == (SEATS,)
    assert {name: list(have) for name, have in read.vocabulary.classes.items()} == {"car": [SEATS], "dog": []}


async def test_a_version_from_before_there_were_attributes_has_none(engine: Engine, world: World) -> None:
    async with engine.database.transaction(world.tenant_id) as db:
        old = new_id()
        await db.execute(
            """INSERT INTO ontology_version (tenant_id, id, ontology_id, version, kind, classes) VALUES ($1, $2, $2, 1,
            'image.class', '[{"name": "car", "title": null, "color": "#4411ff", "hotkey": "1", "description": ""}]')""",
            world.tenant_id,
            old,
        )
        read = await store.find(db, old)
    assert read is not None
    assert (read.attributes, read.names, read.classes[0].category_id) == ((), ("car",), None)


async def test_attributes_that_the_kind_cannot_have_are_refused(engine: Engine, world: World) -> None:
    async with engine.database.transaction(world.tenant_id) as db:
        with pytest.raises(OntologyInvalid) as caught:
            await ontology.create_ontology(db, world.manager.caller, "image.class", CLASSES, (SEATS,))
    assert [fault.code for fault in caught.value.faults] == ["attributes.not_in_kind"]
