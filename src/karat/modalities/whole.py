"""Saying one label class about the whole asset: what `image.class` and `text.class` have in common."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from karat.kit import Fault, Record
from karat.modalities.types import Media


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

    def check(self, payload: ClassPayload, media: Media, classes: Collection[str]) -> list[Fault]:
        """The asset must be of this modality and the label class one of those that may be used."""
        faults = []
        if media.modality != self.modality:
            faults.append(
                Fault(
                    code="kind.wrong_modality",
                    message=f"{self.name} cannot describe an asset of modality {media.modality}.",
                    where="kind",
                )
            )
        if payload.label_class not in classes:
            faults.append(
                Fault(
                    code="label_class.unknown",
                    message=f"The ontology has no label class {payload.label_class!r}.",
                    where="payload.label_class",
                    hint="Use the exact name of one of its label classes.",
                )
            )
        return faults

    def similarity(self, a: ClassPayload, b: ClassPayload) -> float:
        """1.0 for the same label class, else 0.0: classes have no order and no distance."""
        return float(a.label_class == b.label_class)

    def merge(self, payloads: Sequence[ClassPayload], weights: Sequence[float]) -> ClassPayload:
        """The label class with the largest sum of weights; of equals the first by Unicode code point."""
        if not payloads or len(payloads) != len(weights):
            raise ValueError("merging needs at least one payload and one weight for each")
        if not all(math.isfinite(weight) and weight >= 0 for weight in weights) or not any(weights):
            raise ValueError("weights must be finite and not negative, and one of them above zero")
        votes: dict[str, list[float]] = {}
        for payload, weight in zip(payloads, weights, strict=True):
            votes.setdefault(payload.label_class, []).append(weight)
        # fsum rounds once, so that the sum does not depend on the order of the votes.
        totals = {name: math.fsum(parts) for name, parts in votes.items()}
        return ClassPayload(label_class=min(totals, key=lambda name: (-totals[name], name)))

    def class_of(self, payload: ClassPayload) -> str:
        """The name of the label class that the payload gives."""
        return payload.label_class

    def of_class(self, label_class: str) -> ClassPayload:
        """The payload that gives this label class."""
        return ClassPayload(label_class=label_class)
