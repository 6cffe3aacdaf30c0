"""Saying one label class about the whole asset: what `image.class` and `text.class` have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from karat.kit import Fault, Record
from karat.modalities.types import Media, check_modality
from karat.modalities.vocabulary import Vocabulary
from karat.modalities.votes import check_weights, most_votes


class ClassPayload(Record):
    """The label class of a whole asset.

    Attributes:
        label_class: the name of a label class of the project's ontology.
    """

    label_class: Annotated[str, StringConstraints(min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True)
class WholeAssetClass:
    """A kind that gives one label class to the whole asset of its modality."""

    modality: str
    title: str

    @property
    def name(self) -> str:
        return f"{self.modality}.class"

    @property
    def payload(self) -> type[ClassPayload]:
        return ClassPayload

    def check(self, payload: ClassPayload, media: Media, vocabulary: Vocabulary) -> list[Fault]:
        """The asset must be of this modality and the label class one of those that may be used."""
        return [*check_modality(self, media), *vocabulary.check_class(payload.label_class)]

    def similarity(self, a: ClassPayload, b: ClassPayload) -> float:
        """1.0 for the same label class, else 0.0: classes have no order and no distance."""
        return float(a.label_class == b.label_class)

    def merge(self, payloads: Sequence[ClassPayload], weights: Sequence[float]) -> ClassPayload:
        """The label class with the largest sum of weights; of equals the first by Unicode code point."""
        check_weights(payloads, weights)
        return ClassPayload(label_class=most_votes([one.label_class for one in payloads], weights))

    def class_of(self, payload: ClassPayload) -> str:
        """The name of the label class that the payload gives."""
        return payload.label_class

    def of_class(self, label_class: str) -> ClassPayload:
        """The payload that gives this label class."""
        return ClassPayload(label_class=label_class)
