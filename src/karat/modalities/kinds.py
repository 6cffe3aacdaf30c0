"""The table of kinds, and reading an annotation by the kind that it names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from karat.kit import Fault, Record
from karat.modalities import image, text
from karat.modalities.errors import KindUnknown
from karat.modalities.extensions import installed, with_extensions
from karat.modalities.types import Annotation, CategoricalKind, Kind, Media, ObjectKind
from karat.modalities.vocabulary import Vocabulary

AnyKind = Kind[Any]

KINDS: tuple[AnyKind, ...] = with_extensions((*image.KINDS, *text.KINDS), installed())


@dataclass(frozen=True, slots=True)
class Judged:
    """An annotation that was read and checked; the payload is None exactly when it could not be read."""

    kind: AnyKind | None
    payload: Record | None
    faults: list[Fault]


def kind_named(name: str, kinds: Sequence[AnyKind] = KINDS) -> AnyKind:
    """The kind of that name.

    Raises:
        KindUnknown: with the names that there are.
    """
    for kind in kinds:
        if kind.name == name:
            return kind
    raise KindUnknown(kind=name, known=[kind.name for kind in kinds])


def as_categorical(kind: AnyKind) -> CategoricalKind[Any] | None:
    """The kind, if its whole answer is one label class."""
    return kind if isinstance(kind, CategoricalKind) else None


def as_object_kind(kind: AnyKind) -> ObjectKind[Any] | None:
    """The kind, if an asset can have any number of its annotations, each at its place."""
    return kind if isinstance(kind, ObjectKind) else None


def judge(annotation: Annotation, media: Media, vocabulary: Vocabulary, kinds: Sequence[AnyKind] = KINDS) -> Judged:
    """Read an annotation and find everything wrong with it, in one pass and without raising."""
    try:
        kind = kind_named(annotation.kind, kinds)
    except KindUnknown:
        known = ", ".join(kind.name for kind in kinds)
        message = f"There is no kind {annotation.kind!r}."
        return Judged(None, None, [Fault(code="kind.unknown", message=message, where="kind", hint=f"Known: {known}.")])
    try:
        payload = kind.payload.model_validate(annotation.payload, strict=True)
    except ValidationError as error:
        return Judged(kind, None, [_malformed(fault["loc"], fault["msg"]) for fault in error.errors()])
    return Judged(kind, payload, kind.check(payload, media, vocabulary))


def _malformed(location: tuple[int | str, ...], message: str) -> Fault:
    return Fault(code="payload.malformed", message=message, where=".".join(map(str, ("payload", *location))))
