"""`go.py` without a network: what it would run is written down instead."""

import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

GO = Path(__file__).parents[2] / "go.py"


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, working on a project that has locks, a working `.venv` and nothing else."""
    spec = importlib.util.spec_from_file_location("go", GO)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "locks").mkdir()
    for name in ("build", "run", "dev"):
        (tmp_path / "locks" / f"{name}.lock").write_text(f"{name}==1 \\\n    --hash=sha256:00\n")
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "STAMPS", tmp_path / ".venv" / "karat-installed.json")
    monkeypatch.setattr(module, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(module, "make_venv", lambda: None)
    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    return module


@pytest.fixture
def ran(go: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Every command that was run, none of which failed; clear it between two runs."""
    commands: list[list[str]] = []

    def note(command: list[object]) -> int:
        commands.append([str(part) for part in command])
        return 0

    monkeypatch.setattr(go, "step", lambda what, command, **changes: note(command))
    monkeypatch.setattr(go, "show", lambda command, *where: note(command))
    return commands


def locks_in(commands: list[list[str]]) -> list[str]:
    return [part for command in commands for part in command if part.startswith("locks/")]


def test_it_needs_nothing_but_the_standard_library() -> None:
    imports = [node for node in ast.walk(ast.parse(GO.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in imports for alias in node.names if isinstance(node, ast.Import)}
    names |= {node.module or "" for node in imports if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_old_python_is_told_which_one_is_needed() -> None:
    ast.parse(GO.read_text(), feature_version=(3, 7))  # an older one must get as far as the message
    old = f"import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path({str(GO)!r}, run_name='__main__')"
    answer = subprocess.run([sys.executable, "-c", old], capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert "needs Python 3.11" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_first_start_installs_with_hashes_and_the_second_nothing(go: ModuleType, ran: list[list[str]]) -> None:
    go.set_up("run.lock")
    assert locks_in(ran) == ["locks/build.lock", "locks/run.lock"]
    assert all("--require-hashes" in command for command in ran if locks_in([command]))
    ran.clear()
    go.set_up("run.lock")
    assert [command[1:] for command in ran] == [["hatch_build.py"]]


def test_a_changed_lock_is_installed_again(go: ModuleType, ran: list[list[str]]) -> None:
    go.set_up("run.lock")
    ran.clear()
    (go.ROOT / "locks" / "run.lock").write_text("run==2\n")
    go.set_up("run.lock")
    assert locks_in(ran) == ["locks/run.lock"]


def test_running_after_testing_installs_nothing(go: ModuleType, ran: list[list[str]]) -> None:
    go.set_up("dev.lock")
    ran.clear()
    go.set_up("run.lock")
    assert locks_in(ran) == []


def test_an_installation_that_failed_is_tried_again(
    go: ModuleType, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(go, "step", lambda what, command, **changes: 1)
        with pytest.raises(SystemExit):
            go.set_up("run.lock")
    go.set_up("run.lock")
    assert locks_in(ran) == ["locks/build.lock", "locks/run.lock"]


def test_uv_is_used_where_it_is_and_pip_when_uv_fails(
    go: ModuleType, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(go.shutil, "which", lambda name: "/bin/uv" if name == "uv" else None)
    go.install("Installing", "-r", "locks/run.lock")
    assert [command[0] for command in ran] == ["/bin/uv"]
    ran.clear()

    def only_pip_works(what: str, command: list[object]) -> int:
        ran.append([str(part) for part in command])
        return int(command[0] == "/bin/uv")

    monkeypatch.setattr(go, "step", only_pip_works)
    go.install("Installing", "-r", "locks/run.lock")
    assert [command[0] for command in ran] == ["/bin/uv", sys.executable]


def test_a_missing_browser_is_said_aloud(
    go: ModuleType, ran: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    go.find_browser()
    assert ran == []
    assert "browser tests will be skipped" in capsys.readouterr().out


def test_root_gets_chromium_from_apt(go: ModuleType, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(go.shutil, "which", lambda name: name if name == "apt-get" else None)
    monkeypatch.setattr(go.os, "geteuid", lambda: 0)
    go.find_browser()
    assert [command[1] for command in ran] == ["update", "install"]
    assert ran[1][-1] == "chromium"


def test_a_failing_step_shows_what_it_said_and_stops(go: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="Doing it"):
        go.must("Doing it", [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"])
    assert "the reason" in capfd.readouterr().out


REPORT = '<testsuites><testsuite tests="{}" failures="{}" errors="{}" skipped="{}"/></testsuites>'


@pytest.mark.parametrize(
    ("pytest_ends", "vitest_ends", "last_line", "code"),
    [
        ((9, 0, 0, 2), (5, 0, 0, 0), "12 passed, 0 failed, 2 skipped", 0),
        ((9, 1, 1, 2), (5, 0, 0, 0), "10 passed, 2 failed, 2 skipped", 1),
        ((9, 0, 0, 0), (5, 3, 0, 1), "10 passed, 3 failed, 1 skipped", 1),
        ((9, 0, 0, 0), None, "9 passed, 1 failed, 0 skipped", 1),
    ],
)
def test_the_last_line_sums_up_both_suites(
    go: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    pytest_ends: tuple[int, ...],
    vitest_ends: tuple[int, ...] | None,
    last_line: str,
    code: int,
) -> None:
    def run(command: list[object], *_: object) -> int:
        is_pytest = "pytest" in command
        ends = pytest_ends if is_pytest else vitest_ends
        if ends is None:  # it broke off before it could report
            return 1
        option = "--junitxml=" if is_pytest else "--outputFile.junit="
        [report] = [str(part).removeprefix(option) for part in command if str(part).startswith(option)]
        Path(report).write_text(REPORT.format(*ends))
        return int(any(ends[1:3]))

    monkeypatch.setattr(go, "set_up", lambda lock: None)
    monkeypatch.setattr(go, "npm", lambda: (["npm"], "/node"))
    monkeypatch.setattr(go, "show", run)
    assert go.main(["test"]) == code
    assert capsys.readouterr().out.splitlines()[-1].startswith(f"{last_line} in ")


def test_every_check_runs_also_after_one_has_failed(
    go: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names: list[str] = []
    monkeypatch.setattr(go, "set_up", lambda lock: None)
    monkeypatch.setattr(go, "npm", lambda: (["npm"], "/node"))

    def only_mypy_fails(what: str, command: list[object], **changes: str) -> int:
        names.append(what)
        return int(what == "mypy")

    monkeypatch.setattr(go, "step", only_mypy_fails)
    assert go.main(["check"]) == 1
    assert {"ruff check", "ruff format", "mypy", "import-linter", "deptry", "biome, tsc", "vitest"} | {
        "deptry of the client"
    } == set(names)
    assert capsys.readouterr().out.splitlines()[-1] == "7 passed, 1 failed; mypy"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ([], ["demo"]),
        (["--no-serve", "--port", "9"], ["demo", "--no-serve", "--port", "9"]),
        (["demo", "--no-serve"], ["demo", "--no-serve"]),
        (["serve", "--port", "9"], ["serve", "--port", "9"]),
    ],
)
def test_options_alone_mean_the_demo(
    go: ModuleType, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch, said: list[str], meant: list[str]
) -> None:
    handed_over: list[list[str]] = []
    monkeypatch.setattr(go.os, "execve", lambda program, line, environment: handed_over.append(line))
    go.main(said)
    assert [line[1:] for line in handed_over] == [meant]


def test_the_stamps_are_kept_with_what_they_describe(go: ModuleType, ran: list[list[str]]) -> None:
    go.set_up("dev.lock")
    assert set(json.loads((go.ROOT / ".venv" / "karat-installed.json").read_text())) == {
        "build.lock",
        "dev.lock",
        "pyproject.toml",
    }
