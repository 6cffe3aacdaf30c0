"""A sentence as a vector: the forward pass of a small BERT in numpy, so that no deep-learning framework is installed.

Texts of a batch lie end to end without padding. What works token by token is one product over all of them; attention
runs over texts of equal length together, which sorting has put side by side. So no mask exists that could be wrong.

Source: J. Devlin et al., BERT, NAACL 2019; W. Wang et al., MiniLM, NeurIPS 2020; N. Reimers & I. Gurevych,
Sentence-BERT, EMNLP 2019 (mean over tokens, unit length).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

Array = NDArray[np.float32]
Tokens = NDArray[np.int32]

N_HEADS = 12
PARTS = ("query", "key", "value")
EPSILON = 1e-12  # of the layer norm, as the model was trained
BATCH_TOKENS = 1_024  # at a time, so that what lies between two products stays near the cache
_GELU_ROWS = 64
# erf(z) = 1 - (1 + a1 z + … + a6 z^6)^-16, wrong by at most 3e-7; Abramowitz & Stegun, 7.1.28.
_ERF = (0.0705230784, 0.0422820123, 0.0092705272, 0.0001520143, 0.0002765672, 0.0000430638)


@dataclass(frozen=True, slots=True)
class Linear:
    """x ↦ x @ weight + bias."""

    weight: Array  # (inputs, outputs)
    bias: Array  # (outputs,)

    def __call__(self, x: Array) -> Array:
        """(rows, inputs) to (rows, outputs)."""
        y: Array = x @ self.weight
        y += self.bias
        return y


@dataclass(frozen=True, slots=True)
class LayerNorm:
    """Rows to mean 0 and variance 1, then scaled and shifted."""

    scale: Array
    shift: Array

    def __call__(self, x: Array) -> Array:
        """A new array; `x` is left as it is."""
        y: Array = x - x.mean(axis=1, keepdims=True)
        y /= np.sqrt(np.einsum("ij,ij->i", y, y) / np.float32(y.shape[1]) + np.float32(EPSILON))[:, None]
        y *= self.scale
        y += self.shift
        return y


@dataclass(frozen=True, slots=True)
class Layer:
    """One block of the transformer."""

    query_key_value: Linear  # side by side; the query already divided by the root of a head's width
    mix: Linear
    mix_norm: LayerNorm
    widen: Linear
    narrow: Linear
    norm: LayerNorm


@dataclass(frozen=True, slots=True)
class Encoder:
    """The weights, read once and never changed."""

    words: Array  # (vocabulary, width)
    places: Array  # (longest text, width), with the embedding of "first sentence" already added
    norm: LayerNorm
    layers: tuple[Layer, ...]


def load_encoder(file: Path) -> Encoder:
    """Read weights that are named as in Hugging Face's BertModel."""
    tensors = load_file(file)

    def linear(name: str) -> Linear:
        return Linear(np.ascontiguousarray(tensors[f"{name}.weight"].T), tensors[f"{name}.bias"])

    def norm(name: str) -> LayerNorm:
        return LayerNorm(tensors[f"{name}.weight"], tensors[f"{name}.bias"])

    def layer(name: str) -> Layer:
        return Layer(
            query_key_value=_side_by_side(*(linear(f"{name}.attention.self.{part}") for part in PARTS)),
            mix=linear(f"{name}.attention.output.dense"),
            mix_norm=norm(f"{name}.attention.output.LayerNorm"),
            widen=linear(f"{name}.intermediate.dense"),
            narrow=linear(f"{name}.output.dense"),
            norm=norm(f"{name}.output.LayerNorm"),
        )

    n_layers = len({name.split(".")[2] for name in tensors if name.startswith("encoder.layer.")})
    return Encoder(
        words=tensors["embeddings.word_embeddings.weight"],
        places=tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0],
        norm=norm("embeddings.LayerNorm"),
        layers=tuple(layer(f"encoder.layer.{index}") for index in range(n_layers)),
    )


def encode(encoder: Encoder, texts: Sequence[Tokens]) -> Array:
    """Unit vectors of texts: the mean of what the last layer says of each token.

    Args:
        texts: token ids of each, the marks of beginning and end included: at least one token, at most `len(places)`.

    Returns:
        (n_texts, width), in the order given. A text's vector depends on the others of its batch by rounding only.
    """
    found = np.empty((len(texts), encoder.words.shape[1]), dtype=np.float32)
    for batch in _batches([len(text) for text in texts]):
        found[batch] = _encode_batch(encoder, [texts[index] for index in batch])
    return found


def _batches(lengths: list[int]) -> list[list[int]]:
    """Texts of like length together, about BATCH_TOKENS tokens each."""
    batches: list[list[int]] = []
    room = 0
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if lengths[index] > room:
            batches.append([])
            room = max(BATCH_TOKENS, lengths[index])
        batches[-1].append(index)
        room -= lengths[index]
    return batches


def _encode_batch(encoder: Encoder, texts: Sequence[Tokens]) -> Array:
    lengths = [len(text) for text in texts]
    x = encoder.words[np.concatenate(texts)] + encoder.places[np.concatenate([np.arange(n) for n in lengths])]
    x = encoder.norm(x)
    for layer in encoder.layers:
        x = layer.mix_norm(x + layer.mix(_attend(layer.query_key_value(x), lengths)))
        x = layer.norm(x + layer.narrow(gelu(layer.widen(x))))
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    sums = np.add.reduceat(x, starts, axis=0)  # of the same direction as the means
    unit: Array = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return unit


def _attend(query_key_value: Array, lengths: list[int]) -> Array:
    """Each token's weighted mean of the values of its own text; (tokens, 3 x width) to (tokens, width)."""
    width = query_key_value.shape[1] // 3
    seen = np.empty((len(query_key_value), width), dtype=np.float32)
    start = 0
    for length, run in groupby(lengths):
        shape = (sum(1 for _ in run), length, N_HEADS, width // N_HEADS)
        rows = slice(start, start + shape[0] * length)
        start = rows.stop
        query, key, value = (
            query_key_value[rows, part * width : (part + 1) * width].reshape(shape).transpose(0, 2, 1, 3)
            for part in range(3)
        )
        weight = query @ key.swapaxes(2, 3)  # (texts, heads, length, length)
        weight -= weight.max(axis=3, keepdims=True)
        np.exp(weight, out=weight)
        weight /= weight.sum(axis=3, keepdims=True)
        seen[rows].reshape(shape)[...] = (weight @ value).transpose(0, 2, 1, 3)
    return seen


def gelu(x: Array) -> Array:
    """x times the share of the normal law below x; in place, wrong by less than 1e-6, faster than scipy's erf."""
    for start in range(0, len(x), _GELU_ROWS):
        rows = x[start : start + _GELU_ROWS]
        size = np.abs(rows)
        z = size * np.float32(0.5**0.5)
        tail = np.full_like(z, _ERF[-1])
        for factor in reversed((1.0, *_ERF[:-1])):
            tail *= z
            tail += np.float32(factor)
        np.reciprocal(tail, out=tail)  # before the powers: it may vanish, and must not overflow
        for _ in range(4):
            np.square(tail, out=tail)
        tail *= size
        tail *= np.float32(0.5)
        np.maximum(rows, 0, out=rows)
        rows -= tail
    return x


def _side_by_side(query: Linear, key: Linear, value: Linear) -> Linear:
    scale = np.float32((query.weight.shape[0] // N_HEADS) ** -0.5)
    return Linear(
        np.concatenate([query.weight * scale, key.weight, value.weight], axis=1),
        np.concatenate([query.bias * scale, key.bias, value.bias]),
    )
