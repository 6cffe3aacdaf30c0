"""What the compute process does for models. Imported there only: it needs numpy and OpenCV."""

from array import array
from typing import Any

import numpy as np

from karat.models.classifier import fit_predict
from karat.models.features.neighbours import nearest_neighbours

Shape = tuple[int, int]
PLAIN_TEXT = "letters-tfidf-svd"  # its vectors of two calls do not compare


def extractor_for(modality: str) -> tuple[str, bool]:
    """The name of what makes features of a modality here, and whether it needs to see all assets at once."""
    if modality == "image":
        return "image-hog", False
    from karat.models.features.text import text_extractor

    name = text_extractor().name
    return name, name == PLAIN_TEXT


def extract(modality: str, contents: list[Any]) -> tuple[bytes, int]:
    """Feature rows of encoded images or of texts as float32 bytes, and their width."""
    if modality == "image":
        from karat.models.features.image import image_features

        matrix = image_features(contents)
    else:
        from karat.models.features.text import text_extractor

        matrix = text_extractor().features(contents)
    return matrix.tobytes(), matrix.shape[1]


def neighbours_of(matrix: bytes, shape: Shape) -> bytes:
    """The graph of who is near whom, as int32 rows; kept beside the features, it takes longer than a fit."""
    return nearest_neighbours(np.frombuffer(matrix, dtype=np.float32).reshape(shape)).tobytes()


def fit(
    matrix: bytes,
    shape: Shape,
    neighbours: bytes,
    labelled: list[int],
    labels: list[int],
    confidences: list[float],
    n_classes: int,
    seed: int,
) -> "tuple[array[float], dict[str, float]]":
    """Fit on the labelled rows and predict all; labelled rows out of fold.

    Args:
        labels: (len(labelled),) class index.
        confidences: of each label; what is missing to 1 is spread over the other classes.

    Returns:
        n_assets * n_classes probabilities, row after row, and the out-of-fold metrics.
    """
    rest = (1 - np.asarray(confidences)) / max(n_classes - 1, 1)
    targets = np.repeat(rest[:, None], n_classes, axis=1)
    targets[np.arange(len(labels)), labels] = confidences
    links = np.frombuffer(neighbours, dtype=np.int32).reshape(shape[0], -1)
    result = fit_predict(
        np.frombuffer(matrix, dtype=np.float32).reshape(shape),
        np.asarray(labelled, dtype=np.int64),
        targets,
        n_classes,
        seed=seed,
        neighbours=links,
    )
    metrics = {"accuracy": result.accuracy, "log_loss": result.log_loss, "calibration_error": result.calibration_error}
    return array("f", result.probabilities.astype(np.float32).tobytes()), metrics


def calibrate(
    said: "array[float]", n_classes: int, labelled: list[int], labels: list[int], confidences: list[float], seed: int
) -> "tuple[array[float], dict[str, Any]]":
    """Make probabilities as sure as people's answers show them to be: one power for all, fitted on what was answered.

    The power is held near 1 by as much as a few answers weigh. Answered rows get theirs from a fit without them.

    Args:
        said: n * n_classes probabilities of the model, row after row.
        labelled: rows that people have answered, with their class and its confidence.

    Returns:
        The probabilities that count, and how good they are on the answered rows, out of fold.

    Source: C. Guo et al., On calibration of modern neural networks, ICML 2017 (temperature scaling).
    """
    from karat.models.classifier import FLOOR, judged, temper

    given = np.asarray(said, dtype=np.float64).reshape(-1, n_classes)
    rest = (1 - np.asarray(confidences)) / max(n_classes - 1, 1)
    targets = np.repeat(rest[:, None], n_classes, axis=1)
    targets[np.arange(len(labels)), labels] = confidences
    index = np.asarray(labelled, dtype=np.int64)
    logs = np.log((1 - FLOOR) * given + FLOOR / n_classes)
    probabilities = temper(logs, index, targets, np.random.default_rng(seed))
    metrics: dict[str, Any] = {}
    if len(index):
        result = judged(probabilities, index, targets)
        metrics = {"accuracy": result.accuracy, "log_loss": result.log_loss, "n_compared": len(index)}
        metrics["calibration_error"] = result.calibration_error
    return array("f", probabilities.astype(np.float32).tobytes()), metrics
