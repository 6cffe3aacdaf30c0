"""Templates: each makes a project of its kind, and what is said beside it counts."""

import pytest

from karat.kit import new_id
from karat.modalities import kind_named
from karat.ontology.attribute_rules import check_attributes, check_attributes_fit
from karat.ontology.rules import check_ontology
from karat.ontology.types import LabelClass, OntologyContent
from karat.tasks.templates import TEMPLATES, ProjectTemplate, fill_in
from karat.tasks.types import NewProject, QualityTarget
from tests.support.world import World


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_a_template_is_a_right_ontology_with_words_for_every_class(template: ProjectTemplate) -> None:
    content = OntologyContent(classes=template.classes, attributes=template.attributes)
    assert [*check_ontology(content), *check_attributes(content)] == []
    assert list(check_attributes_fit(content, kind_named(template.kind))) == []
    assert {one.label_class for one in template.sections} >= {one.name for one in template.classes}
    assert all(one.color and one.description for one in template.classes)
    assert template.instructions and template.summary


def test_names_of_templates_are_not_repeated_and_every_kind_has_one() -> None:
    assert len({one.name for one in TEMPLATES}) == len(TEMPLATES)
    assert {one.kind for one in TEMPLATES} == {"image.class", "image.box", "text.class"}


def test_what_is_said_beside_a_template_takes_the_place_of_its_own() -> None:
    template = next(one for one in TEMPLATES if one.name == "street-scene")
    new = NewProject(
        name="Streets",
        dataset_id=new_id(),
        template="street-scene",
        classes=(LabelClass(name="tram"), template.classes[0]),
        target=QualityTarget(error=0.2),
    )
    filled = fill_in(new)
    assert [one.name for one in filled.classes] == ["tram", template.classes[0].name]
    assert filled.attributes == ()
    assert filled.instructions == template.instructions
    assert {one.label_class for one in filled.sections} == {None, template.classes[0].name}
    assert (filled.target.error, filled.target.overlap) == (0.2, template.target.overlap)


def test_an_empty_text_beside_a_template_stays_empty() -> None:
    new = NewProject(name="P", dataset_id=new_id(), template="sentiment", instructions="", sections=())
    assert (fill_in(new).instructions, fill_in(new).sections) == ("", ())


async def test_a_project_is_made_of_a_template_by_its_name_alone(world: World) -> None:
    dataset = await world.text_dataset(["good", "bad"])
    offered = (await world.annotator.get("/api/project-templates?modality=text"))["items"]
    assert {one["modality"] for one in offered} == {"text"}
    made = await world.owner.post(
        "/api/projects", {"name": "Reviews", "dataset_id": dataset, "template": "sentiment", "target": {"error": 0.1}}
    )
    assert [one["name"] for one in made["ontology"]["classes"]] == ["positive", "neutral", "negative"]
    assert made["target"]["error"] == 0.1
    whole = await world.annotator.get(f"/api/projects/{made['id']}/instructions")
    assert [one["label_class"] for one in whole["sections"]] == ["positive", "neutral", "negative"]


async def test_a_template_that_is_none_or_fits_other_data_is_refused_with_what_there_is(world: World) -> None:
    dataset = await world.text_dataset(["one"])
    body = {"name": "P", "dataset_id": dataset}
    for extra, code in (
        ({"template": "no-such"}, "template.not_found"),
        ({"template": "street-scene"}, "project.kind_does_not_fit"),
        ({}, "project.kind_missing"),
        ({"kind": "text.class"}, "ontology.invalid"),
    ):
        response = await world.owner.call("POST", "/api/projects", json=body | extra)
        assert response.json()["code"] == code, response.text
    response = await world.owner.call("POST", "/api/projects", json=body | {"template": "no-such"})
    assert "sentiment" in response.json()["known"]
