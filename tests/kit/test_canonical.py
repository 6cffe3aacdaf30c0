import json
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from karat.kit.canonical import NotCanonical, canonical_json, canonical_sha256, read_canonical

LARGEST = 2**53 - 1
texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(-LARGEST, LARGEST) | st.floats(-LARGEST, LARGEST)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
@example(-0.0)
@example([1e-7, -1.5e-05, 1e-6])
def test_the_spelling_reads_back_as_the_same_value_and_spells_the_same_again(value: object) -> None:
    data = canonical_json(value)
    assert read_canonical(data) == value
    assert canonical_json(json.loads(data)) == data


@given(values)
def test_the_spelling_is_what_the_standard_library_writes_up_to_names_order_and_small_numbers(value: object) -> None:
    assert json.loads(canonical_json(value)) == json.loads(json.dumps(value))


def test_numbers_are_printed_as_ecmascript_prints_them() -> None:
    # The column on the right is String(x) of ECMA-262, Number::toString; RFC 8785 appendix B has the same cases.
    cases = {
        0.0: "0",
        1.0: "1",
        0.05: "0.05",
        1e-4: "0.0001",
        1e-5: "0.00001",
        -1.5e-5: "-0.000015",
        1e-6: "0.000001",
        1e-7: "1e-7",
        -2.5e-9: "-2.5e-9",
        5e-324: "5e-324",
        333333333.33333329: "333333333.3333333",
        9007199254740991: "9007199254740991",
        0.1 + 0.2: "0.30000000000000004",
    }
    for number, expected in cases.items():
        assert canonical_json(number).decode() == expected
    assert canonical_json(-0.0) == b"0"


def test_names_are_sorted_by_utf16_code_units_as_the_standard_demands() -> None:
    # RFC 8785 section 3.2.3: the emoji (surrogates D83D DE00) sorts before U+FB33, though its code point is larger.
    value = {"€": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "ö": 7}
    names = [name for name, _ in json.loads(canonical_json(value), object_pairs_hook=list)]
    assert names == ["\r", "1", "\u0080", "ö", "€", "\U0001f600", "\ufb33"]


def test_only_the_escapes_that_json_demands_are_used() -> None:
    # RFC 8785 section 3.2.2.2.
    value = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"
    assert canonical_json(value).decode() == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, -1e300, "\ud800", {"\udc00": 1}, {1: 2}, b"x", {1, 2}])
def test_what_json_cannot_carry_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical_json(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1}\n',
        b'"\\u0041"',
        b"1.0",
        b"1e2",
        b"-0",
        b"NaN",
        b"9007199254740993",
        b'"\xff"',
        b"\xef\xbb\xbf1",
        b"",
        b'"\\ud800"',
        b"[" * 100_000,
    ],
)
def test_any_other_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        read_canonical(data)


def test_a_nest_that_is_too_deep_is_refused_and_not_a_crash() -> None:
    value: list[object] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(NotCanonical):
        canonical_json(value)


def test_the_digest_is_sha256_of_the_spelling() -> None:
    # printf '{"a":1}' | sha256sum
    assert canonical_sha256({"a": 1.0}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
