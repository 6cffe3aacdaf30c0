"""What can be said about an asset: the kinds of annotation, one folder per modality."""

from karat.modalities.errors import KindNotUsable, KindUnknown
from karat.modalities.kinds import KINDS, AnyKind, Judged, as_categorical, as_object_kind, judge, kind_named
from karat.modalities.types import Annotation, CategoricalKind, Kind, Media, ObjectKind
from karat.modalities.vocabulary import Attribute, AttributeType, AttributeValue, Vocabulary
from karat.modalities.whole import ClassPayload

__all__ = [
    "KINDS",
    "Annotation",
    "AnyKind",
    "Attribute",
    "AttributeType",
    "AttributeValue",
    "CategoricalKind",
    "ClassPayload",
    "Judged",
    "Kind",
    "KindNotUsable",
    "KindUnknown",
    "Media",
    "ObjectKind",
    "Vocabulary",
    "as_categorical",
    "as_object_kind",
    "judge",
    "kind_named",
]
