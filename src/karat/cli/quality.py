"""`quality`: what the loop would cost, before anybody has been asked."""

import os
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated

import typer

from karat.cli.shell import AsJson, show_json, show_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from karat.measure.arrays import FloatArray, IntArray
    from karat.models.features.image import Image
    from karat.quality.simulation import SimulationReport

app = typer.Typer(no_args_is_help=True, help="The quality engine as a library, without a server.")
SAMPLE = Path(__file__).parents[3] / "samples" / "mnist_t10k" / "mnist_t10k.npz"


@app.callback()
def _group() -> None:
    """Keeps `simulate` a command of its own while it is the only one."""


@app.command("simulate")
def simulate(
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="How many runs, each with its own seed.")] = 1,
    data: Annotated[
        Path | None, typer.Option(help="NumPy archive of `images` and true `labels`; else the digits of the demo.")
    ] = None,
    target: Annotated[float, typer.Option(min=0.0001, max=0.5, help="Share of labels that may be wrong.")] = 0.01,
    confidence: Annotated[float, typer.Option(min=0.5, max=0.999, help="Of that statement.")] = 0.95,
    as_json: AsJson = False,
) -> None:
    """Run the whole loop in memory with simulated people, on images whose labels are known.

    Exit status 1 when a run ended without a certificate.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # a second thread costs more than it brings at this size
    images, truth = _load(data)
    runs = []
    for seed, (report, seconds) in enumerate(_runs(images, truth, data is None, target, confidence, seeds)):
        runs.append((seed, report, seconds))
        if not as_json:
            typer.echo(f"seed {seed}: {report.n_answers:,} human answers in {seconds:.1f} s", err=True)
    if as_json:
        show_json(
            [{"seed": seed, "seconds": round(seconds, 2), **report.model_dump()} for seed, report, seconds in runs]
        )
    else:
        _tell(runs, len(truth))
    raise typer.Exit(0 if all(report.is_certified for _, report, _ in runs) else 1)


def _tell(runs: "list[tuple[int, SimulationReport, float]]", n_assets: int) -> None:
    rows = [
        (
            seed,
            "yes" if one.is_certified else "NO",
            f"{one.n_answers:,}",
            f"{one.n_routed:,} / {one.n_reviewed:,} / {one.n_checked:,}",
            one.n_attempts,
            f"{one.error_upper_bound:.2%}",
            f"{one.true_error:.2%}",
            f"{one.saved:.1%}",
        )
        for seed, one, _ in runs
    ]
    columns = (
        "seed",
        "certified",
        "answers",
        "asked / reviewed / checked",
        "attempts",
        "bound",
        "truly wrong",
        "saved",
    )
    show_table(columns, rows, "No runs.")
    certified = sum(one.is_certified for _, one, _ in runs)
    middle = median(one.n_answers for _, one, _ in runs)
    typer.echo(
        f"{certified} of {len(runs)} certified; median {middle:,.0f} human answers for {n_assets:,} assets. The"
        " people and the expert who checks are simulated; “saved” is against three answers for each asset."
    )


def _load(data: Path | None) -> "tuple[list[Image], IntArray]":
    import numpy as np

    from karat.cli.errors import FileUnreadable, NoSourceCheckout, SampleUnusable

    if data is None and not SAMPLE.is_file():
        raise NoSourceCheckout(missing=SAMPLE, hint="name images of your own with --data")
    path = data or SAMPLE
    try:
        with np.load(path, allow_pickle=False) as archive:
            images, labels = archive["images"], archive["labels"]
    except OSError as error:
        raise FileUnreadable(file=path, reason=error.strerror or error) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SampleUnusable(file=path) from error
    if images.dtype != np.uint8 or images.ndim not in (3, 4) or labels.shape != (len(images),) or not len(images):
        raise SampleUnusable(file=path, images=str(images.shape), labels=str(labels.shape))
    _, truth = np.unique(labels, return_inverse=True)
    return list(images), truth.astype(np.int64)


def _runs(
    images: "list[Image]", truth: "IntArray", is_digits: bool, target: float, confidence: float, seeds: int
) -> "Iterator[tuple[SimulationReport, float]]":
    """A report per seed, and the seconds that it took; features are computed once for all."""
    from karat.models.classifier import fit_predict
    from karat.models.features.image import image_features
    from karat.models.features.neighbours import nearest_neighbours
    from karat.quality.cycle import CycleSettings
    from karat.quality.simulated_people import DIGIT_PAIRS, make_people
    from karat.quality.simulation import simulate

    n_classes = int(truth.max()) + 1
    features = image_features(images)
    neighbours = nearest_neighbours(features)
    people = make_people(n_classes=n_classes, alike=DIGIT_PAIRS if is_digits else ())
    settings = CycleSettings.for_project(len(truth), target_error=target, confidence=confidence)

    def predict(asset: "IntArray", labels: "FloatArray", seed: int) -> "FloatArray":
        return fit_predict(features, asset, labels, n_classes, seed=seed, neighbours=neighbours).probabilities

    for seed in range(seeds):
        began = time.perf_counter()
        yield simulate(predict, truth, people, settings, seed=seed), time.perf_counter() - began
