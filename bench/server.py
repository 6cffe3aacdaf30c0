"""How many tasks a server hands out and takes in, beside the same statements straight on PostgreSQL, in one run.

    python bench/server.py --seconds 3 --rounds 3

One server, one database, one table of tasks; HTTP and PostgreSQL take turns. While PostgreSQL is measured the server is
stopped (SIGSTOP), so that nothing but the database and its client computes. Every block makes its load in a process of
its own. Prints the CPU time a pair costs in each process.
"""

import argparse
import asyncio
import multiprocessing
import os
import platform
import signal
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, `bench` and `tests` are not found otherwise

import psutil
from bench.annotators import Measured, Site, measure_http, measure_postgres

from karat.database.engine import APP_ROLE
from karat.database.supervisor import running_postgres
from tests.support.load import Client, make_annotator, make_project
from tests.support.server import RunningServer

ANNOTATORS = (1, 8, 32)
TASKS_PER_SECOND = 2500


@dataclass(frozen=True)
class Block:
    """A measured block and the CPU seconds that server and database spent in it."""

    measured: Measured
    server_cpu_s: float
    database_cpu_s: float

    def line(self, name: str) -> str:
        """For people."""
        n = max(1, len(self.measured.submit_s))
        cpu = [1000 * one / n for one in (self.server_cpu_s, self.database_cpu_s, self.measured.client_cpu_s)]
        return (
            f"  {name:10s} {self.measured.pairs_per_s:7.0f} pairs/s   next p50 {_ms(self.measured.next_s, 0.5):6.2f} "
            f"p95 {_ms(self.measured.next_s, 0.95):6.2f} ms   submit p50 {_ms(self.measured.submit_s, 0.5):6.2f} "
            f"p95 {_ms(self.measured.submit_s, 0.95):6.2f} ms   "
            f"CPU ms/pair: server {cpu[0]:.2f}, database {cpu[1]:.2f}, client {cpu[2]:.2f}"
        )


def main() -> None:
    """Run it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=3.0, help="of each block")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--annotators", type=int, nargs="*", default=ANNOTATORS)
    chosen = options.parse_args()
    print(f"machine   {describe_machine()}")
    asyncio.run(_run(chosen.seconds, chosen.rounds, chosen.annotators))


async def _run(seconds: float, rounds: int, annotators: list[int]) -> None:
    n_tasks = int(TASKS_PER_SECOND * (seconds + 0.5) * rounds * len(annotators))
    with tempfile.TemporaryDirectory(prefix="karat-bench-") as folder:
        server = RunningServer(Path(folder) / "data")
        server.data_dir.mkdir()
        try:
            await server.start()
            site = await _prepare(server, n_tasks, max(annotators))
            for n in annotators:
                await _compare(server, replace(site, keys=site.keys[:n]), seconds, rounds)
        finally:
            server.stop()


async def _prepare(server: RunningServer, n_tasks: int, n_people: int) -> Site:
    owner = Client(server.url, server.owner_key)
    began = time.perf_counter()
    project_id = await make_project(owner, n_tasks)
    people = [await make_annotator(owner, server.url, f"Annotator {at}") for at in range(n_people)]
    print(f"data      one project of {n_tasks} texts, overlap 1, made in {time.perf_counter() - began:.1f} s; no seed")
    postgres = await running_postgres(server.data_dir)
    assert postgres is not None
    return Site(server.url, postgres.url(user=APP_ROLE), project_id, tuple(one.key for one in people))


async def _compare(server: RunningServer, site: Site, seconds: float, rounds: int) -> None:
    print(f"\n{len(site.keys)} annotators, {rounds} rounds of {seconds:g} s")
    ratios = []
    for _ in range(rounds):
        straight = _block(server, site, seconds, straight=True)
        await until_quiet(server)
        http = _block(server, site, seconds, straight=False)
        await until_quiet(server)
        ratios.append(http.measured.pairs_per_s / straight.measured.pairs_per_s)
        print(straight.line("PostgreSQL"))
        print(http.line("Karat"))
    print(f"  ratio {median(ratios):.2f} (rounds: {', '.join(f'{one:.2f}' for one in ratios)})")


def _block(server: RunningServer, site: Site, seconds: float, *, straight: bool) -> Block:
    assert server.process
    if straight:
        server.process.send_signal(signal.SIGSTOP)
    try:
        before = _cpu_s(server)
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as own:
            measured = own.submit(measure_postgres if straight else measure_http, site, seconds).result()
        after = _cpu_s(server)
    finally:
        server.process.send_signal(signal.SIGCONT)
    return Block(measured, after[0] - before[0], after[1] - before[1])


def _cpu_s(server: RunningServer) -> tuple[float, float]:
    """CPU seconds so far: of the server's own process, and of PostgreSQL with all its children, ended ones included."""
    assert server.process
    own = psutil.Process(server.process.pid).cpu_times()
    database = psutil.Process(server.database_pid)
    ended = database.cpu_times()
    running = [one.cpu_times() for one in (database, *database.children())]
    return (
        own.user + own.system,
        ended.children_user + ended.children_system + sum(one.user + one.system for one in running),
    )


async def until_quiet(server: RunningServer) -> None:
    """Wait until the server has heard all events and its jobs rest: less than a tenth of a core for a second."""
    assert server.process
    while True:
        before = _cpu_s(server)
        await asyncio.sleep(1.0)
        if sum(_cpu_s(server)) - sum(before) < 0.1:
            return


def describe_machine() -> str:
    """Processor, cores, load by others, versions."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return (
        f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before, "
        f"Linux {platform.release()}, Python {platform.python_version()}"
    )


def _ms(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


if __name__ == "__main__":
    main()
