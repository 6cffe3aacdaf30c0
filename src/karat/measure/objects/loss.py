"""What is lost in an asset whose objects are not quite those of the reference."""

import numpy as np

from karat.measure.arrays import FloatArray


def object_loss(n_matched: int, n_delivered: int, n_reference: int) -> float:
    """One less F1 of the delivered objects against the reference's: 0 all right … 1 nothing right.

    Args:
        n_matched: objects that are both, in the right place with the right class.

    Returns:
        0.0 when both are empty: that nothing is there was right.

    Raises:
        ValueError: more matches than objects.
    """
    if not 0 <= n_matched <= min(n_delivered, n_reference):
        raise ValueError("matches must be between none and the smaller number of objects")
    total = n_delivered + n_reference
    return 1.0 - 2.0 * n_matched / total if total else 0.0


def expected_object_loss(existence: FloatArray, class_confidence: FloatArray, *, at_least: float = 0.5) -> float:
    """The loss to expect of an asset if its groups with an existence of `at_least` are delivered.

    One less twice the expected matches over the expected number of objects on both sides. An estimate: it is as right as
    the posteriors, takes places for right, and knows nothing of things that nobody marked.

    Args:
        existence, class_confidence: (n_groups,) belief that the thing is there, and in the class that is delivered.
    """
    delivered = existence >= at_least
    n_expected = float(delivered.sum() + existence.sum())
    n_matched = float((existence * class_confidence)[delivered].sum())
    return float(np.clip(1.0 - 2.0 * n_matched / n_expected, 0.0, 1.0)) if n_expected else 0.0
