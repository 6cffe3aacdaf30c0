"""Which assets look alike: the graph over which a model may spread what it learned."""

import numpy as np
from numpy.typing import NDArray

LONGEST = 96  # principal directions that distances are taken in; the rest is mostly noise, and time
_ROWS = 1_024  # at a time, so that memory grows with the assets and not with their square


def nearest_neighbours(features: NDArray[np.float32], n_neighbours: int = 12) -> NDArray[np.int32]:
    """The nearest other assets of each asset, by Euclidean distance in the leading principal directions.

    Work grows with the square of the assets; the result depends on the features alone, so keep it beside them.

    Returns:
        (n, min(n_neighbours, n - 1)), nearest first.
    """
    points = _leading(features)
    n = len(points)
    k = min(n_neighbours, max(n - 1, 0))
    found = np.empty((n, k), dtype=np.int32)
    if k == 0:
        return found
    half_norm = (points**2).sum(axis=1) / 2
    for start in range(0, n, _ROWS):
        rows = np.arange(start, min(start + _ROWS, n))
        # Half the squared distance less the row's own norm: the order along a row is the same.
        distance = half_norm[None, :] - points[rows] @ points.T
        distance[np.arange(len(rows)), rows] = np.inf
        nearest = np.argpartition(distance, k - 1, axis=1)[:, :k]
        order = np.argsort(np.take_along_axis(distance, nearest, axis=1), axis=1, kind="stable")
        found[rows] = np.take_along_axis(nearest, order, axis=1)
    return found


def _leading(features: NDArray[np.float32]) -> NDArray[np.float32]:
    centred = np.asarray(features, dtype=np.float32) - features.mean(axis=0, dtype=np.float64).astype(np.float32)
    if centred.shape[1] <= LONGEST:
        return np.asarray(centred, dtype=np.float32)
    _, directions = np.linalg.eigh(centred.T @ centred)  # ascending by variance
    return np.asarray(centred @ directions[:, -LONGEST:], dtype=np.float32)
