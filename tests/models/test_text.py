import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from karat.models.features import text as subject
from karat.models.features.text import (
    MOST_CHARACTERS,
    WINDOW,
    TextWeightsMissing,
    text_extractor,
    text_features,
    text_features_plain,
)

needs_weights = pytest.mark.skipif(
    find_spec(subject.PACKAGE) is None, reason="the weights of locks/nodeps.lock are not installed"
)

# The first eight of 384 numbers that PyTorch 2.13.0 and transformers 5.23.0 give for the same weights.
REFERENCE = {
    "A man is eating food.": [0.0332415, 0.0044061, -0.006277, 0.0483787, -0.1387022, -0.0336174, 0.1011283, -0.054385],
    "🙂": [-0.0415964, -0.0246818, 0.0778931, -0.0061495, 0.0170015, 0.001262, 0.1237396, -0.0019715],
    "": [-0.1188384, 0.0482987, -0.0025481, -0.0110112, 0.0519508, 0.0102917, 0.1154333, 0.0007008],
}
ODD = ["", "  \n\t", "🙂", "🤷🏽‍♀️ 👩‍👩‍👧", "他在吃饭", "\x00\ud800 half a sign", "a", "ل" * 300, "x" * 5_000]


@needs_weights
def test_vectors_are_those_that_pytorch_gives() -> None:
    found = text_features(REFERENCE)
    np.testing.assert_allclose(found[:, :8], list(REFERENCE.values()), atol=2e-6)


@needs_weights
def test_the_same_meaning_is_nearer_than_the_same_words() -> None:
    sold, acquired, weather = text_features(
        ["The bank sold its shares.", "The lender disposed of its stock.", "The river bank shares its view."]
    )
    assert sold @ acquired > sold @ weather + 0.1


@needs_weights
def test_a_vector_does_not_depend_on_the_texts_beside_it() -> None:
    texts = [*ODD, *(f"Text number {n} about " + "many things " * n for n in range(0, 60, 5))]
    together = text_features(texts)
    alone = np.concatenate([text_features([text]) for text in reversed(texts)])[::-1]
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert np.array_equal(together, text_features(iter(texts)))


@needs_weights
@pytest.mark.parametrize("length", [WINDOW - 1, WINDOW, WINDOW + 1])
def test_a_second_window_begins_when_the_first_is_full(length: int) -> None:
    found, first = text_features(["dog " * length, "dog " * min(length, WINDOW)])
    assert (found == first).all() == (length <= WINDOW)


@needs_weights
def test_what_comes_late_in_a_long_text_counts() -> None:
    news, sport = "The parliament passed the law. " * 60, "The striker scored a goal. " * 60
    both, law, goal = text_features([news + sport, news, sport])
    assert both @ law > law @ goal + 0.2
    assert both @ goal > law @ goal + 0.2


@needs_weights
def test_a_text_of_a_megabyte_is_read_to_the_limit_and_no_further() -> None:
    start = "word".ljust(MOST_CHARACTERS - 5) + "tail "
    one, other, shorter = text_features([start + "🙂" * 1_000_000, start + "nothing of the kind", start[:-5]])
    assert np.array_equal(one, other)
    assert not np.allclose(one, shorter, atol=0.01)


@needs_weights
def test_windows_beyond_the_most_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "MOST_WINDOWS", 2)
    full, longer, shorter = text_features(
        ["dog " * (2 * WINDOW), "dog " * (2 * WINDOW) + "cat", "dog " * WINDOW + "cat"]
    )
    assert np.array_equal(full, longer)
    assert not np.array_equal(full, shorter)


@needs_weights
def test_odd_texts_have_unit_vectors_and_blank_ones_all_the_same() -> None:
    found = text_features(ODD)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert np.array_equal(found[0], found[1])
    assert text_features([]).shape == (0, 384)


def test_missing_weights_are_named_with_the_way_to_install_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "find_spec", lambda _name: None)
    subject._model.cache_clear()
    with pytest.raises(TextWeightsMissing, match=r"locks/nodeps\.lock"):
        text_features(["anything"])
    assert text_extractor().name == "letters-tfidf-svd"
    assert text_extractor().features(["one", "two"]).shape == (2, 128)


def test_weights_that_have_changed_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "changed_weights"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('the package itself must not run')")
    (package / "model" / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(subject, "PACKAGE", package.name)
    subject._model.cache_clear()
    with pytest.raises(TextWeightsMissing) as refused:
        text_features(["anything"])
    assert refused.value.data == {"file": "model.safetensors"}


@needs_weights
def test_the_embedding_is_chosen_where_its_weights_are() -> None:
    extractor = text_extractor()
    assert extractor.name == "all-minilm-l6-v2"
    assert extractor.features(["one"]).shape == (1, 384)


def test_plain_vectors_put_texts_with_shared_words_together() -> None:
    texts = ["red apples and pears", "apples, pears and plums", "the engine of the car", "a car without an engine"]
    near = text_features_plain(texts) @ text_features_plain(texts).T
    assert near[0, 1] > near[0, 2:].max() + 0.2
    assert near[2, 3] > near[2, :2].max() + 0.2


@pytest.mark.parametrize("texts", [ODD, ["a"], ["", " "], ["same", "same"], ["one", "two"], []])
def test_plain_vectors_are_unit_or_zero_and_always_128_wide(texts: list[str]) -> None:
    found = text_features_plain(texts)
    assert found.shape == (len(texts), 128)
    assert found.dtype == np.float32
    norm = np.linalg.norm(found, axis=1)
    assert (np.isclose(norm, 1, atol=1e-5) | (norm == 0)).all()
    assert [bool(value) for value in norm] == [bool(text.strip()) for text in texts]


def test_different_texts_have_different_plain_vectors() -> None:
    one, two = text_features_plain(["one", "two"])
    assert abs(one @ two) < 1e-5


def test_plain_vectors_are_the_same_every_time() -> None:
    texts = [f"text {n} of {n % 7} kinds in {n % 11} places" for n in range(300)]
    assert np.array_equal(text_features_plain(texts), text_features_plain(texts))


def test_a_megabyte_of_text_has_a_plain_vector() -> None:
    found = text_features_plain(["🙂 long " * 200_000, "short"])
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_importing_the_module_loads_no_heavy_library() -> None:
    code = (
        "import sys; import karat.models.features.text; "
        "print([name for name in ('sklearn', 'scipy', 'tokenizers', 'safetensors', 'torch') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
