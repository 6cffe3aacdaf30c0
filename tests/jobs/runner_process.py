"""A process that takes a job, says so, and never finishes it: made to be killed."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from karat.database import connect
from karat.jobs import Run, Runner, runner


async def main(dsn: str, marker: Path) -> None:
    """Take jobs named `work` until the end of time."""

    async def work(_: Run) -> None:
        marker.touch()
        await asyncio.sleep(3600)

    runner.HEARTBEAT = timedelta(seconds=1)
    one = Runner(await connect(dsn, size=4), dsn, {"work": work}, (), ())
    one.start()
    await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
