"""What a certified label costs, on real digits with simulated people, and how often the certificate is false.

    python bench/quality.py --seeds 20

Prints, for each seed, the human answers (routed, reviewed, checked), the certified bound, the true error after repair
and the seconds on one core; then plain alternatives under the same people; then 2,000 simulated deliveries just above
the target.
"""

import argparse
import os
import platform
import random
import time
from pathlib import Path
from statistics import mean, median

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from karat.measure import Answers, majority, plan_checks
from karat.models.classifier import fit_predict
from karat.models.features.image import image_features
from karat.models.features.neighbours import nearest_neighbours
from karat.quality.cycle import CycleSettings
from karat.quality.simulated_people import DEMO_ERROR_RATES, SimulatedPerson, make_people
from karat.quality.simulation import SimulationReport, simulate

SAMPLE = Path(__file__).parents[1] / "samples" / "mnist_t10k" / "mnist_t10k.npz"


def main() -> None:
    """Run all of it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seeds", type=int, default=20)
    options.add_argument("--deliveries", type=int, default=2_000)
    chosen = options.parse_args()
    sample = np.load(SAMPLE)
    truth = sample["labels"].astype(np.int64)
    people = make_people(DEMO_ERROR_RATES)
    print(f"data      {SAMPLE.name}: {len(truth)} digits, {len(np.unique(truth))} classes")
    print(f"machine   {processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, one thread")
    print(f"people    {len(people)} simulated, error rates {', '.join(f'{rate:.1%}' for rate in DEMO_ERROR_RATES)}")
    settings = CycleSettings.for_project(len(truth))
    print(f"settings  {settings}\n")
    run_loops(sample["images"], truth, people, settings, chosen.seeds)
    run_yardsticks(truth, people)
    run_deliveries(len(truth), settings, chosen.deliveries)


def run_loops(
    images: np.ndarray, truth: np.ndarray, people: tuple[SimulatedPerson, ...], settings: CycleSettings, n_seeds: int
) -> None:
    """The loop once per seed."""
    began = time.perf_counter()
    features = image_features(images)
    neighbours = nearest_neighbours(features)
    print(f"features and neighbours once: {time.perf_counter() - began:.1f} s")

    def predict(asset: np.ndarray, labels: np.ndarray, seed: int) -> np.ndarray:
        return fit_predict(features, asset, labels, 10, seed=seed, neighbours=neighbours).probabilities

    print("seed  certified  answers  routed  reviewed  checked  attempts  bound    true error  batches  seconds")
    reports: list[SimulationReport] = []
    for seed in range(n_seeds):
        began = time.perf_counter()
        report = simulate(predict, truth, people, settings, seed=seed)
        reports.append(report)
        print(
            f"{seed:4}  {'yes' if report.is_certified else 'NO':>9}  {report.n_answers:7}  {report.n_routed:6}"
            f"  {report.n_reviewed:8}  {report.n_checked:7}  {report.n_attempts:8}  {report.error_upper_bound:7.2%}"
            f"  {report.true_error:10.2%}  {len(report.batches):7}  {time.perf_counter() - began:7.1f}"
        )
    answers = [report.n_answers for report in reports]
    print(
        f"certified {sum(report.is_certified for report in reports)} of {n_seeds}; answers: median"
        f" {median(answers):.0f}, mean {mean(answers):.0f}, {min(answers)} to {max(answers)}; true error: highest"
        f" {max(report.true_error for report in reports):.2%}; saved against three each: median"
        f" {median(report.saved for report in reports):.1%}, against one each:"
        f" {median(report.saved_vs_one for report in reports):.1%}\n"
    )


def run_yardsticks(truth: np.ndarray, people: tuple[SimulatedPerson, ...]) -> None:
    """The same people without a loop: one or three random ones for each asset, and the majority."""
    for n_each in (1, 3):
        rng = random.Random(0)
        rows = [
            (asset, person, people[person].answer(str(asset), label, 0))
            for asset, label in enumerate(truth.tolist())
            for person in rng.sample(range(len(people)), n_each)
        ]
        voted = majority(Answers.of(rows, n_classes=10)).argmax(axis=1)
        print(f"yardstick {n_each} each: {len(rows)} answers, true error {(voted != truth).mean():.2%}, no certificate")


def run_deliveries(n_labels: int, settings: CycleSettings, n_runs: int) -> None:
    """Deliveries with one to ten wrong labels too many, at the real looks."""
    plan = plan_checks(n_labels, settings.target_error, settings.alpha)
    rng, falsely = random.Random(1), 0
    for run in range(n_runs):
        n_wrong = plan.tolerance + 1 + run % 10
        drawn = rng.sample(range(n_labels), plan.looks[-1].n_checked)
        for look in plan.looks:
            found = sum(label < n_wrong for label in drawn[: look.n_checked])
            if found <= look.max_wrong:
                falsely += n_wrong - found > plan.tolerance
                break
    print(f"\nlooks     {', '.join(f'{look.n_checked}: {look.max_wrong}' for look in plan.looks)}")
    print(
        f"deliveries with {plan.tolerance + 1}…{plan.tolerance + 10} wrong of {n_labels}: {falsely} of {n_runs}"
        f" ({falsely / n_runs:.2%}) certified falsely; exact worst case {plan.worst_chance():.2%} per attempt"
    )


def processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
