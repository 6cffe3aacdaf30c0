"""Boxes: what three careless annotators together are worth, and how often a certificate over boxes is false.

    python bench/boxes.py --coco instances.json --seeds 5

Truth is a COCO file, or made up where there is none. Three simulated annotators miss things, see what is not there, draw
badly and confuse classes, at the rates that are printed. Prints the average precision (COCO, IoU 0.50 to 0.95) of each
and of their consensus, then how often, over simulated deliveries, more loss was left than the certificate said, then what
looking at any time costs against the exact bound for a number of checks fixed before.
"""

import argparse
import io
import json
import os
import platform
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from karat.measure import loss_left_upper_bound, match_objects, object_loss, wrong_upper_bound
from karat.modalities.image.box import IMAGE_BOX, BoxPayload
from karat.quality.objects.consensus import DELIVERED_FROM, agree
from karat.quality.objects.types import Evidence, TaskAnswers

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
COCO128 = Path(__file__).resolve().parents[2] / "shared/data/image/coco128/instances_boxes.json"
MIN_IOU = 0.5


@dataclass(frozen=True)
class Photo:
    """An image's size and what is in it."""

    width: int
    height: int
    boxes: tuple[BoxPayload, ...]


@dataclass(frozen=True)
class Labeller:
    """A simulated annotator.

    Attributes:
        jitter: standard deviation of each edge, as a share of the box's width or height.
        missed: chance to overlook a thing.
        false_boxes: mean number of boxes around nothing, per image.
        confused: chance to give another class.
    """

    jitter: float
    missed: float
    false_boxes: float
    confused: float

    def answer(self, photo: Photo, names: Sequence[str], rng: np.random.Generator) -> list[BoxPayload]:
        """The boxes that this annotator draws in the photo."""
        seen = [self._draw(box, photo, names, rng) for box in photo.boxes if rng.random() >= self.missed]
        for _ in range(rng.poisson(self.false_boxes)):
            width, height = rng.uniform(0.05, 0.4, 2) * (photo.width, photo.height)
            x, y = rng.uniform(0, 1, 2) * (photo.width - width, photo.height - height)
            seen.append(BoxPayload(label_class=str(rng.choice(names)), x=x, y=y, width=width, height=height))
        return seen

    def _draw(self, box: BoxPayload, photo: Photo, names: Sequence[str], rng: np.random.Generator) -> BoxPayload:
        off = rng.normal(0, self.jitter, 4) * (box.width, box.width, box.height, box.height)
        x, right = np.clip([box.x + off[0], box.right + off[1]], 0, photo.width)
        y, bottom = np.clip([box.y + off[2], box.bottom + off[3]], 0, photo.height)
        others = [name for name in names if name != box.label_class]
        name = str(rng.choice(others)) if others and rng.random() < self.confused else box.label_class
        return BoxPayload(label_class=name, x=x, y=y, width=max(right - x, 0.01), height=max(bottom - y, 0.01))


LABELLERS = (
    Labeller(jitter=0.03, missed=0.08, false_boxes=0.3, confused=0.04),
    Labeller(jitter=0.04, missed=0.12, false_boxes=0.4, confused=0.05),
    Labeller(jitter=0.05, missed=0.15, false_boxes=0.5, confused=0.06),
)


@dataclass(frozen=True)
class Merged:
    """Consensus on one image: boxes, how sure each is, and whether it is delivered."""

    boxes: list[BoxPayload]
    scores: list[float]
    delivered: list[bool]


def truth_of(path: Path) -> tuple[list[Photo], list[str]]:
    """The photos of a COCO file and the names of its classes."""
    document = json.loads(path.read_text())
    names = {one["id"]: one["name"] for one in document["categories"]}
    boxes: dict[int, list[BoxPayload]] = {one["id"]: [] for one in document["images"]}
    for one in document["annotations"]:
        x, y, width, height = map(float, one["bbox"])
        box = BoxPayload(label_class=names[one["category_id"]], x=x, y=y, width=width, height=height)
        boxes[one["image_id"]].append(box)
    photos = [Photo(one["width"], one["height"], tuple(boxes[one["id"]])) for one in document["images"]]
    return photos, list(names.values())


