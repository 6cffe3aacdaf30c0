"""Answers that are several objects in one asset: matching them, what to believe, what a delivery lost."""

from karat.measure.objects.beliefs import ObjectBeliefs, Sightings, believe_objects, existence_posterior
from karat.measure.objects.consensus import AssetAnswers, ObjectConsensus, reach_consensus
from karat.measure.objects.grouping import ObjectGroup, group_objects
from karat.measure.objects.loss import expected_object_loss, object_loss
from karat.measure.objects.matching import match_objects

__all__ = [
    "AssetAnswers",
    "ObjectBeliefs",
    "ObjectConsensus",
    "ObjectGroup",
    "Sightings",
    "believe_objects",
    "existence_posterior",
    "expected_object_loss",
    "group_objects",
    "match_objects",
    "object_loss",
    "reach_consensus",
]
