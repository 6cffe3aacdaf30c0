"""The demo as the README has it, where there is no network but the machine's own loopback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IN_A_ROOM_WITHOUT_NETWORK = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c"]
RUN = """
import asyncio, sys
from pathlib import Path
from karat.demo import DemoSettings, run_demo
if __name__ == "__main__":
    sys.exit(asyncio.run(run_demo(DemoSettings(out=Path(sys.argv[1]), serve=False, seed=3))))
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_demo_certifies_ten_thousand_digits_without_any_network(tmp_path: Path) -> None:
    try:
        room = subprocess.run([*IN_A_ROOM_WITHOUT_NETWORK, "ip link set lo up"], capture_output=True, check=False)
    except FileNotFoundError as error:
        pytest.skip(f"no {error.filename} here to make a network namespace with")
    if room.returncode:
        pytest.skip(f"no network namespace may be made here: {room.stderr.decode().strip()}")
    script = tmp_path / "run.py"
    script.write_text(RUN)
    outside = "! timeout 2 sh -c 'echo > /dev/tcp/1.1.1.1/443' 2>/dev/null"
    line = f'ip link set lo up && {outside} && exec "$0" "$@"'
    command = [*IN_A_ROOM_WITHOUT_NETWORK, line, sys.executable, script, tmp_path / "demo"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert "request answered" not in done.stdout + done.stderr, "what the server notes is not for who watches the demo"
    report = json.loads((tmp_path / "demo" / "report.json").read_text())
    assert report["certified"] is True
    assert report["n_assets"] == 10_000
    assert report["certified_error_upper_bound"] <= report["target_error"] == 0.01
    assert report["confidence"] == 0.95
    assert report["true_error"] <= 0.01
    assert report["n_checked"] < report["human_answers"] <= 3_000
    assert report["n_submissions_over_http"] == report["human_answers"]
    assert report["human_answers_saved"] == pytest.approx(1 - report["human_answers"] / 30_000)
    assert (tmp_path / "demo" / "report.html").is_file()
