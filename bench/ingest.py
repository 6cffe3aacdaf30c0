"""How long an import takes of small images that stay in their bucket, and how that compares with merely reading them.

    python bench/ingest.py --images 10000 --seed 1

The images are the handwritten digits of `samples/`, each with a few pixels changed at random so that no two are equal,
as PNG files behind `rclone serve s3`, which checks signatures. First they are read with obstore alone, 32 at a time and
not through the proxy; then a real server imports them by reference: lists, reads, hashes, decodes, writes rows.
"""

import argparse
import asyncio
import io
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, `bench` and `tests` are not found otherwise

import httpx
import numpy as np
import obstore
import psutil
from bench.server import describe_machine
from obstore.store import S3Store
from PIL import Image

from tests.storage.buckets import ACCESS_KEY, SECRET_KEY, Rclone, connection, rclone
from tests.support.server import RunningServer

WIDTH = 32


def main() -> None:
    """Run it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--images", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--mode", choices=["reference", "copy"], default="reference")
    chosen = options.parse_args()
    print(f"machine   {describe_machine()}")
    with tempfile.TemporaryDirectory(prefix="karat-bench-") as folder:
        root = Path(folder) / "buckets"
        n_bytes = make_images(root / "pictures", chosen.images, chosen.seed)
        print(f"data      {chosen.images:,} PNG of 28 x 28 pixels, {n_bytes / 1e6:.1f} MB, seed {chosen.seed}")
        with rclone(root, remembers="1h") as bucket:
            asyncio.run(compare(bucket, Path(folder) / "data", chosen.images, chosen.mode))


def make_images(folder: Path, n: int, seed: int) -> int:
    """Write the files; how many bytes they have."""
    rng = np.random.default_rng(seed)
    digits = np.load(Path(__file__).parents[1] / "samples/mnist_t10k/mnist_t10k.npz")
    images = next(digits[name] for name in digits.files if digits[name].ndim == 3)
    folder.mkdir(parents=True)
    n_bytes = 0
    for at in range(n):
        image = images[at % len(images)].copy()
        image[rng.integers(0, 28, 4), rng.integers(0, 28, 4)] = rng.integers(0, 256, 4)
        image[0, :4] = list(at.to_bytes(4, "big"))
        stream = io.BytesIO()
        Image.fromarray(image).save(stream, "PNG")
        (folder / f"{at:07}.png").write_bytes(stream.getvalue())
        n_bytes += stream.tell()
    return n_bytes


async def compare(bucket: Rclone, data_dir: Path, n: int, mode: str) -> None:
    """Read them plainly, then import them."""
    plain = await read_plainly(bucket, n)
    print(f"obstore   {plain:.1f} s, {n / plain:,.0f} objects/s: list and read, {WIDTH} at a time")
    data_dir.mkdir()
    server = RunningServer(data_dir, {"KARAT_OUTBOUND_ALLOW": "127.0.0.1"})
    try:
        await server.start()
        taken = await imported(server, bucket, n, mode)
    finally:
        server.stop()
    stored = sum(one.stat().st_size for one in (data_dir / "media").rglob("*") if one.is_file())
    print(f"import    {taken:.1f} s, {n / taken:,.0f} objects/s, mode {mode}; {stored:,} bytes of media stored")
    print(f"ratio     {taken / plain:.1f} times the plain reading")


async def read_plainly(bucket: Rclone, n: int) -> float:
    """Seconds for the list and the content of all objects."""
    store = S3Store(
        "pictures",
        config={
            "aws_endpoint_url_s3": bucket.endpoint,
            "region": "us-east-1",
            "access_key_id": ACCESS_KEY,
            "secret_access_key": SECRET_KEY,
        },
        client_options={"allow_http": True},
    )
    slots, n_read = asyncio.Semaphore(WIDTH), 0

    async def read(key: str) -> None:
        nonlocal n_read
        async with slots:
            await (await obstore.get_async(store, key)).bytes_async()
            n_read += 1

    began = time.perf_counter()
    async for page in obstore.list(store, chunk_size=1000):
        await asyncio.gather(*(read(one["path"]) for one in page))
    assert n_read == n
    return time.perf_counter() - began


async def imported(server: RunningServer, bucket: Rclone, n: int, mode: str) -> float:
    """Seconds from the request to the end of the import."""
    headers = {"Authorization": f"Bearer {server.owner_key}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60) as http:

        async def post(path: str, body: dict[str, Any]) -> dict[str, Any]:
            answer = await http.post(path, json=body)
            answer.raise_for_status()
            return dict(answer.json())

        bucket_id = (await post("/api/connections", connection(bucket.endpoint)))["id"]
        dataset_id = (await post("/api/datasets", {"name": "Digits", "modality": "image"}))["id"]
        assert server.process is not None
        process, most = psutil.Process(server.process.pid), 0
        rest = process.memory_info().rss
        began = time.perf_counter()
        wanted = {"connection_id": bucket_id, "mode": mode}
        found = await post(f"/api/datasets/{dataset_id}/bucket-imports", wanted)
        while found["state"] in {"queued", "running"}:
            await asyncio.sleep(0.1)
            most = max(most, process.memory_info().rss)
            found = (await http.get(f"/api/imports/{found['id']}")).json()
        taken = time.perf_counter() - began
        assert (found["state"], found["n_added"]) == ("done", n), found
        grown = (most - rest) / 2**20
        print(f"memory    the server process grew by {grown:.0f} MiB, from {rest / 2**20:.0f} MiB")
        return taken


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
