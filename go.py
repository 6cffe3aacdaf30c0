#!/usr/bin/env python3
"""Set Karat up and run it. Needs Python 3.11 or newer and nothing else: no make, no uv, no Node.

    python3 go.py [--no-serve] [--port N] …   the demo: 10,000 images become certified labels, then the web app
    python3 go.py serve …                     the server on your own data; any other command of `karat` likewise
    python3 go.py test [PYTEST ARGUMENT …]    all tests; with arguments, those of pytest that they choose
    python3 go.py check                       format, types, imports, dependencies, web
    python3 go.py setup                       set up and do no more

What is installed goes into `.venv`, from locks with hashes, and again only after a lock has changed.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

if sys.version_info < (3, 11):  # noqa: UP036 - who runs this may not have read that
    sys.exit(f"Karat needs Python 3.11 or newer, and this is {sys.version.split()[0]}; try `python3.12 go.py`.")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
STAMPS = VENV / "karat-installed.json"
NO_BROWSER = "The browser tests will be skipped: there is no Chromium here, and {}."
# Settings of another Python or environment must not leak into ours.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
}


def step(what: str, command: Sequence[str | Path], **changes: str) -> int:
    """Run a command quietly, saying what it is and how long it takes; all it said is shown if it fails."""
    started = time.monotonic()
    ticking = sys.stdout.isatty()
    print(f"{what} …", end="" if ticking else "\n", flush=True)
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        done = subprocess.Popen(
            [str(part) for part in command], cwd=ROOT, env={**ENVIRONMENT, **changes}, stdout=said, stderr=said
        )
        while done.poll() is None:
            time.sleep(0.1)
            if ticking:
                print(f"\r{what} … {time.monotonic() - started:.0f} s", end="", flush=True)
        end = "done" if done.returncode == 0 else "failed"
        print(f"{chr(13) if ticking else ''}{what} {end} after {time.monotonic() - started:.1f} s", flush=True)
        if done.returncode:
            said.seek(0)
            print("".join(said.readlines()[-40:]), flush=True)
    return done.returncode


def must(what: str, command: Sequence[str | Path]) -> None:
    """A step without which there is no going on."""
    if step(what, command):
        sys.exit(f"{what}: that did not work; see above.")


def show(command: Sequence[str | Path], folder: Path = ROOT, path: str = "") -> int:
    """Run a command that speaks for itself."""
    changes = {"PATH": os.pathsep.join([path, ENVIRONMENT.get("PATH", os.defpath)])} if path else {}
    command = [str(part) for part in command]
    return subprocess.run(command, cwd=folder, env={**ENVIRONMENT, **changes}, check=False).returncode


def make_venv() -> None:
    """Make `.venv` unless it is there and works."""
    works = (
        PYTHON.exists()
        and subprocess.run([str(PYTHON), "-c", "import pip"], capture_output=True, check=False).returncode == 0
    )
    if works:
        return
    uv = shutil.which("uv")
    command = (
        [uv, "venv", "--clear", "--seed", "--python", sys.executable]
        if uv
        else [sys.executable, "-m", "venv", "--clear"]
    )
    if step("Making .venv", [*command, VENV]):
        sys.exit("Python's venv module is not complete here; on Debian and Ubuntu: apt install python3-venv")


def install(what: str, *arguments: str) -> None:
    """Install into `.venv` by uv where there is one, else by pip; also by pip when uv does not know the index."""
    uv = shutil.which("uv")
    if uv and step(f"{what} (uv)", [uv, "pip", "install", "--python", PYTHON, *arguments]) == 0:
        return
    must(what, [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments])


def set_up(lock: str) -> None:
    """Bring `.venv` and the web app up to date with the sources.

    Args:
        lock: `run.lock`, or `dev.lock`, which holds all of it and the tools of the tests.
    """
    make_venv()
    stamps = json.loads(STAMPS.read_text()) if STAMPS.exists() else {}
    hashes = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (*sorted((ROOT / "locks").glob("*.lock")), ROOT / "pyproject.toml")
    }

    def unless_done(name: str, what: str, *arguments: str) -> None:
        if name in hashes and stamps.get(name) != hashes[name]:
            install(what, *arguments)
            stamps[name] = hashes[name]
            STAMPS.write_text(json.dumps(stamps, indent=1))

    has_dev = stamps.get("dev.lock") == hashes["dev.lock"]
    for name in ("build.lock", "dev.lock" if has_dev else lock, "nodeps.lock"):
        what = f"Installing {count_packages(name)} packages of locks/{name}"
        unless_done(name, what, "--require-hashes", "--no-deps", "-r", f"locks/{name}")
    if show([PYTHON, "hatch_build.py"]):
        sys.exit("The web app could not be built; see above.")
    unless_done("pyproject.toml", "Installing Karat", "--no-deps", "--no-build-isolation", "-e", ".")


def count_packages(name: str) -> int:
    """How many packages a lock names; 0 where there is no such lock."""
    path = ROOT / "locks" / name
    return sum("==" in line for line in path.read_text().splitlines()) if path.exists() else 0


def npm() -> tuple[list[str], str]:
    """The command that runs npm in `web/`, and the folder that it needs on the PATH; its packages are installed."""
    code = "import hatch_build as b, json; b.install_packages(); print(json.dumps(b.node_tools()))"
    line = [str(PYTHON), "-c", code]
    said = subprocess.run(line, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True, check=False)
    if said.returncode:
        sys.exit("The packages of the web app could not be installed; see above.")
    folder, command = json.loads(said.stdout.splitlines()[-1])
    return command, folder


def find_browser() -> None:
    """Chromium for the browser tests: the one that is here, else Debian's where we may install it."""
    names = ("chromium", "chromium-browser", "google-chrome")
    if any(map(shutil.which, names)):
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        print(NO_BROWSER.format("only root on a system with apt can install it"))
        return
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    step("Asking apt what there is", ["apt-get", "update"], **quiet)
    step("Installing Chromium", ["apt-get", "install", "-y", "--no-install-recommends", "chromium"], **quiet)
    if not any(map(shutil.which, names)):
        print(NO_BROWSER.format("apt did not bring one"))


