"""The Python client against httpx by hand on the same server: uploading small and large images, reading labels.

karat bench sdk [--images 10000] [--large 100] [--labels 100000] [--rounds 3]

By hand means: a ZIP made on disk and posted as a file, all of it lost when the line breaks; a body read whole and each line
parsed as JSON, nothing checked.
"""

import argparse
import asyncio
import json
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import cv2
import httpx
import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "sdk" / "src")]

from karat_client import Client, QualityTarget  # noqa: E402
from karat_client.records import Export  # noqa: E402
from tests.support.server import RunningServer  # noqa: E402

SEED = 20261122


def make_images(folder: Path, n: int) -> None:
    """Different pictures of 28 x 28."""
    rng = np.random.default_rng(SEED)
    for at, image in enumerate(rng.integers(0, 256, (n, 28, 28), dtype=np.uint8)):
        (folder / f"{at}.png").write_bytes(cv2.imencode(".png", image)[1].tobytes())


def make_large(folder: Path, n: int) -> None:
    """Files of 2 MB that nothing compresses."""
    rng = np.random.default_rng(SEED)
    for at in range(n):
        (folder / f"{at}.png").write_bytes(rng.bytes(2_000_000))


def upload_by_hand(http: httpx.Client, dataset: str, folder: Path) -> None:
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as archive:
            for path in sorted(folder.iterdir()):
                archive.write(path, path.name)
        file.seek(0)
        http.post(f"/api/datasets/{dataset}/imports?filename=photos.zip", content=file).raise_for_status()


def labels_by_hand(http: httpx.Client, export: Export) -> int:
    lines = http.get(f"/api/exports/{export.id}/file").raise_for_status().content.splitlines()
    return sum(bool(json.loads(line)["name"]) for line in lines)


def compare(
    what: str,
    rounds: int,
    client: Callable[[], object],
    by_hand: Callable[[], object],
    settle: Callable[[], object] = lambda: None,
) -> None:
    """Turn and turn about, so that both meet the same machine.

    Args:
        settle: waits until the server has nothing left to do of it; not counted.
    """
    seconds: dict[str, list[float]] = {"client": [], "by hand": []}
    for _ in range(rounds):
        for name, do in (("client", client), ("by hand", by_hand)):
            began = time.perf_counter()
            do()
            seconds[name].append(time.perf_counter() - began)
            settle()
    middle = {name: statistics.median(times) for name, times in seconds.items()}
    each = "; ".join(f"{name} {', '.join(f'{one:.2f}' for one in times)}" for name, times in seconds.items())
    ratio = middle["client"] / middle["by hand"]
    print(f"{what}: client {middle['client']:.2f} s, by hand {middle['by hand']:.2f} s, {ratio:.2f} x ({each})")


def measure(server: RunningServer, folder: Path, given: argparse.Namespace) -> None:
    photos, large = folder / "photos", folder / "large"
    photos.mkdir()
    large.mkdir()
    make_images(photos, given.images)
    make_large(large, given.large)
    with (
        Client(server.url, server.owner_key) as client,
        httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {server.owner_key}"}, timeout=600) as http,
    ):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        compare(
            f"Upload {given.images:,} images until the server has the bytes",
            given.rounds,
            lambda: client.datasets.upload(client.datasets.create("a", "image"), photos, wait=False),
            lambda: upload_by_hand(http, str(client.datasets.create("b", "image").id), photos),
            settle=lambda: wait_for_imports(client),
        )
        compare(
            f"Upload {given.large:,} files of 2 MB until the server has the bytes",
            given.rounds,
            lambda: client.datasets.upload(client.datasets.create("a", "image"), large, wait=False),
            lambda: upload_by_hand(http, str(client.datasets.create("b", "image").id), large),
            settle=lambda: wait_for_imports(client),
        )
        export = make_labels(client, given.labels)
        size = f"{export.n_labels:,} labels, {(export.n_bytes or 0) / 1e6:.0f} MB"
        compare(
            f"Read {size} as records",
            given.rounds,
            lambda: sum(1 for _ in client.exports.labels(export)),
            lambda: labels_by_hand(http, export),
        )
        began = time.perf_counter()
        rows = client.exports.labels(export).to_arrow().num_rows
        print(f"Read {rows:,} labels into Arrow: {time.perf_counter() - began:.2f} s")
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(
            f"Peak memory of this process: {before / 1024:.0f} MiB before, {after / 1024:.0f} MiB after, both ways run"
        )


def wait_for_imports(client: Client) -> None:
    for dataset in client.datasets.list():
        for one in client.imports.list(dataset):
            client.imports.wait(one)


def make_labels(client: Client, n: int) -> Export:
    """An export of a project over `n` texts."""
    dataset = client.datasets.create("Texts", "text")
    rows = "".join(f"text-{at},some text that is number {at}\n" for at in range(n))
    client.datasets.upload(dataset, f"id,text\n{rows}".encode(), filename="texts.csv")
    target = QualityTarget(overlap=1)
    project = client.projects.create("Texts", dataset, kind="text.class", classes=["a", "b"], target=target)
    while client.projects.get(project).n_tasks < n:
        time.sleep(0.5)
    return client.exports.wait(client.exports.start(project))


async def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100)
    parser.add_argument("--labels", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(f"seed {SEED}; {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        server = RunningServer(Path(folder) / "data")
        await server.start()
        try:
            await asyncio.to_thread(measure, server, Path(folder), given)
        finally:
            server.stop()


if __name__ == "__main__":
    asyncio.run(main())
