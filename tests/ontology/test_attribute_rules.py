import math

import pytest

from karat.modalities import Attribute, kind_named
from karat.ontology.attribute_rules import MAX_ATTRIBUTES, check_attributes_fit
from karat.ontology.rules import check_ontology, with_defaults
from karat.ontology.types import LabelClass, OntologyContent


def ontology(*attributes: Attribute) -> OntologyContent:
    return OntologyContent(classes=(LabelClass(name="car"), LabelClass(name="dog")), attributes=attributes)


def codes(*attributes: Attribute) -> list[tuple[str, str]]:
    return [(fault.code, fault.where) for fault in check_ontology(ontology(*attributes))]


def test_attributes_of_every_type_are_right() -> None:
    good = (
        Attribute(name="colour", type="select", options=("red", "blue"), required=True, applies_to=("car",)),
        Attribute(name="damage", type="checkbox", options=("dent", "scratch")),
        Attribute(name="truncated", type="checkbox"),
        Attribute(name="seats", type="number", minimum=0, maximum=0, applies_to=("car", "dog")),
        Attribute(name="plate", title="Number plate", type="text", description="As read.\nNothing guessed."),
    )
    assert codes(*good) == []
    assert with_defaults(ontology(*good)).attributes == good


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        (Attribute(name=" a", type="text"), [("text.white_space", "attributes.0.name")]),
        (Attribute(name="a", title="\u202e", type="text"), [("text.control_character", "attributes.0.title")]),
        (Attribute(name="a", type="select"), [("options.missing", "attributes.0.options")]),
        (Attribute(name="a", type="text", options=("x",)), [("options.unused", "attributes.0.options")]),
        (Attribute(name="a", type="number", options=("1",)), [("options.unused", "attributes.0.options")]),
        (Attribute(name="a", type="select", options=("x", "")), [("text.empty", "attributes.0.options.1")]),
        (
            Attribute(name="a", type="checkbox", options=("é", "e\u0301")),
            [("option.repeated", "attributes.0.options.1")],
        ),
        (Attribute(name="a", type="number", minimum=2, maximum=1), [("limit.crossed", "attributes.0.minimum")]),
        (Attribute(name="a", type="number", maximum=math.inf), [("limit.not_finite", "attributes.0.maximum")]),
        (Attribute(name="a", type="number", minimum=math.nan), [("limit.not_finite", "attributes.0.minimum")]),
        (Attribute(name="a", type="text", minimum=1), [("limit.unused", "attributes.0.minimum")]),
        (Attribute(name="a", type="text", applies_to=()), [("applies_to.empty", "attributes.0.applies_to")]),
        (Attribute(name="a", type="text", applies_to=("Car",)), [("label_class.unknown", "attributes.0.applies_to.0")]),
        (
            Attribute(name="a", type="text", applies_to=("car", "car")),
            [("applies_to.repeated", "attributes.0.applies_to.1")],
        ),
    ],
)
def test_each_fault_is_told_with_its_place(attribute: Attribute, expected: list[tuple[str, str]]) -> None:
    assert codes(attribute) == expected


def test_two_attributes_of_one_name_and_too_many_of_them_are_faults() -> None:
    assert codes(Attribute(name="a", type="text"), Attribute(name="a", type="number")) == [
        ("name.repeated", "attributes.1.name")
    ]
    many = [Attribute(name=f"a{i}", type="text") for i in range(MAX_ATTRIBUTES + 1)]
    assert codes(*many) == [("ontology.too_many_attributes", "attributes")]


def test_a_kind_whose_annotations_have_no_attributes_refuses_them() -> None:
    content = ontology(Attribute(name="a", type="text"))
    kind = kind_named("image.class")
    assert [one.code for one in check_attributes_fit(content, kind)] == ["attributes.not_in_kind"]
    assert list(check_attributes_fit(ontology(), kind)) == []


def test_numbers_of_classes_are_unique_and_within_what_files_can_carry() -> None:
    classes = (LabelClass(name="a", category_id=1), LabelClass(name="b", category_id=1), LabelClass(name="c"))
    more = (LabelClass(name="d", category_id=-1), LabelClass(name="e", category_id=2**31))
    found = [(fault.code, fault.where) for fault in check_ontology(OntologyContent(classes=classes + more))]
    assert found == [
        ("category_id.out_of_range", "classes.3.category_id"),
        ("category_id.out_of_range", "classes.4.category_id"),
        ("category_id.repeated", "classes.1.category_id"),
    ]
