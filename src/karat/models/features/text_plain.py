"""Texts as vectors without any weights: which words they share, brought down to the leading directions.

Source: S. Deerwester et al., Indexing by latent semantic analysis, JASIS 41(6), 1990.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

N_DIRECTIONS = 256
MOST_TERMS = 50_000
SEED = 0  # of the random projection inside the decomposition; fixed, so that the same texts give the same vectors


def plain_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """(n_texts, 256) unit vectors, or zeros where a text shares no term; columns that the texts cannot fill are zero."""
    found = np.zeros((len(texts), N_DIRECTIONS), dtype=np.float32)
    # Single signs count as terms of their own, or emoji would be nothing.
    terms = TfidfVectorizer(
        token_pattern=r"\w+|[^\w\s]", ngram_range=(1, 2), sublinear_tf=True, max_features=MOST_TERMS, dtype=np.float32
    )
    try:
        table = terms.fit_transform(texts)
    except ValueError:  # not one term in all the texts
        return found
    n_directions = min(N_DIRECTIONS, table.shape[0] - 1, table.shape[1] - 1)
    if n_directions < 1:
        found[:, 0] = np.asarray((table.multiply(table)).sum(axis=1)).ravel() > 0
        return found
    vectors = TruncatedSVD(n_directions, random_state=SEED).fit_transform(table)
    norm = np.linalg.norm(vectors, axis=1, keepdims=True)
    found[:, :n_directions] = np.divide(vectors, norm, out=np.zeros_like(vectors), where=norm > 1e-9)
    return found
