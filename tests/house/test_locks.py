"""Locks pin everything by hash and name no host, so that they hold on any mirror; the tree holds no secret and no machine."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "locks").glob("*.lock"))
SECRET_SHAPES = (
    r"(?:karat|test)_[0-9a-f]{32}_[A-Za-z0-9_-]{43}",  # one of our keys
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    r"(?i)\b(?:secret|password|passwd|api_key)\b\s*[:=]\s*[\"'][A-Za-z0-9+/_=-]{16,}[\"']",
)


def tracked() -> list[Path]:
    """Text files of the tree; without git, all that is not made."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        made = {".venv", "node_modules", "static", "__pycache__"}
        paths = [path for path in ROOT.rglob("*") if not made & set(path.parts)]
    binary = {".npz", ".png", ".jpg", ".woff2", ".ico"}
    return [path for path in paths if path.is_file() and path.suffix not in binary]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_python_lock_names_no_host(lock: Path) -> None:
    assert [line for line in lock.read_text().splitlines() if "://" in line or line.startswith("--index")] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_of_a_python_lock_has_one_version_and_a_hash(lock: Path) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock.read_text().strip())

    assert [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_npm_lock_names_no_host_but_those_of_funding_pages() -> None:
    def links(value: Any, at: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
        if isinstance(value, dict):
            return [found for key, inner in value.items() for found in links(inner, (*at, key))]
        if isinstance(value, list):
            return [found for inner in value for found in links(inner, at)]
        return [at] if isinstance(value, str) and "://" in value else []

    lock = json.loads((ROOT / "web/package-lock.json").read_text())

    assert [place for place in links(lock) if "funding" not in place] == []
    assert "omit-lockfile-registry-resolved=true" in (ROOT / "web/.npmrc").read_text()


def test_every_npm_package_is_pinned_by_its_hash() -> None:
    lock = json.loads((ROOT / "web/package-lock.json").read_text())

    assert [
        name for name, one in lock["packages"].items() if name and not one.get("link") and "integrity" not in one
    ] == []


@pytest.mark.parametrize("shape", SECRET_SHAPES)
def test_there_is_no_secret_in_the_tree(shape: str) -> None:
    pattern = re.compile(shape)
    places = [path.relative_to(ROOT) for path in tracked() if pattern.search(path.read_text(errors="replace"))]

    assert [place for place in places if place.name != Path(__file__).name] == []


def test_no_file_names_a_folder_of_the_machine_that_it_was_written_on() -> None:
    places = ["/" + "work/shared", "/" + "work/main", str(ROOT)]
    if Path.home().is_relative_to("/home") or Path.home() == Path("/root"):
        places.append(f"{Path.home()}/")
    pattern = re.compile("|".join(rf"(?<![\w./-]){re.escape(place)}" for place in places if place.count("/") > 1))

    assert [path.relative_to(ROOT) for path in tracked() if pattern.search(path.read_text(errors="replace"))] == []
