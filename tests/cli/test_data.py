"""`datasets`, `projects`, `jobs`, `audit`: the owner's work on a folder, with a server and without one."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest

from karat.formats import DeliveredLabel, format_named
from karat_client import Client
from tests.cli.conftest import Karat, Served
from tests.sdk.conftest import until


@pytest.fixture(scope="module")
def project(served: Served) -> str:
    """The id of a project over three texts."""
    with Client(served.url, (served.data_dir / "owner.key").read_text()) as client:
        dataset = client.datasets.create("Texts", "text")
        client.datasets.upload(dataset, b"text\none\ntwo\nthree\n", filename="a.csv")
        made = client.projects.create("Greetings", dataset, kind="text.class", classes=["yes", "no"])
        until(lambda: client.projects.get(made).n_tasks == 3)
        return str(made.id)


@pytest.fixture(scope="module")
def stopped(own: Served) -> Path:
    """A folder with some sealed entries of its record, whose server has stopped."""
    with Client(own.url, (own.data_dir / "owner.key").read_text()) as client:
        for name in ("One", "Two", "Three"):
            client.datasets.create(name, "text")
        until(lambda: all(one.sealed for one in client.audit.list()))
    assert own.stop() == 0
    return own.data_dir


def test_a_folder_comes_in_beside_a_running_server(karat: Karat, served: Served, papers: Path) -> None:
    done = karat("datasets", "import", papers / "photos", "--name", "Photos", "--data-dir", served.data_dir, "--json")

    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)["import"]
    assert (made["state"], made["n_added"], made["n_faults"]) == ("done", 3, 0)
    (one,) = [
        one
        for one in json.loads(karat("datasets", "list", "--json", "--data-dir", served.data_dir).stdout)
        if one["id"] == made["dataset_id"]
    ]
    assert (one["name"], one["modality"], one["n_assets"]) == ("Photos", "image", 3)


def test_without_a_server_rows_that_cannot_be_taken_are_listed_and_the_others_stay(
    karat: Karat, stopped: Path, tmp_path: Path
) -> None:
    table = tmp_path / "texts.csv"
    table.write_text("id,text\na,hello\na,again\nb,\n")

    done = karat("datasets", "import", table, "--data-dir", stopped)

    assert done.returncode == 0
    assert "1 assets added" in done.stdout
    assert "row 3: The id 'a'" in done.stderr
    assert "row 4: The text is empty." in done.stderr


def test_an_import_of_nothing_usable_fails(karat: Karat, served: Served, tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")

    assert karat("datasets", "import", tmp_path / "broken.png", "--data-dir", served.data_dir).returncode == 1


def test_labels_are_exported_by_the_name_of_their_project(
    karat: Karat, served: Served, project: str, tmp_path: Path
) -> None:
    out = tmp_path / "labels.jsonl"

    done = karat("projects", "export", "Greetings", "--out", out, "--data-dir", served.data_dir, "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["n_labels"] == 3
    with out.open("rb") as stream:
        labels = list(format_named("karat-jsonl").read(stream))
    assert all(isinstance(label, DeliveredLabel) for label in labels)
    assert len(labels) == 3


def test_a_project_that_is_not_there_is_said_in_one_line(karat: Karat, served: Served, tmp_path: Path) -> None:
    done = karat("projects", "export", "Farewells", "--out", tmp_path / "labels", "--data-dir", served.data_dir)

    assert done.returncode == 1
    assert done.stderr.startswith("Error: There is no such project.")
    assert list(tmp_path.iterdir()) == []


def test_the_lists_name_what_there_is(karat: Karat, served: Served, project: str) -> None:
    assert "Greetings" in karat("projects", "list", "--data-dir", served.data_dir).stdout
    assert "Import a.csv" in karat("jobs", "list", "--limit", "500", "--data-dir", served.data_dir).stdout


def test_the_audit_chain_is_whole_until_a_row_is_changed_and_then_located(
    karat: Karat, stopped: Path, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "checkpoint.json"
    checkpoint.write_text(karat("audit", "checkpoint", "--data-dir", stopped).stdout)
    whole = karat("audit", "verify", "--data-dir", stopped, "--checkpoint", checkpoint, "--json")
    assert whole.returncode == 0, whole.stderr
    assert json.loads(whole.stdout)["is_whole"]

    change_row(stopped)

    broken = karat("audit", "verify", "--data-dir", stopped, "--json")
    assert broken.returncode == 1
    assert json.loads(broken.stdout)["broken"] | {"said": ""} == {"position": 2, "code": "entry.changed", "said": ""}


def change_row(data_dir: Path) -> None:
    """What somebody with the rights of the database's owner could do."""
    from karat.database.supervisor import embedded_postgres

    async def change() -> None:
        async with embedded_postgres(data_dir) as server:
            connection = await asyncpg.connect(server.url())
            await connection.execute("UPDATE audit_entry SET subject = subject || '!' WHERE position = 2")
            await connection.close()

    loop = asyncio.new_event_loop()
    loop.run_until_complete(change())
    loop.close()


def test_a_project_moves_by_two_commands_and_is_cloned_by_one(
    karat: Karat, served: Served, project: str, tmp_path: Path
) -> None:
    here = ("--json", "--data-dir", served.data_dir)
    packed = karat("projects", "archive", project, tmp_path / "greetings.zip", *here)
    assert packed.returncode == 0, packed.stderr
    assert json.loads(packed.stdout)["n_bytes"] == (tmp_path / "greetings.zip").stat().st_size
    done = karat("projects", "import", tmp_path / "greetings.zip", *here)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert made["origin"]["project_id"] == project
    cloned = json.loads(karat("projects", "clone", project, "Again", *here).stdout)
    listed = json.loads(karat("projects", "list", *here).stdout)
    assert {made["project_id"], cloned["id"], project} <= {one["id"] for one in listed}
    (tmp_path / "greetings.zip").write_bytes((tmp_path / "greetings.zip").read_bytes()[:-100])
    broken = karat("projects", "import", tmp_path / "greetings.zip", "--data-dir", served.data_dir)
    assert broken.returncode == 1
    assert "cut short" in broken.stderr


def test_the_templates_are_listed_without_a_folder(karat: Karat, tmp_path: Path) -> None:
    done = karat("projects", "templates", "--json", KARAT_DATA_DIR=str(tmp_path / "none"))
    assert done.returncode == 0, done.stderr
    assert {"street-scene", "sentiment"} <= {one["name"] for one in json.loads(done.stdout)}
