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
    from karat.measure.bounds.betting import LossesInvalid, loss_left_upper_bound, mean_upper_bound
    from karat.measure.objects import (
        AssetAnswers,
        ObjectBeliefs,
        ObjectConsensus,
        ObjectGroup,
        Sightings,
        believe_objects,
        existence_posterior,
        expected_object_loss,
        group_objects,
        match_objects,
        object_loss,
        reach_consensus,
    )
    from karat.measure.routing import BatchRule, choose_batch, posterior_gap

__all__ = [
    "Answers",
    "AnswersInvalid",
    "AssetAnswers",
    "BatchRule",
    "CheckPlan",
    "DawidSkene",
    "Decision",
    "Look",
    "LossesInvalid",
    "ObjectBeliefs",
    "ObjectConsensus",
    "ObjectGroup",
    "PlanInvalid",
    "Sightings",
    "believe_objects",
    "choose_batch",
    "dawid_skene",
    "draw_checks",
    "existence_posterior",
    "expected_object_loss",
    "group_objects",
    "hypergeometric_pmf",
    "loss_left_upper_bound",
    "majority",
    "match_objects",
    "mean_upper_bound",
    "object_loss",
    "plan_checks",
    "posterior_gap",
    "reach_consensus",
    "wrong_upper_bound",
]

_ON_USE = {
    "LossesInvalid": "karat.measure.bounds.betting",
    "loss_left_upper_bound": "karat.measure.bounds.betting",
    "mean_upper_bound": "karat.measure.bounds.betting",
    "AssetAnswers": "karat.measure.objects",
    "ObjectBeliefs": "karat.measure.objects",
    "ObjectConsensus": "karat.measure.objects",
    "ObjectGroup": "karat.measure.objects",
    "Sightings": "karat.measure.objects",
    "believe_objects": "karat.measure.objects",
    "existence_posterior": "karat.measure.objects",
    "expected_object_loss": "karat.measure.objects",
    "group_objects": "karat.measure.objects",
    "match_objects": "karat.measure.objects",
    "object_loss": "karat.measure.objects",
    "reach_consensus": "karat.measure.objects",
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
