"""The in-process model: from a few labelled assets to calibrated beliefs about all of them, in well under a second.

Two views of the same features vote. A kernel machine (regularised least squares on a Gaussian kernel) draws borders
where labels are; it leaves each labelled asset out in closed form. Label spreading over the graph of nearest
neighbours lets a label reach all that look alike, which is what carries the first few dozen labels; it leaves out by
folds. Two weights, fitted on these left-out scores, join and calibrate them.

Source: G. Cawley & N. Talbot, Fast exact leave-one-out cross-validation of sparse least-squares support vector
machines, Neural Networks 17(10), 2004; D. Zhou et al., Learning with local and global consistency, NIPS 2003.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.sparse import csr_array, diags_array

from karat.errors import Invalid
from karat.models.features.neighbours import nearest_neighbours

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int64]

RIDGE = 0.1  # of the kernel machine, beside a kernel of height 1: answers of people are noisy
STAY = 0.995  # of the weight at an asset moves on to its neighbours in a round of spreading
SPREAD_ROUNDS = 50
N_FOLDS = 5
FLOOR = 0.005  # share of belief that is kept even over all classes, so that none is ever impossible
USUAL_WEIGHTS = (4.0, 1.2)  # of the two views where few labels are left to fit them on
MOST_CORES = 3_000  # labelled assets that the kernel machine stands on; its work grows with their cube
MOST_IN_GRAPH = 30_000  # assets; beyond, the kernel machine works alone
_ROWS = 8_192


class FitImpossible(Invalid):
    """The model cannot be fitted to this."""

    code = "models.fit_impossible"


@dataclass(frozen=True, slots=True)
class FitResult:
    """Beliefs of the model about every asset, and how good they are on answers that it had not seen.

    Attributes:
        probabilities: (n, n_classes), rows sum to one, never zero. Labelled rows come from a fit without them.
        n_labelled: assets that the model learned from.
        log_loss: natural, mean over the labelled assets, out of fold, against their (soft) labels.
        accuracy: share of them whose most likely class is that of their label, out of fold.
        calibration_error: mean distance of confidence and accuracy over ten even bands of confidence, out of fold.
            All three are 0.0 when nothing is labelled. They are pessimistic for assets that were chosen for being hard.
    """

    probabilities: FloatArray
    n_labelled: int
    log_loss: float
    accuracy: float
    calibration_error: float


def fit_predict(
    features: Float32Array,
    labelled_index: IntArray,
    labels: IntArray | FloatArray,
    n_classes: int,
    *,
    seed: int,
    neighbours: NDArray[np.int32] | None = None,
) -> FitResult:
    """Learn from some assets and tell the beliefs about all.

    Args:
        features: (n, d) dense; any scale, one scale for all columns.
        labelled_index: (m,) which assets are labelled, each once.
        labels: (m,) classes, or (m, n_classes) beliefs about them.
        seed: of the folds.
        neighbours: from `nearest_neighbours(features)`, where it was kept; it takes longer than the fit.

    Raises:
        FitImpossible: shapes that do not fit, an asset labelled twice, features that are not finite.
    """
    targets = _targets(features, labelled_index, labels, n_classes)
    m = len(labelled_index)
    if m == 0:
        return FitResult(np.full((len(features), n_classes), 1.0 / n_classes), 0, 0.0, 0.0, 0.0)
    rng = np.random.default_rng(seed)
    views = [_kernel_scores(features, labelled_index, targets, rng)]
    if 2 < len(features) <= MOST_IN_GRAPH:
        links = nearest_neighbours(features) if neighbours is None else neighbours
        views.append(_spread_scores(links, labelled_index, targets, rng))
    weights = _fitted_weights([view[labelled_index] for view in views], targets)
    mixed = sum(weight * view for weight, view in zip(weights, views, strict=True))
    probabilities = (1 - FLOOR) * _softmax(np.asarray(mixed, dtype=np.float64)) + FLOOR / n_classes
    return judged(probabilities, labelled_index, targets)


def _kernel_scores(
    features: Float32Array, index: IntArray, targets: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Scores about 0 … 1 of a Gaussian kernel machine; labelled rows left out one by one."""
    chosen = np.arange(len(index))
    if len(index) > MOST_CORES:  # the others are left out of the fit as they are
        chosen = np.sort(rng.permutation(len(index))[:MOST_CORES])
    cores, known = index[chosen], targets[chosen]
    points = np.asarray(features, dtype=np.float32)
    points = points - points.mean(axis=0)
    width = float(points.var(axis=0, dtype=np.float64).sum()) or 1.0
    mean = 1.0 / known.shape[1]  # a constant: the mean of the labels would let a left-out label shine through
    factor = cho_factor(_kernel(points[cores], points[cores], width) + RIDGE * np.eye(len(cores)))
    inverse_diagonal = cho_solve(factor, np.eye(len(cores))).diagonal()
    duals = cho_solve(factor, known - mean)
    scores = np.empty((len(points), known.shape[1]))
    for start in range(0, len(points), _ROWS):
        rows = slice(start, start + _ROWS)
        scores[rows] = _kernel(points[rows], points[cores], width) @ duals + mean
    scores[cores] = known - duals / inverse_diagonal[:, None]
    return scores


def _kernel(a: Float32Array, b: Float32Array, width: float) -> FloatArray:
    squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2 * (a @ b.T)
    kernel: FloatArray = np.exp(-np.maximum(squared, 0) / width).astype(np.float64)
    return kernel


