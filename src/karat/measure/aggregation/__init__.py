"""From several answers per item to one belief about it."""

from karat.measure.aggregation.answers import Answers, AnswersInvalid
from karat.measure.aggregation.dawid_skene import DawidSkene, dawid_skene
from karat.measure.aggregation.majority import majority

__all__ = ["Answers", "AnswersInvalid", "DawidSkene", "dawid_skene", "majority"]
