"""The house stands as it is drawn: imports go down, the drawing names every package, the server stays light."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "scipy", "sklearn", "cv2", "PIL", "sqlalchemy", "alembic")


def layers() -> list[set[str]]:
    """The floors of the contract, from the top."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (contract,) = project["tool"]["importlinter"]["contracts"]
    return [{name.strip().removeprefix("karat.") for name in layer.split("|")} for layer in contract["layers"]]


def imported_by(statement: str) -> set[str]:
    """Top-level packages that are loaded after a statement in a fresh Python."""
    code = f"{statement}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r})\n{code}"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_imports_go_down_the_floors() -> None:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": "src"}, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_has_its_floor() -> None:
    packages = {path.parent.name for path in (ROOT / "src/karat").glob("*/__init__.py")}
    modules = {path.stem for path in (ROOT / "src/karat").glob("[a-z]*.py")}

    assert set().union(*layers()) == packages | modules


def test_the_drawing_of_the_floors_is_the_contract() -> None:
    drawn = (ROOT / "ARCHITECTURE.md").read_text().split("<!-- floors -->")[1].split("\n\n")[0]
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \|", drawn, re.MULTILINE)

    assert [set(re.findall(r"`(\w+)`", names)) for _, names in rows] == layers()
    assert [int(floor) for floor, _ in rows] == list(range(len(rows), 0, -1))


def test_the_server_imports_no_heavy_library() -> None:
    assert imported_by("import karat.api.serve, karat.quality.service").isdisjoint(HEAVY)


def test_the_command_line_starts_without_what_only_its_commands_need() -> None:
    assert imported_by("import karat.cli.main").isdisjoint(
        {*HEAVY, "pydantic", "fastapi", "asyncpg", "httpx", "uvloop"}
    )
