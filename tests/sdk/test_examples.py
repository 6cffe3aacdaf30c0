"""The examples of the client run as they stand, against a real server."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from karat_client import Client, QualityTarget
from tests.sdk.conftest import make_photos, until
from tests.support.server import ROOT, RunningServer

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "sdk" / "README.md", ROOT / "docs" / "how-to" / "use-the-python-client.md"]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def run(code: list[str], folder: Path, server: RunningServer) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT / "sdk" / "src"),
        "KARAT_URL": server.url,
        "KARAT_API_KEY": server.owner_key,
    }
    done = subprocess.run(
        [sys.executable, *code], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_of_a_page_run_in_their_order(page: Path, tmp_path: Path, server: RunningServer) -> None:
    make_photos(tmp_path / "photos", 6)
    (tmp_path / "page.py").write_text("\n".join(BLOCK.findall(page.read_text())))

    assert BLOCK.findall(page.read_text())
    run(["page.py"], tmp_path, server)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_of_a_page_leads_to_a_file_that_is_there(page: Path) -> None:
    assert not {link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()}


def test_the_story_is_told_in_fifteen_lines_and_ends_with_certified_labels(
    tmp_path: Path, server: RunningServer
) -> None:
    path = ROOT / "examples" / "first_project.py"
    make_photos(tmp_path / "photos", 6)

    said = run([str(path), "photos"], tmp_path, server)

    assert len(re.findall(r"cat-\d\.png +cat", said)) == 3
    assert len(re.findall(r"dog-\d\.png +dog", said)) == 3
    tree = ast.parse(path.read_text())
    lines = {node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)} - {tree.body[0].lineno}
    assert len(lines) <= 15


def test_a_model_answers_what_it_is_sure_of(tmp_path: Path, server: RunningServer, client: Client) -> None:
    dataset = client.datasets.create("Mails", "text")
    rows = "id,text\na,I am calm.\nb,What!! Now!!\nc,Well!\n"
    client.datasets.upload(dataset, rows.encode(), filename="mails.csv")
    overlap = QualityTarget(overlap=1)
    project = client.projects.create("Mood", dataset, kind="text.class", classes=["calm", "angry"], target=overlap)
    until(lambda: client.projects.get(project).n_tasks == 3)

    run([str(ROOT / "examples" / "pre_label_with_a_model.py"), str(project.id)], tmp_path, server)

    answered = {row.asset.external_id for row in client.tasks.list(project) if row.n_answers}
    assert answered == {"a", "b"}


def test_the_story_of_the_readme_is_the_example() -> None:
    story = "\n".join((ROOT / "examples" / "first_project.py").read_text().splitlines()[7:])
    begin = story.index("with Client()")

    assert story[begin:].strip().replace("sys.argv[1]", '"photos"') in (ROOT / "sdk" / "README.md").read_text()
