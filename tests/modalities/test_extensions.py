"""What another package may bring as a kind, and what is said where it cannot be used."""

import sys
from importlib.metadata import EntryPoint
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from karat.modalities import KINDS, ClassPayload, KindNotUsable
from karat.modalities.extensions import GROUP, installed, with_extensions
from karat.modalities.whole import WholeAssetClass

MOOD = WholeAssetClass(modality="image.mood", title="Mood of the image")


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Any:
    def put(kind: Any) -> EntryPoint:
        module = ModuleType("karat_mood")
        module.KIND = kind  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "karat_mood", module)
        return EntryPoint("mood", "karat_mood:KIND", GROUP)

    return put


def changed(**fields: Any) -> SimpleNamespace:
    """A kind that is right but for these fields."""
    right = {name: getattr(MOOD, name) for name in dir(MOOD) if not name.startswith("_")}
    return SimpleNamespace(**{name: value for name, value in (right | fields).items() if value is not None})


def said(*points: EntryPoint) -> list[str]:
    with pytest.raises(KindNotUsable) as caught:
        with_extensions(KINDS, points)
    assert all(fault.hint and fault.where.startswith("mood = ") for fault in caught.value.data["faults"])
    return [fault.message for fault in caught.value.data["faults"]]


def test_a_kind_that_is_offered_comes_after_our_own(offer: Any) -> None:
    assert with_extensions(KINDS, [offer(MOOD)]) == (*KINDS, MOOD)
    assert with_extensions(KINDS, []) == KINDS


def test_nothing_is_offered_where_no_package_does() -> None:
    assert installed() == ()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": None}, "It needs a name, a modality and a title."),
        ({"name": 7}, "It needs a name, a modality and a title."),
        ({"name": "mood"}, "Its name 'mood' does not begin with its modality 'image.mood' and a dot."),
        ({"payload": dict}, "Its payload is no subclass of karat.kit.Record."),
        ({"payload": ClassPayload(label_class="glad")}, "Its payload is no subclass of karat.kit.Record."),
        ({"check": None, "merge": None}, "It has no method check, merge."),
        ({"of_class": None}, "It needs class_of with either of_class or overlap."),
        ({"overlap": max}, "It needs class_of with either of_class or overlap."),
    ],
)
def test_what_is_wrong_with_a_kind_is_said(offer: Any, fields: dict[str, Any], message: str) -> None:
    assert said(offer(changed(**fields))) == [message]


def test_no_kind_takes_the_name_of_another(offer: Any) -> None:
    assert said(offer(KINDS[0])) == ["There is another kind 'image.class'."]
    assert said(offer(MOOD), offer(MOOD)) == ["There is another kind 'image.mood.class'."]


def test_a_package_that_cannot_be_imported_is_named_with_the_reason() -> None:
    assert said(EntryPoint("mood", "karat_nowhere:KIND", GROUP)) == [
        "It cannot be imported: ModuleNotFoundError: No module named 'karat_nowhere'."
    ]
