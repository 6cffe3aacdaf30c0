"""Reading labels of objects by their kind."""

from collections.abc import Sequence
from typing import Any

from karat.kit import Record
from karat.modalities import KindUnknown, ObjectKind, as_object_kind, kind_named


def object_kind(name: str) -> ObjectKind[Any]:
    """The kind of that name.

    Raises:
        KindUnknown: there is none, or it is no kind of objects.
    """
    kind = as_object_kind(kind_named(name))
    if kind is None:
        raise KindUnknown(kind=name)
    return kind


def read_objects(kind: ObjectKind[Any], annotations: Sequence[dict[str, Any]]) -> list[Record]:
    """The payloads of a label's annotations."""
    return [kind.payload.model_validate(one["payload"]) for one in annotations if one["kind"] == kind.name]


def spell(kind: ObjectKind[Any], annotations: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The annotations in the one way that their kind writes them, so that the same label has the same bytes."""
    return [{"kind": kind.name, "payload": one.model_dump(mode="json")} for one in read_objects(kind, annotations)]


def classes_of(kind: ObjectKind[Any], annotations: Sequence[dict[str, Any]]) -> list[str]:
    """The class of each annotation of a label."""
    return [kind.class_of(one) for one in read_objects(kind, annotations)]