def counts(report: Path, code: int) -> dict[str, int]:
    """How many tests passed, failed and were skipped, from a JUnit report.

    A run that ended badly counts as one failure where no test did: it broke off, or found no tests.
    """
    suites = list(ElementTree.parse(report).getroot().iter("testsuite")) if report.exists() else []
    total, failures, errors, skipped = (
        sum(int(suite.get(name, 0)) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    )
    return {
        "passed": total - failures - errors - skipped,
        "failed": failures + errors or int(code != 0),
        "skipped": skipped,
    }


def test(arguments: list[str]) -> int:
    """Run pytest and, unless arguments choose among its tests, vitest. The last line sums both up."""
    started = time.monotonic()
    set_up("dev.lock")
    find_browser()
    with tempfile.TemporaryDirectory() as folder:
        reports = {name: Path(folder, f"{name}.xml") for name in ("pytest", "vitest")}
        workers = [] if "-n" in arguments else ["-n", "2"]
        pytest: list[str | Path] = [PYTHON, "-m", "pytest", *workers, f"--junitxml={reports['pytest']}", *arguments]
        codes = {"pytest": show(pytest)}
        if arguments:
            print("vitest was left out: the arguments are for pytest.")
        else:
            command, path = npm()
            junit = ["--", "--reporter=default", "--reporter=junit", f"--outputFile.junit={reports['vitest']}"]
            codes["vitest"] = show([*command, "run", "test", *junit], ROOT / "web", path)
        found = {name: counts(reports[name], code) for name, code in codes.items()}
    for name, code in codes.items():
        print(
            f"{name}:", ", ".join(f"{number} {word}" for word, number in found[name].items()), f"(exit status {code})"
        )
    both = {word: sum(part[word] for part in found.values()) for word in ("passed", "failed", "skipped")}
    print(", ".join(f"{number} {word}" for word, number in both.items()), f"in {time.monotonic() - started:.2f}s")
    return 0 if not any(codes.values()) else 1


def check() -> int:
    """Run every check, also after one has failed."""
    set_up("dev.lock")
    command, path = npm()
    checks: dict[str, Sequence[str | Path]] = {
        "ruff check": [BIN / "ruff", "check", "."],
        "ruff format": [BIN / "ruff", "format", "--check", "."],
        "mypy": [BIN / "mypy", "--strict", "src", "sdk/src"],
        "import-linter": [BIN / "lint-imports"],
        "deptry": [BIN / "deptry", "src"],
        "deptry of the client": [BIN / "deptry", "--config", "sdk/pyproject.toml", "sdk/src"],
        "biome, tsc": [*command, "--prefix", "web", "run", "check"],
        "vitest": [*command, "--prefix", "web", "run", "test"],
    }
    with_node = os.pathsep.join([path, ENVIRONMENT.get("PATH", os.defpath)])
    failed = [name for name, line in checks.items() if step(name, line, PATH=with_node)]
    print(f"{len(checks) - len(failed)} passed, {len(failed)} failed" + "".join(f"; {name}" for name in failed))
    return 1 if failed else 0


def main(arguments: list[str]) -> int:
    """Do what the first word says; options alone mean the demo."""
    command = arguments[0] if arguments else "demo"
    if command in ("-h", "--help"):
        print(__doc__)
        return 0
    if command == "test":
        return test(arguments[1:])
    if command == "check":
        return check()
    set_up("run.lock")
    if command == "setup":
        return 0
    line = [str(BIN / "karat"), *(["demo"] if not arguments or command.startswith("-") else []), *arguments]
    if os.name == "nt":
        return show(line)
    sys.stdout.flush()
    os.execve(line[0], line, ENVIRONMENT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
