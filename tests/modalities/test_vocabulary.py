import math
from typing import Any

import pytest

from karat.modalities import Attribute, AttributeType, Vocabulary

CAR = Vocabulary.of(
    ["car", "dog"],
    [
        Attribute(name="colour", type="select", options=("red", "blue"), required=True, applies_to=("car",)),
        Attribute(name="damage", type="checkbox", options=("dent", "scratch")),
        Attribute(name="truncated", type="checkbox"),
        Attribute(name="seats", type="number", minimum=1, maximum=9),
        Attribute(name="plate", type="text"),
    ],
)


def codes(vocabulary: Vocabulary, label_class: str, **values: Any) -> list[tuple[str, str]]:
    found = vocabulary.check_attributes(label_class, values)
    return [(fault.code, fault.where.removeprefix("payload.attributes.")) for fault in found]


def test_an_attribute_belongs_to_all_classes_or_to_those_it_names() -> None:
    assert [one.name for one in CAR.classes["car"]] == ["colour", "damage", "truncated", "seats", "plate"]
    assert [one.name for one in CAR.classes["dog"]] == ["damage", "truncated", "seats", "plate"]
    assert codes(CAR, "dog") == []
    assert codes(CAR, "car") == [("attribute.missing", "colour")]
    assert codes(CAR, "dog", colour="red") == [("attribute.unknown", "colour")]


def test_values_of_the_right_type_and_range_are_right() -> None:
    assert codes(CAR, "car", colour="red", damage=["dent"], truncated=False, seats=9.0, plate="") == []
    assert codes(CAR, "car", colour="blue", damage=[], seats=1.0) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"colour": "Red"}, [("attribute.option_unknown", "colour")]),
        ({"colour": ["red"]}, [("attribute.wrong_type", "colour")]),
        ({"colour": ""}, [("attribute.missing", "colour")]),
        ({"colour": "red", "damage": ["dent", "rust"]}, [("attribute.option_unknown", "damage.1")]),
        ({"colour": "red", "damage": ["dent", "dent"]}, [("attribute.option_repeated", "damage.1")]),
        ({"colour": "red", "damage": True}, [("attribute.wrong_type", "damage")]),
        ({"colour": "red", "truncated": ["dent"]}, [("attribute.wrong_type", "truncated")]),
        ({"colour": "red", "seats": "2"}, [("attribute.wrong_type", "seats")]),
        ({"colour": "red", "seats": True}, [("attribute.wrong_type", "seats")]),
        ({"colour": "red", "seats": 0.99}, [("attribute.out_of_range", "seats")]),
        ({"colour": "red", "seats": math.nan}, [("attribute.out_of_range", "seats")]),
        ({"colour": "red", "plate": 2.0}, [("attribute.wrong_type", "plate")]),
        ({"colour": "red", "plate": "x" * 2001}, [("attribute.too_long", "plate")]),
    ],
)
def test_each_fault_is_told_with_its_place(values: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert codes(CAR, "car", **values) == expected


def test_a_number_without_limits_still_has_to_be_finite() -> None:
    open_ended = Vocabulary.of(["a"], [Attribute(name="n", type="number")])
    assert codes(open_ended, "a", n=-1e300) == []
    assert codes(open_ended, "a", n=math.inf) == [("attribute.out_of_range", "n")]


@pytest.mark.parametrize(("kind", "blank"), [("text", "  "), ("checkbox", [])])
def test_a_required_answer_is_not_blank(kind: AttributeType, blank: Any) -> None:
    options = ("x",) if kind == "checkbox" else ()
    required = Vocabulary.of(["a"], [Attribute(name="n", type=kind, options=options, required=True)])
    assert codes(required, "a", n=blank) == [("attribute.missing", "n")]


def test_yes_or_no_is_an_answer_that_can_be_required() -> None:
    required = Vocabulary.of(["a"], [Attribute(name="n", type="checkbox", required=True)])
    assert codes(required, "a", n=False) == []
    assert codes(required, "a") == [("attribute.missing", "n")]
