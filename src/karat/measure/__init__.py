"""The mathematics of label quality as a library without a database: usable from a notebook.

    answers = Answers.of([(0, 0, 2), (0, 1, 2), (1, 0, 1)], n_classes=3)
    dawid_skene(answers).posterior                  # (n_items, n_classes)
    plan_checks(10_000, 0.01, 0.05).looks           # how many random checks certify 1 % at 95 %

Nothing here reads the clock, a file or a hidden random state. Bounds need only the standard library; what needs numpy
is imported when it is first used, so that a server which merely starts does not pay for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from karat.measure.bounds import (
    CheckPlan,
    Decision,
    Look,
    PlanInvalid,
    draw_checks,
    hypergeometric_pmf,
    plan_checks,
    wrong_upper_bound,
)

if TYPE_CHECKING:
    from karat.measure.aggregation import Answers, AnswersInvalid, DawidSkene, dawid_skene, majority
    from karat.measure.routing import BatchRule, choose_batch, posterior_gap

__all__ = [
    "Answers",
    "AnswersInvalid",
    "BatchRule",
    "CheckPlan",
    "DawidSkene",
    "Decision",
    "Look",
    "PlanInvalid",
    "choose_batch",
    "dawid_skene",
    "draw_checks",
    "hypergeometric_pmf",
    "majority",
    "plan_checks",
    "posterior_gap",
    "wrong_upper_bound",
]

_ON_USE = {
    "Answers": "karat.measure.aggregation",
    "AnswersInvalid": "karat.measure.aggregation",
    "DawidSkene": "karat.measure.aggregation",
    "dawid_skene": "karat.measure.aggregation",
    "majority": "karat.measure.aggregation",
    "BatchRule": "karat.measure.routing",
    "choose_batch": "karat.measure.routing",
    "posterior_gap": "karat.measure.routing",
}


def __getattr__(name: str) -> Any:
    if name not in _ON_USE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ON_USE[name]), name)
