"""How fast a server starts a second time, what it holds in memory at rest, and whether `next` grows with its project.

    python bench/footprint.py --starts 5 --small 10000 --large 100000

Memory is the proportional set size (PSS) of the whole process tree, PostgreSQL included: pages that several processes
share are counted once. `next` is asked alternately in the two projects by one annotator, who hands each task in.
"""

import argparse
import asyncio
import sys
import tempfile
import time
import uuid
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, `bench` and `tests` are not found otherwise

import psutil
from bench.server import describe_machine, until_quiet

from tests.support.load import Client, make_annotator, make_project
from tests.support.server import RunningServer

PAIRS = 400
REST_S = 10.0


def main() -> None:
    """Run it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--starts", type=int, default=5)
    options.add_argument("--small", type=int, default=10_000, help="tasks of the smaller project")
    options.add_argument("--large", type=int, default=100_000, help="tasks of the larger one")
    chosen = options.parse_args()
    print(f"machine   {describe_machine()}")
    asyncio.run(_run(chosen.starts, chosen.small, chosen.large))


async def _run(n_starts: int, small: int, large: int) -> None:
    with tempfile.TemporaryDirectory(prefix="karat-bench-") as folder:
        server = RunningServer(Path(folder) / "data")
        server.data_dir.mkdir()
        try:
            print(f"first start, which makes the database   {await server.start():.2f} s")
            await _starts(server, n_starts)
            await _rest(server)
            await _growth(server, small, large)
        finally:
            server.stop()


async def _starts(server: RunningServer, n: int) -> None:
    took = []
    for _ in range(n):
        server.stop()
        took.append(await server.start())
    print(f"second start to the first answer        p50 {median(took):.2f} s, longest {max(took):.2f} s, n = {n}")


async def _rest(server: RunningServer) -> None:
    await asyncio.sleep(REST_S)
    assert server.process
    tree = [psutil.Process(server.process.pid), *psutil.Process(server.process.pid).children(recursive=True)]
    mib = {one.pid: _pss_mib(one.pid) for one in tree}
    own = mib[server.process.pid]
    print(
        f"memory after {REST_S:g} s of rest                {sum(mib.values()):.0f} MiB in {len(mib)} processes: "
        f"server {own:.0f}, PostgreSQL {sum(mib.values()) - own:.0f}"
    )


def _pss_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


async def _growth(server: RunningServer, small: int, large: int) -> None:
    owner = Client(server.url, server.owner_key)
    projects = {n: await make_project(owner, n) for n in (small, large)}
    person = await make_annotator(owner, server.url, "Annotator")
    await until_quiet(server)
    took: dict[int, list[float]] = {small: [], large: []}
    for at in range(PAIRS + 50):
        for n, project in projects.items():
            began = time.perf_counter()
            taken = await person.take(project)
            if at >= 50:  # by then statements are prepared and their plans are chosen
                took[n].append(1000 * (time.perf_counter() - began))
            status, _ = await person.submit(taken["items"][0], uuid.uuid4(), "yes")
            assert status == 201
    for n, times in took.items():
        print(f"next at {n:7d} tasks                   p50 {median(times):.2f} ms, n = {len(times)}")
    print(f"ratio                                   {median(took[large]) / median(took[small]):.2f}")


if __name__ == "__main__":
    main()
