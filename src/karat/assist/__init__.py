"""Models at work for a project: features, retraining, predictions."""

from karat.assist.service import Train, on_model_wanted

__all__ = ["Train", "on_model_wanted"]
