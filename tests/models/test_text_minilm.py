"""The forward pass against the plain one, on a small model of random weights: needs no installed weights."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file
from scipy.special import erf

from karat.models.features.text_minilm import BATCH_TOKENS, N_HEADS, Tokens, encode, gelu, load_encoder

WIDTH, INNER, VOCABULARY, LONGEST, N_LAYERS = 24, 48, 50, 40, 2

Exact = NDArray[np.float64]
Weights = dict[str, NDArray[np.float32]]


def random_weights() -> Weights:
    rng = np.random.default_rng(3)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (VOCABULARY, WIDTH),
        "embeddings.position_embeddings.weight": (LONGEST, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm": (WIDTH,),
    }
    for layer in range(N_LAYERS):
        name = f"encoder.layer.{layer}"
        shapes |= {f"{name}.attention.self.{part}": (WIDTH, WIDTH) for part in ("query", "key", "value")}
        shapes |= {f"{name}.attention.output.dense": (WIDTH, WIDTH), f"{name}.attention.output.LayerNorm": (WIDTH,)}
        shapes |= {f"{name}.intermediate.dense": (INNER, WIDTH), f"{name}.output.dense": (WIDTH, INNER)}
        shapes |= {f"{name}.output.LayerNorm": (WIDTH,)}
    weights: Weights = {}
    for name, shape in shapes.items():
        if name.endswith(".weight"):
            weights[name] = rng.normal(size=shape).astype(np.float32)
        else:
            weights[f"{name}.weight"] = rng.normal(scale=0.7, size=shape).astype(np.float32)
            weights[f"{name}.bias"] = rng.normal(size=shape[:1]).astype(np.float32)
    return weights


def plain_vector(weights: Weights, tokens: Tokens) -> Exact:
    """One text, one head at a time, in double precision, as the papers write it."""

    def linear(name: str, x: Exact) -> Exact:
        y: Exact = x @ weights[f"{name}.weight"].T.astype(float) + weights[f"{name}.bias"]
        return y

    def norm(name: str, x: Exact) -> Exact:
        even = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + 1e-12)
        y: Exact = even * weights[f"{name}.weight"] + weights[f"{name}.bias"]
        return y

    words, places, sides = (
        weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
    )
    x = norm("embeddings.LayerNorm", (words[tokens] + places[: len(tokens)] + sides[0]).astype(float))
    for layer in range(N_LAYERS):
        name = f"encoder.layer.{layer}"
        query, key, value = (linear(f"{name}.attention.self.{part}", x) for part in ("query", "key", "value"))
        heads = []
        for part in np.split(np.arange(WIDTH), N_HEADS):
            weight = np.exp(query[:, part] @ key[:, part].T / np.sqrt(len(part)))
            heads.append(weight / weight.sum(axis=1, keepdims=True) @ value[:, part])
        mixed = linear(f"{name}.attention.output.dense", np.concatenate(heads, axis=1))
        x = norm(f"{name}.attention.output.LayerNorm", x + mixed)
        inner = linear(f"{name}.intermediate.dense", x)
        inner = inner * (1 + erf(inner / np.sqrt(2))) / 2
        x = norm(f"{name}.output.LayerNorm", x + linear(f"{name}.output.dense", inner))
    mean: Exact = x.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean))


def random_texts(n: int) -> list[Tokens]:
    rng = np.random.default_rng(4)
    return [rng.integers(0, VOCABULARY, rng.integers(1, LONGEST + 1)).astype(np.int32) for _ in range(n)]


def test_batches_of_mixed_lengths_give_what_the_plain_forward_pass_gives(tmp_path: Path) -> None:
    weights = random_weights()
    save_file(weights, tmp_path / "small.safetensors")
    texts = random_texts(120)
    assert sum(map(len, texts)) > 2 * BATCH_TOKENS
    expected = np.array([plain_vector(weights, text) for text in texts])
    found = encode(load_encoder(tmp_path / "small.safetensors"), texts)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=2e-5)


def test_no_texts_give_no_vectors(tmp_path: Path) -> None:
    save_file(random_weights(), tmp_path / "small.safetensors")
    assert encode(load_encoder(tmp_path / "small.safetensors"), []).shape == (0, WIDTH)


@pytest.mark.parametrize("shape", [(1, 1), (63, 5), (64, 5), (200, 301)])
def test_gelu_is_the_exact_one_to_a_millionth(shape: tuple[int, int]) -> None:
    x = np.linspace(-12, 12, shape[0] * shape[1], dtype=np.float32).reshape(shape)
    exact = x.astype(float) * (1 + erf(x.astype(float) / np.sqrt(2))) / 2
    np.testing.assert_allclose(gelu(x.copy()), exact, atol=1e-6)


def test_gelu_of_huge_numbers_is_finite() -> None:
    x = np.array([[-1e30, -1e4, 1e4, 1e30]], dtype=np.float32)
    with np.errstate(over="ignore"):
        assert gelu(x.copy()).tolist() == [[0.0, 0.0, x[0, 2], x[0, 3]]]
