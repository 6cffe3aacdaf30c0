import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karat.modalities import (
    KINDS,
    Annotation,
    AnyKind,
    Attribute,
    KindUnknown,
    Media,
    Vocabulary,
    as_categorical,
    as_object_kind,
    judge,
    kind_named,
)

ROOT = Path(__file__).parents[2]
CONTRACTS = {kind.name: json.loads((ROOT / "contract" / f"{kind.name}.json").read_text()) for kind in KINDS}
CATEGORICAL = [kind for kind in map(as_categorical, KINDS) if kind is not None]


def vocabulary(contract: dict[str, Any]) -> Vocabulary:
    attributes = [Attribute.model_validate(one) for one in contract.get("attributes", [])]
    return Vocabulary.of(contract["classes"], attributes)


def cases(section: str) -> list[Any]:
    return [pytest.param(contract, case) for contract in CONTRACTS.values() for case in contract.get(section, [])]


@pytest.mark.parametrize(("contract", "case"), cases("cases"))
def test_a_payload_is_judged_as_the_contract_says(contract: dict[str, Any], case: dict[str, Any]) -> None:
    annotation = Annotation(kind=contract["kind"], payload=case["payload"])
    judged = judge(annotation, Media.model_validate(case["media"]), vocabulary(contract))
    assert [{"code": fault.code, "where": fault.where} for fault in judged.faults] == case["faults"], case["name"]


@pytest.mark.parametrize(("contract", "case"), cases("similarity"))
def test_similarity_is_as_the_contract_says_and_symmetric(contract: dict[str, Any], case: dict[str, Any]) -> None:
    kind = kind_named(contract["kind"])
    a, b = kind.payload.model_validate(case["a"]), kind.payload.model_validate(case["b"])
    assert kind.similarity(a, b) == kind.similarity(b, a) == case["expected"]
    assert kind.similarity(a, a) == 1.0


@pytest.mark.parametrize(("contract", "case"), cases("overlaps"))
def test_overlap_is_as_the_contract_says_and_symmetric(contract: dict[str, Any], case: dict[str, Any]) -> None:
    kind = as_object_kind(kind_named(contract["kind"]))
    assert kind is not None
    a, b = kind.payload.model_validate(case["a"]), kind.payload.model_validate(case["b"])
    assert kind.overlap(a, b) == kind.overlap(b, a) == case["expected"]
    assert kind.overlap(a, a) == 1.0


def test_a_kind_says_one_class_for_all_or_many_objects_and_never_both() -> None:
    for kind in KINDS:
        assert (as_categorical(kind) is None) != (as_object_kind(kind) is None), kind.name


@pytest.mark.parametrize(("contract", "case"), cases("merges"))
def test_merging_is_as_the_contract_says_in_either_order(contract: dict[str, Any], case: dict[str, Any]) -> None:
    kind = kind_named(contract["kind"])
    payloads = [kind.payload.model_validate(payload) for payload in case["payloads"]]
    expected = kind.payload.model_validate(case["expected"])
    assert kind.merge(payloads, case["weights"]) == expected, case["name"]
    assert kind.merge(payloads[::-1], case["weights"][::-1]) == expected, case["name"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_has_a_page_and_survives_json(kind: AnyKind) -> None:
    assert kind.name.startswith(f"{kind.modality}.")
    assert (ROOT / "docs" / "reference" / "kinds" / f"{kind.name}.md").read_text().startswith(f"# `{kind.name}`")
    payload = kind.payload.model_validate(CONTRACTS[kind.name]["cases"][0]["payload"])
    assert kind.payload.model_validate_json(payload.model_dump_json()) == payload


@pytest.mark.parametrize("kind", CATEGORICAL, ids=lambda kind: kind.name)
@given(st.lists(st.sampled_from("abcd"), min_size=1), st.data())
def test_merging_votes_gives_the_class_with_most_weight(kind: Any, names: list[str], data: st.DataObject) -> None:
    size = len(names)
    weights = data.draw(st.lists(st.integers(1, 9), min_size=size, max_size=size))
    payloads = [kind.of_class(name) for name in names]
    assert [kind.class_of(payload) for payload in payloads] == names
    total = {name: sum(w for n, w in zip(names, weights, strict=True) if n == name) for name in names}
    merged = kind.class_of(kind.merge(payloads, weights))
    assert total[merged] == max(total.values())


@pytest.mark.parametrize("weights", [[1.0], [-1.0, 2.0], [0.0, 0.0], [float("nan"), 1.0], []])
def test_weights_that_do_not_fit_are_refused(weights: list[float]) -> None:
    kind = CATEGORICAL[0]
    with pytest.raises(ValueError, match="weight"):
        kind.merge([kind.of_class("a"), kind.of_class("b")], weights)


def test_an_unknown_kind_is_named_with_those_that_there_are() -> None:
    with pytest.raises(KindUnknown) as caught:
        kind_named("image.smell")
    assert caught.value.data["known"] == [kind.name for kind in KINDS]
    judged = judge(
        Annotation(kind="image.smell", payload={}),
        Media(modality="image", media_type="image/png"),
        Vocabulary.of_names([]),
    )
    assert [fault.code for fault in judged.faults] == ["kind.unknown"]


def test_names_of_kinds_are_unique() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
