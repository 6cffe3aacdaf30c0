from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat.ontology.palette import PALETTE
from karat.ontology.rules import MAX_CLASSES, MAX_NAME, check_ontology, with_defaults
from karat.ontology.types import LabelClass, OntologyContent

FloatArray = npt.NDArray[np.float64]


def ontology(*classes: LabelClass | str) -> OntologyContent:
    return OntologyContent(classes=tuple(LabelClass(name=one) if isinstance(one, str) else one for one in classes))


def codes(content: OntologyContent) -> list[tuple[str, str]]:
    return [(fault.code, fault.where) for fault in check_ontology(content)]


def test_plain_names_are_right_and_so_are_emoji_other_scripts_and_text_that_looks_like_markup() -> None:
    names = ("cat", "Cat", "Grüne Mandel", "🐈‍⬛", "猫", "a < b", "<script>alert(1)</script>", "=1+1")
    assert check_ontology(ontology(*names)) == []


def test_every_fault_is_told_with_its_place() -> None:
    content = ontology(
        LabelClass(name="", color="red", hotkey="ab"),
        LabelClass(name=" cat", title="", hotkey="q"),
        LabelClass(name="dog\x00", hotkey="Q", description="ok\nsecond line\x07"),
        "x" * (MAX_NAME + 1),
    )
    assert codes(content) == [
        ("text.empty", "classes.0.name"),
        ("color.malformed", "classes.0.color"),
        ("hotkey.malformed", "classes.0.hotkey"),
        ("text.white_space", "classes.1.name"),
        ("text.empty", "classes.1.title"),
        ("text.control_character", "classes.2.name"),
        ("text.control_character", "classes.2.description"),
        ("text.too_long", "classes.3.name"),
        ("hotkey.repeated", "classes.2.hotkey"),
    ]


def test_an_ontology_needs_a_class_and_has_a_largest_size() -> None:
    assert codes(ontology()) == [("ontology.empty", "classes")]
    assert check_ontology(ontology(*(f"c{i}" for i in range(MAX_CLASSES)))) == []
    assert codes(ontology(*(f"c{i}" for i in range(MAX_CLASSES + 1)))) == [("ontology.too_many_classes", "classes")]


def test_names_that_look_exactly_alike_are_repeated_however_they_are_composed() -> None:
    assert codes(ontology("é", "e\u0301")) == [("name.repeated", "classes.1.name")]


# The corpus of CVE-2026-23516 and its kin: what a colour or a key must never carry into a page.
@pytest.mark.parametrize(
    "color",
    [
        "red",
        "#fff",
        "#12345",
        "#1234567",
        "#12345g",
        "#123456\n",
        " #123456",
        "#12345\uff16",
        "#123456;background:url(//x)",
        "rgb(0,0,0)",
        "var(--x)",
        "<svg onload=alert(1)>",
        "url(#a)",
        "expression(alert(1))",
        "",
    ],
)
def test_a_colour_is_six_hexadecimal_digits_and_nothing_else(color: str) -> None:
    assert codes(ontology(LabelClass(name="a", color=color))) == [("color.malformed", "classes.0.color")]


@pytest.mark.parametrize("hotkey", ["", "ab", " ", "\n", "<", "é\u0301", "Enter", "🐈", "\x00"])
def test_a_hotkey_is_one_letter_or_digit(hotkey: str) -> None:
    assert codes(ontology(LabelClass(name="a", hotkey=hotkey))) == [("hotkey.malformed", "classes.0.hotkey")]


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\u2028", "\u0085", "\x1b", "\u200f"])
def test_characters_that_hide_or_turn_text_are_refused_in_names(character: str) -> None:
    assert codes(ontology(f"a{character}b")) == [("text.control_character", "classes.0.name")]


def test_digits_get_their_own_key_and_the_others_what_is_left() -> None:
    digits = with_defaults(ontology(*"0123456789"))
    assert [one.hotkey for one in digits.classes] == list("0123456789")
    mixed = with_defaults(ontology("cat", LabelClass(name="dog", hotkey="1"), "2", LabelClass(name="two", title="3")))
    assert [one.hotkey for one in mixed.classes] == ["4", "1", "2", "3"]


@given(st.lists(st.text("ab0123456789", min_size=1, max_size=2), unique=True, min_size=1, max_size=30))
def test_defaults_make_no_fault_and_change_nothing_that_was_chosen(names: list[str]) -> None:
    content = ontology(*names)
    filled = with_defaults(content)
    assert check_ontology(filled) == []
    assert with_defaults(filled) == filled
    assert [one.name for one in filled.classes] == names
    assert sum(one.hotkey is not None for one in filled.classes) == min(len(names), 10)
    assert len({one.color for one in filled.classes}) == min(len(names), len(PALETTE))


def test_a_colour_that_a_person_chose_is_not_given_to_another_class() -> None:
    filled = with_defaults(ontology("a", LabelClass(name="b", color=PALETTE[0].upper()), "c"))
    assert [one.color for one in filled.classes] == [PALETTE[1], PALETTE[0], PALETTE[2]]


def test_default_colours_stay_apart_for_every_kind_of_colour_vision_and_in_grey() -> None:
    rgb = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in PALETTE]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    # Machado, Oliveira, Fernandes 2009, table 1, severity 1.0: protanopia, deuteranopia, tritanopia.
    sights = [
        np.eye(3),
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ]
    for sight in sights:
        lab = to_lab(np.clip(linear @ np.asarray(sight).T, 0, 1))
        assert min(float(np.linalg.norm(a - b)) for a, b in combinations(lab, 2)) >= 27
    lightness = np.sort(to_lab(linear)[:, 0])
    assert float(np.diff(lightness).min()) >= 4


def to_lab(linear: FloatArray) -> FloatArray:
    """CIELAB (D65) of linear sRGB, CIE 15:2004."""
    x, y, z = [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]
    ratio = linear @ np.array([x, y, z]).T / np.array([0.95047, 1.0, 1.08883])
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)