def made_up_truth(n_photos: int, rng: np.random.Generator) -> tuple[list[Photo], list[str]]:
    """Photos with up to eleven things of ten classes."""
    names = [f"class {i}" for i in range(10)]
    photos = []
    for _ in range(n_photos):
        boxes = []
        for _ in range(rng.integers(0, 12)):
            width, height = rng.uniform(0.04, 0.5, 2) * (640, 480)
            x, y = rng.uniform(0, 1, 2) * (640 - width, 480 - height)
            boxes.append(BoxPayload(label_class=str(rng.choice(names)), x=x, y=y, width=width, height=height))
        photos.append(Photo(640, 480, tuple(boxes)))
    return photos, names


def overlaps(some: Sequence[BoxPayload], others: Sequence[BoxPayload], *, same_class: bool = False) -> FloatArray:
    """(n_some, n_others), as the kind measures it."""
    measured = IMAGE_BOX.similarity if same_class else IMAGE_BOX.overlap
    return np.array([[measured(a, b) for b in others] for a in some]).reshape(len(some), len(others))


def consensus(answers: Sequence[Sequence[list[BoxPayload]]], names: Sequence[str]) -> list[Merged]:
    """What the annotators together say, as the server finds it; `answers` by photo, then by annotator."""
    evidence = Evidence(
        kind=IMAGE_BOX.name,
        class_names=list(names),
        match_overlap=MIN_IOU,
        min_agreement=0.0,
        n_annotators=len(answers[0]),
        tasks=[TaskAnswers([(who, _annotations(boxes)) for who, boxes in enumerate(one)], None) for one in answers],
    )
    merged = []
    for task in agree(evidence).tasks:
        existence = [float(one["existence"]) for one in task.objects]
        merged.append(
            Merged(
                boxes=[BoxPayload.model_validate(one["payload"]) for one in task.objects],
                scores=[p * max(one["classes"].values()) for p, one in zip(existence, task.objects, strict=True)],
                delivered=[p >= DELIVERED_FROM for p in existence],
            )
        )
    return merged


def _annotations(boxes: Sequence[BoxPayload]) -> list[dict[str, Any]]:
    return [{"kind": IMAGE_BOX.name, "payload": box.model_dump(mode="json")} for box in boxes]


def average_precision(
    photos: Sequence[Photo],
    answers: Sequence[Sequence[BoxPayload]],
    scores: Sequence[Sequence[float]],
    names: list[str],
) -> float:
    """COCO's AP at IoU 0.50:0.95 by pycocotools."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    ids = {name: i + 1 for i, name in enumerate(names)}
    images = [{"id": i + 1, "width": one.width, "height": one.height} for i, one in enumerate(photos)]
    true = [_row(i + 1, box, ids) for i, one in enumerate(photos) for box in one.boxes]
    given = [
        _row(i + 1, box, ids) | {"score": score}
        for i, (boxes, told) in enumerate(zip(answers, scores, strict=True))
        for box, score in zip(boxes, told, strict=True)
    ]
    with redirect_stdout(io.StringIO()):
        reference = COCO()
        reference.dataset = {
            "images": images,
            "annotations": [row | {"id": i + 1} for i, row in enumerate(true)],
            "categories": [{"id": number, "name": name} for name, number in ids.items()],
        }
        reference.createIndex()
        judged = COCOeval(reference, reference.loadRes(given), "bbox")
        judged.evaluate()
        judged.accumulate()
        judged.summarize()
    return float(judged.stats[0])


def losses(photos: Sequence[Photo], answers: Sequence[Sequence[BoxPayload]]) -> FloatArray:
    """(n_photos,) one less F1 of each photo's boxes against the truth."""
    return np.array(
        [
            object_loss(
                len(match_objects(overlaps(boxes, one.boxes, same_class=True), at_least=MIN_IOU)),
                len(boxes),
                len(one.boxes),
            )
            for one, boxes in zip(photos, answers, strict=True)
        ]
    )


def share_broken(
    population: FloatArray, n_total: int, target: float, n_runs: int, rng: np.random.Generator, alpha: float = 0.05
) -> tuple[float, float, float]:
    """Deliveries resampled from `population`; checks go on until the loss left is below the target.

    Returns:
        Share of the deliveries in which more was left than the bound said at any look; share of those that were
        certified with more than the target left; share that was certified.
    """
    n_over, n_false, n_certified = 0, 0, 0
    for _ in range(n_runs):
        delivery = rng.choice(population, n_total)
        found = np.cumsum(delivery)
        is_over = False
        for n in range(25, n_total, 25):
            left, bound = (found[-1] - found[n - 1]) / n_total, loss_left_upper_bound(delivery[:n], n_total, alpha)
            is_over = is_over or left > bound + 1e-12
            if bound <= target:
                n_certified += 1
                n_false += left > target
                break
        n_over += is_over
    return n_over / n_runs, n_false / n_runs, n_certified / n_runs


