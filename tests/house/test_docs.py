"""What the pages say is true: made pages are those of the code, links lead somewhere, examples run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from scripts import make_reference

from karat.errors import KaratError
from tests.support.examples import write_examples
from tests.support.server import RunningServer

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
EXAMPLE = re.compile(r"^```sh run(?P<fails> fails)?\n(?P<commands>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("name", sorted(make_reference.pages()))
def test_a_made_page_is_what_the_code_gives(name: str) -> None:
    made = make_reference.pages()[name]

    assert (make_reference.FOLDER / name).read_text() == made, "run scripts/make_reference.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_that_is_there(page: Path) -> None:
    missing = {link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()}

    assert not missing


def test_no_two_errors_share_a_code() -> None:
    make_reference.errors()
    codes: dict[str, set[str]] = {}
    pending = [KaratError]
    while pending:
        one = pending.pop()
        pending.extend(one.__subclasses__())
        if one.__module__.startswith("karat."):
            codes.setdefault(one.code, set()).add(one.__qualname__)

    assert {code: names for code, names in codes.items() if len(names) > 1} == {}


@pytest.mark.parametrize("page", sorted((ROOT / "docs/decisions").glob("*.md")), ids=lambda page: page.stem)
def test_a_decision_says_why_what_and_at_what_price(page: Path) -> None:
    text = page.read_text()

    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert "\n## Context\n" in text
    assert "\n## Decision\n" in text


@pytest.fixture(scope="module")
async def example_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the examples of the pages find what they speak of; no server runs on it any more."""
    folder = tmp_path_factory.mktemp("examples")
    write_examples(folder)
    server = RunningServer(folder / "karat-data")
    await server.start()
    server.stop()
    return folder


@pytest.mark.parametrize(
    "page", [page for page in PAGES if EXAMPLE.search(page.read_text())], ids=lambda page: page.stem
)
def test_the_examples_of_a_page_run_in_their_order(page: Path, example_folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KARAT_")}
    environment["PYTHONPATH"] = str(ROOT / "src")
    begin = f'set -eu\nkarat() {{ {sys.executable} -m karat "$@"; }}\n'
    for example in EXAMPLE.finditer(page.read_text()):
        done = subprocess.run(
            ["bash", "-c", begin + example["commands"]],
            cwd=example_folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        expected = 1 if example["fails"] else 0
        assert done.returncode == expected, f"{example['commands']}\n{done.stdout}\n{done.stderr}"
