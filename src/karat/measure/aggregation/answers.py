"""Answers of annotators on items as three parallel arrays: memory grows with the answers, not items x annotators."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from karat.errors import Fault, Invalid
from karat.measure.arrays import FloatArray, IntArray


class AnswersInvalid(Invalid):
    """The answers do not fit together; `faults` lists everything found."""

    code = "measure.answers_invalid"


@dataclass(frozen=True, slots=True)
class Answers:
    """Who said what about which item. One annotator may answer an item more than once; both answers count.

    Attributes:
        item, annotator, label: (n_answers,) indexes from 0; a row is one answer.

    Raises:
        AnswersInvalid: with every fault found.
    """

    item: IntArray
    annotator: IntArray
    label: IntArray
    n_items: int
    n_annotators: int
    n_classes: int

    def __post_init__(self) -> None:
        faults = []
        for name, size in (("item", self.n_items), ("annotator", self.n_annotators), ("label", self.n_classes)):
            index = getattr(self, name)
            if index.ndim != 1 or len(index) != len(self.item):
                faults.append(Fault(code="answers.shape", message="The arrays differ in length.", where=name))
            elif index.dtype.kind not in "iu":
                faults.append(Fault(code="answers.type", message="Indexes must be whole numbers.", where=name))
            elif len(index) and not 0 <= index.min() <= index.max() < size:
                faults.append(Fault(code="answers.range", message=f"An index is outside 0 … {size - 1}.", where=name))
        if faults:
            raise AnswersInvalid(faults=faults)

    @classmethod
    def of(
        cls,
        rows: Iterable[tuple[int, int, int]],
        *,
        n_classes: int,
        n_items: int | None = None,
        n_annotators: int | None = None,
    ) -> Self:
        """From rows of (item, annotator, label). How many items and annotators there are follows, where not given."""
        table = np.array(list(rows), dtype=np.int64).reshape(-1, 3)
        highest = table.max(axis=0, initial=-1) + 1
        return cls(
            item=table[:, 0],
            annotator=table[:, 1],
            label=table[:, 2],
            n_items=int(highest[0]) if n_items is None else n_items,
            n_annotators=int(highest[1]) if n_annotators is None else n_annotators,
            n_classes=n_classes,
        )

    def __len__(self) -> int:
        return len(self.item)

    def counts(self) -> FloatArray:
        """(n_items, n_classes): how often each class was given to each item."""
        flat = np.bincount(self.item * self.n_classes + self.label, minlength=self.n_items * self.n_classes)
        return flat.reshape(self.n_items, self.n_classes).astype(np.float64)
