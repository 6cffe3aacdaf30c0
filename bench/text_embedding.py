"""Are sentence embeddings worth their 92 MB? The in-process model on them against the plain features, on real texts.

Usage: python bench/text_embedding.py FOLDER [--seeds 10]
FOLDER holds ag_news_test/ag_news_test.csv and clinc150_intents/clinc150_intents.csv (neither is shipped with Karat).
Labels are drawn at random; accuracy is that on all texts that were not drawn.
"""

import argparse
import csv
import os
import platform
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from karat.models.classifier import fit_predict
from karat.models.features.neighbours import nearest_neighbours
from karat.models.features.text import TextExtractor, text_features, text_features_plain

N_LABELS = (50, 200, 500)
N_CLINC = 7_600  # of the 22,500 queries that have an intent, as many as the news
EXTRACTORS = (TextExtractor("all-minilm-l6-v2", text_features), TextExtractor("letters-tfidf-svd", text_features_plain))


def news(folder: Path) -> tuple[list[str], list[str]]:
    rows = _rows(folder / "ag_news_test" / "ag_news_test.csv")
    return [f"{row['title']}. {row['text']}" for row in rows], [row["label"] for row in rows]


def queries(folder: Path) -> tuple[list[str], list[str]]:
    """Their 10 domains; 150 intents want more labels than this bench gives."""
    rows = [row for row in _rows(folder / "clinc150_intents" / "clinc150_intents.csv") if row["domain"] != "oos"]
    chosen = np.random.default_rng(0).permutation(len(rows))[:N_CLINC]
    return [rows[index]["text"] for index in chosen], [rows[index]["domain"] for index in chosen]


def accuracies(features: NDArray[np.float32], truth: NDArray[np.int64], n_labels: int, n_seeds: int) -> list[float]:
    neighbours = nearest_neighbours(features)
    found = []
    for seed in range(n_seeds):
        order = np.random.default_rng(seed).permutation(len(truth))
        drawn, rest = order[:n_labels], order[n_labels:]
        fit = fit_predict(features, drawn, truth[drawn], int(truth.max()) + 1, seed=seed, neighbours=neighbours)
        found.append(float((fit.probabilities[rest].argmax(axis=1) == truth[rest]).mean()))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=10)
    arguments = parser.parse_args()
    threads, load = os.environ.get("OMP_NUM_THREADS", "unset"), os.getloadavg()[0]
    print(f"{platform.machine()}, {os.cpu_count()} cores, OMP_NUM_THREADS={threads}, load before {load:.1f}")
    print(f"numpy {np.__version__}, labels drawn with seeds 0 … {arguments.seeds - 1}")
    text_features(["warm"])
    for name, (texts, labels) in {"news": news(arguments.folder), "queries": queries(arguments.folder)}.items():
        classes, truth = np.unique(labels, return_inverse=True)
        for extractor in EXTRACTORS:
            wall, cpu = time.perf_counter(), time.process_time()
            features = extractor.features(texts)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            print(f"{name}: {len(texts)} texts, {len(classes)} classes, {extractor.name}")
            print(f"  {len(texts) / wall:.0f} texts/s, {len(texts) / cpu:.0f} texts per CPU second")
            for n_labels in N_LABELS:
                found = accuracies(features, truth.astype(np.int64), n_labels, arguments.seeds)
                print(f"  {n_labels} labels: accuracy {np.mean(found):.3f}, sd {np.std(found, ddof=1):.3f}", flush=True)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()
