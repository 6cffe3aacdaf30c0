"""The page on adding a kind, followed to the letter: by a newcomer in the source, and as a package of its own."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hatch_build
import pytest

from tests.support.bands import KIND, Cores, band, make_cores, said_of
from tests.support.pages import Page, read_page
from tests.support.server import RunningServer

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "add-a-kind.md"
COPIED = ("src/karat", "tests", "contract", "docs/reference", "scripts", "pyproject.toml", "go.py", "hatch_build.py")


@pytest.fixture(scope="module")
def page() -> Page:
    return read_page(PAGE)


def environment(*paths: Path) -> dict[str, str]:
    """Of a program that finds Python code in these folders first, and knows nothing of this test run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KARAT_", "PYTEST_"))}
    return kept | {"PYTHONPATH": os.pathsep.join(map(str, paths)), "OMP_NUM_THREADS": "1"}


def run(command: list[str | Path], cwd: Path, *paths: Path) -> str:
    done = subprocess.run(command, cwd=cwd, env=environment(*paths), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


# -- in the source ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def copy(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source in which the page was followed."""
    root = tmp_path_factory.mktemp("followed")
    unwanted = shutil.ignore_patterns("__pycache__", "static", "screenshots")
    for name in COPIED:
        source, target = ROOT / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target, ignore=unwanted) if source.is_dir() else shutil.copy(source, target)
    (root / ".venv").symlink_to(sys.prefix)
    shutil.copytree(ROOT / "web", root / "web", ignore=shutil.ignore_patterns("node_modules"))
    if (ROOT / "web" / "node_modules").exists():
        (root / "web" / "node_modules").symlink_to(ROOT / "web" / "node_modules")
    page.follow(root, below="src")
    for folder in ("contract", "docs", "tests", "web"):
        page.follow(root, below=folder)
    return root


def test_no_line_of_the_source_knows_the_kind_before_the_page_is_followed() -> None:
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "web" / "src").rglob("*.ts*")]
    assert [one for one in sources if KIND in one.read_text()] == []


def test_the_commands_of_the_page_pass_where_it_was_followed(page: Page, copy: Path) -> None:
    assert page.commands
    for commands in page.commands:
        said = run(["bash", "-euc", commands], copy, copy / "src")
    assert KIND in said


def test_the_cases_of_the_page_notice_a_kind_that_errs(copy: Path) -> None:
    module = copy / "src/karat/modalities/image/band.py"
    right = wrong = module.read_text()
    for good, bad in (("(b.bottom - b.top) - shared", "(b.bottom - b.top)"), ("0 <= edge <= height", "0 <= edge")):
        assert good in wrong
        wrong = wrong.replace(good, bad)
    module.write_text(wrong)
    command = [sys.executable, "-m", "pytest", "-q", "--noconftest", "tests/modalities/test_kinds.py"]
    failed = subprocess.run(
        command, cwd=copy, env=environment(copy / "src"), capture_output=True, text=True, check=False
    )
    module.write_text(right)
    for noticed in ("test_overlap_is", "test_similarity_is", "test_a_payload_is_judged"):
        assert f"FAILED tests/modalities/test_kinds.py::{noticed}" in failed.stdout, failed.stdout


@pytest.mark.skipif(
    not (ROOT / "web" / "node_modules").exists(), reason="the packages of the web app are not installed"
)
def test_the_web_app_judges_the_contract_alike(copy: Path) -> None:
    folder, _ = hatch_build.node_tools()
    node, packages = Path(folder) / "node", copy / "web/node_modules"
    run([node, packages / "vitest/vitest.mjs", "run", "src/modalities/image/band"], copy / "web")
    run([node, packages / "@biomejs/biome/bin/biome", "check", "src/modalities/image/band"], copy / "web")
    types = subprocess.run(
        [node, packages / "typescript/bin/tsc", "--noEmit"],
        cwd=copy / "web",
        capture_output=True,
        text=True,
        check=False,
    )
    assert types.returncode == 0 or "error TS" in types.stdout, types.stderr
    assert "image/band" not in types.stdout, types.stdout


# -- as a package -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def installed(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the page's package is installed: its wheel, built by the page's own pyproject."""
    root = tmp_path_factory.mktemp("package")
    page.follow(root, below="karat-band")
    (root / "karat-band" / "karat_band.py").write_text(page.files["src/karat/modalities/image/band.py"])
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", root], root / "karat-band")
    with zipfile.ZipFile(next(root.glob("*.whl"))) as wheel:
        wheel.extractall(root / "site")
    return root / "site"


