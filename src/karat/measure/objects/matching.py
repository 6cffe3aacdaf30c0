"""Which of two answers' objects are the same thing."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from karat.measure.arrays import FloatArray, IntArray


def match_objects(overlap: FloatArray, *, at_least: float) -> IntArray:
    """Pairs of objects, each in one pair at most, with the largest sum of overlaps.

    Args:
        overlap: (n_a, n_b), each in 0 … 1; geometry alone, or 0 where the classes differ if class counts.
        at_least: pairs below are no pairs and do not compete; above 0.

    Returns:
        (n_matched, 2) row and column, ordered by row.

    Source: H. W. Kuhn, The Hungarian method for the assignment problem, Naval Research Logistics Quarterly 2, 1955.
    """
    counted = np.where(overlap >= at_least, overlap, 0.0)
    rows, columns = linear_sum_assignment(counted, maximize=True)
    is_pair = counted[rows, columns] > 0
    return np.stack([rows[is_pair], columns[is_pair]], axis=1).astype(np.int64)