def main() -> None:
    """Run all of it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--coco", type=Path, default=COCO128)
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--deliveries", type=int, default=1000)
    chosen = options.parse_args()
    is_there = chosen.coco.exists()
    photos, names = truth_of(chosen.coco) if is_there else made_up_truth(128, np.random.default_rng(0))
    n_boxes = sum(len(one.boxes) for one in photos)
    print(
        f"data      {chosen.coco if is_there else 'made up'}: {len(photos)} photos, {n_boxes} boxes, {len(names)} classes"
    )
    print(f"machine   {_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, one thread")
    for one in LABELLERS:
        print(f"annotator {one}")
    best_losses = _run_consensus(photos, names, chosen.seeds)
    _run_certificates(best_losses, chosen.deliveries)
    _run_prices()


def _run_consensus(photos: list[Photo], names: list[str], n_seeds: int) -> FloatArray:
    print("\nseed  AP of each            consensus  with scores  mean loss of each     consensus  seconds")
    gains, left = [], np.empty(0)
    for seed in range(n_seeds):
        began, rng = time.perf_counter(), np.random.default_rng(seed)
        answers = [[one.answer(photo, names, rng) for one in LABELLERS] for photo in photos]
        merged = consensus(answers, names)
        seconds = time.perf_counter() - began
        each = [[one[a] for one in answers] for a in range(len(LABELLERS))]
        alone = [average_precision(photos, boxes, _sure(boxes), names) for boxes in each]
        delivered = [[b for b, is_in in zip(one.boxes, one.delivered, strict=True) if is_in] for one in merged]
        together = average_precision(photos, delivered, _sure(delivered), names)
        scored = average_precision(photos, [one.boxes for one in merged], [one.scores for one in merged], names)
        lost, left = [losses(photos, boxes).mean() for boxes in each], losses(photos, delivered)
        gains.append(together - max(alone))
        print(
            f"{seed:4}  {'  '.join(f'{ap:.3f}' for ap in alone):20}  {together:9.3f}  {scored:11.3f}"
            f"  {'  '.join(f'{loss:.3f}' for loss in lost):20}  {left.mean():9.3f}  {seconds:7.1f}"
        )
    print(f"consensus above the best of them by {mean(gains):.3f} on average, at least {min(gains):.3f}")
    return left


def _run_certificates(population: FloatArray, n_runs: int) -> None:
    print("\ncertificates, 2,000 photos each, a look every 25 checks, alpha 0.05, seed 1")
    worst = np.zeros(1000)
    worst[:51] = 1.0
    cases = [("losses of the consensus", population, population.mean() * 0.9), ("0 or 1, just above", worst, 0.05)]
    for name, losses_there, target in cases:
        over, false, certified = share_broken(losses_there, 2000, float(target), n_runs, np.random.default_rng(1))
        print(
            f"{name:24} target {target:.3f}: {n_runs} deliveries, {certified:.1%} certified, {false:.1%} falsely;"
            f" bound ever broken {over:.1%}"
        )


def _run_prices() -> None:
    print("\nlooking at any time against the exact bound for fixed checks, N = 10,000, alpha 0.05, median of 15 orders")
    rng = np.random.default_rng(0)
    for n, n_wrong in [(100, 0), (300, 0), (300, 3), (1000, 5), (1000, 10), (1000, 50), (5000, 50)]:
        orders = [(rng.permutation(n) < n_wrong).astype(float) for _ in range(15)]
        ours = median(loss_left_upper_bound(one, 10_000, 0.05) for one in orders)
        exact = (wrong_upper_bound(10_000, n, n_wrong, 0.05) - n_wrong) / 10_000
        print(f"{n_wrong:3} wrong of {n:4}: {ours:.4f} against {exact:.4f}, {ours / exact:.2f} times")


def _row(image: int, box: BoxPayload, ids: dict[str, int]) -> dict[str, Any]:
    bbox = [box.x, box.y, box.width, box.height]
    return {
        "image_id": image,
        "category_id": ids[box.label_class],
        "bbox": bbox,
        "area": box.width * box.height,
        "iscrowd": 0,
    }


def _sure(boxes: Sequence[Sequence[BoxPayload]]) -> list[list[float]]:
    return [[1.0] * len(one) for one in boxes]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