def test_an_installed_package_brings_its_kind(installed: Path) -> None:
    kinds = json.loads(run([sys.executable, "-m", "karat", "kinds", "--json"], ROOT, ROOT / "src", installed))
    assert kinds[-1] == {"name": KIND, "modality": "image", "title": "Bands across the image"}


def test_a_package_that_is_broken_ends_the_start_with_a_reason(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(installed, tmp_path / "site")
    (tmp_path / "site" / "karat_band.py").write_text("from karat.modalities import Mood\n")
    failed = subprocess.run(
        [sys.executable, "-m", "karat", "kinds"],
        env=environment(ROOT / "src", tmp_path / "site"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    for said in ("karat-band", "karat_band:IMAGE_BAND", "cannot import name 'Mood'", "uninstall it"):
        assert said in failed.stderr


# -- a project of it ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
async def server(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    paths = os.pathsep.join(map(str, (ROOT / "src", installed)))
    running = RunningServer(tmp_path_factory.mktemp("bands") / "data", {"PYTHONPATH": paths})
    await running.start()
    yield running
    running.stop()


@pytest.fixture
def cores(server: RunningServer) -> Iterator[Cores]:
    with make_cores(server.url, server.owner_key, 24) as made:
        yield made


def test_a_project_of_the_new_kind_comes_to_a_certificate_that_verifies_offline(
    cores: Cores, installed: Path, tmp_path: Path
) -> None:
    cores.label()
    state, n_reviewed = cores.certify()
    assert n_reviewed, "where the three disagreed a reviewer decided"
    assert state["error"]["upper_bound"] <= 0.2
    assert {one["name"] for one in state["classes"]} == {"clay", "sand"}
    skills = [one for one in state["people"] if one["detection"] is not None]
    assert len(skills) == 3
    assert all(one["overlap"] > 0.8 and one["detection"] > 0.8 for one in skills)

    labels = cores.export()
    delivered = {line["name"]: line["annotations"] for line in map(json.loads, labels.splitlines())}
    assert {name: said_of(there) for name, there in delivered.items()} == {
        name: said_of(there) for name, there in cores.truth.items()
    }
    (tmp_path / "labels.jsonl").write_bytes(labels)
    certificate = cores.file(f"/api/certificates/{state['error']['certificate_id']}/file")
    (tmp_path / "certificate.json").write_bytes(certificate)
    assert "FAILED" not in verify(tmp_path, ROOT / "src", installed)
    elsewhere = verify(tmp_path, ROOT / "src")
    assert "FAILED   losses" in elsewhere
    assert f"no kind '{KIND}'" in elsewhere, "where the package is not installed it is said what is missing"
    (tmp_path / "labels.jsonl").write_bytes(labels.replace(b'"wet":true', b'"wet":false', 1))
    assert "FAILED   labels" in verify(tmp_path, ROOT / "src", installed)


def test_what_is_wrong_with_a_band_is_said_and_a_format_without_a_place_for_it_refuses(cores: Cores) -> None:
    work = next(cores.take(cores.annotators[0], "label"))
    refused = cores.annotators[0].answer(work, [band("clay", 150, 250), band("sand", 10, 40, wet=True)])
    assert refused.status_code == 422
    assert [(one["code"], one["where"]) for one in refused.json()["faults"]] == [
        ("band.outside", "annotations.0.payload.bottom"),
        ("attribute.unknown", "annotations.1.payload.attributes.wet"),
    ]
    assert all(one["hint"] for one in refused.json()["faults"])
    for name in ("coco", "csv"):
        refused = cores.owner.http.post(f"{cores.path}/exports", json={"format": name})
        assert refused.json()["code"] == "format.not_expressible"


def verify(folder: Path, *paths: Path) -> str:
    """What the command says of the certificate and the labels in the folder; the exit status must say the same."""
    command = [sys.executable, "-m", "karat", "certificate", "verify", "certificate.json", "--labels", "labels.jsonl"]
    done = subprocess.run(command, cwd=folder, env=environment(*paths), capture_output=True, text=True, check=False)
    assert done.returncode == ("FAILED" in done.stdout), f"{done.stdout}\n{done.stderr}"
    return done.stdout
