"""Models at work for a project: features, retraining, predictions of models that were chosen or came in files."""

from karat.assist.binding import on_tasks_filled
from karat.assist.reading import ImportPredictions
from karat.assist.run_store import is_prediction_file
from karat.assist.running import Predict
from karat.assist.service import Train, on_model_wanted

__all__ = ["ImportPredictions", "Predict", "Train", "is_prediction_file", "on_model_wanted", "on_tasks_filled"]
