"""The package's face."""

import subprocess
import sys

import karat.measure


def test_everything_that_is_promised_is_there() -> None:
    assert all(getattr(karat.measure, name) is not None for name in karat.measure.__all__)


def test_bounds_do_not_load_numpy() -> None:
    code = "import sys, karat.measure as m; m.plan_checks(100, 0.05, 0.05); sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
