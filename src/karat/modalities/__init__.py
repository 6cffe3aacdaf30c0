"""What can be said about an asset: the kinds of annotation, one folder per modality."""

from karat.modalities.errors import KindUnknown
from karat.modalities.kinds import KINDS, AnyKind, Judged, as_categorical, judge, kind_named
from karat.modalities.types import Annotation, CategoricalKind, Kind, Media
from karat.modalities.whole import ClassPayload

__all__ = [
    "KINDS",
    "Annotation",
    "AnyKind",
    "CategoricalKind",
    "ClassPayload",
    "Judged",
    "Kind",
    "KindUnknown",
    "Media",
    "as_categorical",
    "judge",
    "kind_named",
]
