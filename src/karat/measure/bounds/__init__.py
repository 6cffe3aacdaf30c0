"""Exact bounds on the errors that are left in a finite set of labels."""

from karat.measure.bounds.draw import draw_checks
from karat.measure.bounds.hypergeometric import hypergeometric_pmf, wrong_upper_bound
from karat.measure.bounds.sequential import CheckPlan, Decision, Look, PlanInvalid, plan_checks

__all__ = [
    "CheckPlan",
    "Decision",
    "Look",
    "PlanInvalid",
    "draw_checks",
    "hypergeometric_pmf",
    "plan_checks",
    "wrong_upper_bound",
]
