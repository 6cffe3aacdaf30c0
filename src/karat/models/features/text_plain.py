"""Texts as vectors without any weights: which runs of letters they share, brought down to the leading directions.

Letters rather than words: a word and its inflections stay near, and scripts without spaces and emoji need no rules.

Source: S. Deerwester et al., Indexing by latent semantic analysis, JASIS 41(6), 1990.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.extmath import randomized_svd

N_DIRECTIONS = 128
LETTERS = (3, 5)  # shortest and longest run inside a word, whose two borders count as letters
MOST_RUNS = 50_000
SEED = 0  # of the random projection inside the decomposition; fixed, so that the same texts give the same vectors
LEAST_SHARE = 1e-3  # of a text's length that the directions must keep; below, its angle would be noise


def plain_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """(n_texts, 128) unit vectors; zeros where a text shares nothing, and in columns that so few texts cannot fill."""
    found = np.zeros((len(texts), N_DIRECTIONS), dtype=np.float32)
    if not any(text.strip() for text in texts):
        return found
    runs = TfidfVectorizer(
        analyzer="char_wb", ngram_range=LETTERS, sublinear_tf=True, max_features=MOST_RUNS, dtype=np.float32
    )
    table = runs.fit_transform(texts)
    left, strength, _ = randomized_svd(table, min(N_DIRECTIONS, *table.shape), random_state=SEED)
    vectors = left * strength
    norm = np.linalg.norm(vectors, axis=1, keepdims=True)
    found[:, : len(strength)] = np.where(norm > LEAST_SHARE, vectors / np.maximum(norm, LEAST_SHARE), 0)
    return found