def _spread_scores(
    neighbours: NDArray[np.int32], index: IntArray, targets: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Log share of each class in what reaches an asset over the graph; labelled rows left out fold by fold."""
    n, n_classes, m = len(neighbours), targets.shape[1], len(index)
    n_folds = min(N_FOLDS, m)
    fold = rng.permutation(m) % n_folds
    start = np.zeros((n, n_folds + 1, n_classes), dtype=np.float32)
    for left_out in range(n_folds + 1):  # the last leaves nothing out
        kept = fold != left_out
        # Classes start with equal mass: how often a class was asked for says how hard it is, not how frequent.
        start[index[kept], left_out] = targets[kept] / np.maximum(targets[kept].sum(axis=0), 0.3)
    reached = _spread(_graph(neighbours), start.reshape(n, -1)).reshape(n, n_folds + 1, n_classes)
    mass = reached[:, n_folds]
    mass[index] = reached[index, fold]
    share = mass / np.maximum(mass.sum(axis=1, keepdims=True), 1e-9)
    scores: FloatArray = np.log(share + 0.01).astype(np.float64)
    return scores


def _graph(neighbours: NDArray[np.int32]) -> "csr_array[np.float32, tuple[int, int]]":
    """The symmetric graph of who is near whom, scaled so that spreading never grows."""
    n, k = neighbours.shape
    rows = np.repeat(np.arange(n), k)
    links = csr_array((np.full(n * k, 0.5, dtype=np.float32), (rows, neighbours.ravel())), shape=(n, n))
    links = links + links.T
    scale = diags_array(1 / np.sqrt(np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1e-9)))
    return csr_array(scale @ links @ scale, dtype=np.float32)


def _spread(graph: "csr_array[np.float32, tuple[int, int]]", start: Float32Array) -> Float32Array:
    reached = start
    for _ in range(SPREAD_ROUNDS):
        reached = np.float32(STAY) * (graph @ reached) + np.float32(1 - STAY) * start
    return reached


def _fitted_weights(views: list[FloatArray], targets: FloatArray) -> FloatArray:
    """Weights of the views with the best log loss, held near the usual ones by as much as a few labels weigh."""
    usual = np.array(USUAL_WEIGHTS[: len(views)])

    def loss(weights: FloatArray) -> float:
        mixed = sum(weight * view for weight, view in zip(weights, views, strict=True))
        likely = _softmax(np.asarray(mixed)) * (1 - FLOOR) + FLOOR / targets.shape[1]
        return float(-(targets * np.log(likely)).sum() + ((weights / usual - 1) ** 2).sum())

    found = minimize(loss, usual, method="Nelder-Mead", options={"maxiter": 80, "xatol": 1e-3, "fatol": 1e-3})
    return np.maximum(np.asarray(found.x, dtype=np.float64), 0.0)


def temper(logs: FloatArray, index: IntArray, targets: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Raise the probabilities of any model to the power that suits people's answers best, and keep them off zero.

    Args:
        logs: (n, n_classes) logarithms of the probabilities.
        index: (m,) answered rows; they get the power that fits the rows of the other folds.
        targets: (m, n_classes) beliefs about them.
    """
    n_classes, m = logs.shape[1], len(index)

    def power(kept: NDArray[np.bool_]) -> float:
        def loss(exponent: FloatArray) -> float:
            likely = _softmax(logs[index[kept]] * np.exp(exponent[0])) * (1 - FLOOR) + FLOOR / n_classes
            return float(-(targets[kept] * np.log(likely)).sum() + exponent[0] ** 2)

        return float(np.exp(minimize(loss, np.zeros(1), method="Nelder-Mead", options={"maxiter": 60}).x[0]))

    exponents = np.full(len(logs), power(np.ones(m, dtype=np.bool_)))
    fold = rng.permutation(m) % max(min(N_FOLDS, m), 1)
    for left_out in np.unique(fold):
        exponents[index[fold == left_out]] = power(fold != left_out)
    tempered: FloatArray = (1 - FLOOR) * _softmax(logs * exponents[:, None]) + FLOOR / n_classes
    return tempered


def judged(probabilities: FloatArray, index: IntArray, targets: FloatArray) -> FitResult:
    """How good probabilities are on the answered rows."""
    seen = probabilities[index]
    confidence, is_right = seen.max(axis=1), seen.argmax(axis=1) == targets.argmax(axis=1)
    band = np.minimum((confidence * 10).astype(int), 9)
    gap = np.bincount(band, weights=confidence - is_right, minlength=10)
    return FitResult(
        probabilities=probabilities,
        n_labelled=len(index),
        log_loss=float(-(targets * np.log(seen)).sum(axis=1).mean()),
        accuracy=float(is_right.mean()),
        calibration_error=float(np.abs(gap).sum() / len(index)),
    )


def _targets(features: Float32Array, index: IntArray, labels: IntArray | FloatArray, n_classes: int) -> FloatArray:
    """(m, n_classes) beliefs, whichever way the labels were given."""
    if features.ndim != 2 or not np.isfinite(features).all() or len(np.unique(index)) != len(index):
        raise FitImpossible("Features must be a finite table, and an asset is labelled once.")
    if len(labels) != len(index) or (len(index) and not 0 <= index.min() <= index.max() < len(features)):
        raise FitImpossible("Labels and labelled assets do not match.")
    if labels.ndim == 2 and labels.shape[1] == n_classes:
        return np.asarray(labels, dtype=np.float64)
    if labels.ndim != 1 or (len(labels) and not 0 <= labels.min() <= labels.max() < n_classes):
        raise FitImpossible("A label is none of the classes.", n_classes=n_classes)
    return np.eye(n_classes)[np.asarray(labels, dtype=np.int64)]


def _softmax(scores: FloatArray) -> FloatArray:
    weight = np.exp(scores - scores.max(axis=1, keepdims=True))
    normal: FloatArray = weight / weight.sum(axis=1, keepdims=True)
    return normal
