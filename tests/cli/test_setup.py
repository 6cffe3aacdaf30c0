"""Projects from the command line: made from templates, changed, begun by a pilot, copied, moved."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from karat.cli.errors import TasksNotMade
from karat.cli.project_setup import filled
from karat.cli.shell import Here, explain
from karat.errors import KaratError
from karat.jobs import JobCancelled
from karat.tasks import create_project
from karat.tasks.types import NewProject
from karat_client import Client
from tests.cli.conftest import Karat, Served
from tests.support.world import World


@pytest.fixture
def here(karat: Karat, served: Served) -> Callable[..., Any]:
    """Run a command on the server's folder and read the JSON that it prints."""

    def run(*arguments: str | Path, given: bytes = b"") -> Any:
        done = karat(*arguments, "--json", "--data-dir", served.data_dir, given=given)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="module")
def mails(karat: Karat, served: Served, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A dataset of ten texts."""
    table = tmp_path_factory.mktemp("mails") / "mails.csv"
    table.write_text("id,text\n" + "".join(f"m{at},mail {at}\n" for at in range(10)))
    done = karat("datasets", "import", table, "--name", "Mails", "--data-dir", served.data_dir)
    assert done.returncode == 0, done.stderr
    return "Mails"


def test_a_project_comes_from_a_template_has_a_pilot_and_starts(
    karat: Karat, served: Served, here: Callable[..., Any], mails: str
) -> None:
    wish = ("--template", "sentiment", "--error", "0.05", "--max-answers", "200", "--pilot", "5", "--instructions", "-")
    made = here("projects", "create", "Mood", mails, *wish, given=b"Look twice.")
    assert (made["target"]["error"], made["target"]["budget"]["max_answers"]) == (0.05, 200)
    assert (made["instructions"]["text"], made["pilot"]["n_tasks"]) == ("Look twice.", 5)
    assert "positive" in {one["name"] for one in made["ontology"]["classes"]}

    assert here("projects", "show", "Mood")["phase"] == "pilot"
    said = karat("projects", "show", "Mood", "--data-dir", served.data_dir).stdout
    assert "A pilot comes first" in said and "budget: 0 of 200 answers used" in said
    assert here("projects", "start", made["id"])["pilot"]["state"] == "started"
    again = karat("projects", "start", "Mood", "--data-dir", served.data_dir)
    assert again.returncode == 1 and "no pilot" in again.stderr

    changed = here("projects", "change", "Mood", "--pause", "--no-budget", "--name", "Mood 2", "--error", "0.1")
    assert (changed["state"], changed["name"], changed["target"]["budget"]) == ("paused", "Mood 2", None)
    cloned = here("projects", "clone", "Mood 2", "Third", "--pilot", "--dataset", mails)
    assert (cloned["pilot"]["n_tasks"], cloned["n_tasks"], cloned["target"]["error"]) == (5, 10, 0.1)


def test_a_project_of_classes_is_made_without_a_template(here: Callable[..., Any], mails: str) -> None:
    settings = json.dumps({"sections": [{"label_class": "yes", "text": "If so."}], "target": {"max_answers": 3}})
    wish = ("--kind", "text.class", "--class", "yes", "--class", "no", "--overlap", "2", "--settings", "-")
    made = here("projects", "create", "Plain", mails, *wish, given=settings.encode())
    assert [one["name"] for one in made["ontology"]["classes"]] == ["yes", "no"]
    assert (made["target"]["overlap"], made["target"]["max_answers"], made["n_tasks"]) == (2, 3, 10)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (("--template", "nothing"), "There is no such template"),
        (("--kind", "text.class", "--class", "a", "--error", "2"), "target.error"),
        (("--template", "sentiment", "--max-cost", "100"), "price"),
        (("--template", "sentiment", "--pilot", "1"), "pilot.n_tasks"),
        (("--template", "sentiment", "--settings", "no.json"), "cannot be read"),
        ((), "kind"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_project_is_told_at_its_place(
    karat: Karat, served: Served, mails: str, wish: tuple[str, ...], said: str
) -> None:
    done = karat("projects", "create", "Wrong", mails, *wish, "--data-dir", served.data_dir)

    assert done.returncode == 1
    assert done.stderr.startswith("Error: ") and said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("target", [None, [], "0.1", 3], ids=repr)
@pytest.mark.parametrize("command", [("create", "Wrong", "Mails"), ("change", "Any")], ids=lambda words: words[0])
def test_a_target_in_the_settings_that_is_no_object_is_told_with_its_place(
    karat: Karat, served: Served, mails: str, command: tuple[str, ...], target: object
) -> None:
    settings = json.dumps({"target": target}).encode()

    done = karat(
        "projects", *command, "--error", "0.1", "--settings", "-", "--data-dir", served.data_dir, given=settings
    )

    assert done.returncode == 1
    assert done.stderr.startswith("Error: What was given is not valid.") and "  target: It is no object" in done.stderr
    assert "Traceback" not in done.stderr


class Lost(KaratError):
    """The texts are gone."""


@pytest.mark.parametrize(
    ("error", "said"), [(Lost(), "reason: The texts are gone."), (JobCancelled(), "reason: the job was cancelled")]
)
async def test_a_project_whose_tasks_could_not_be_made_fails_the_command_with_what_to_try(
    world: World, monkeypatch: pytest.MonkeyPatch, error: KaratError, said: str
) -> None:
    async def broken(_run: object) -> None:
        raise error

    monkeypatch.setattr("karat.tasks.fill", broken)
    dataset = await world.text_dataset(["one", "two"])
    new = NewProject(name="P", dataset_id=UUID(dataset), template="sentiment")
    async with world.engine.database.transaction(world.tenant_id) as db:
        made = await create_project(db, world.owner.caller, new)

    with pytest.raises(TasksNotMade) as failed:
        await filled(Here(world.engine, world.owner.caller), made)

    (line,) = explain(failed.value) or []
    assert "`karat jobs retry`" in line and said in line and str(made.id) in line


def test_a_name_that_nothing_or_too_much_has_is_told(karat: Karat, served: Served, here: Callable[..., Any]) -> None:
    none = karat("projects", "create", "x", "No such data", "--template", "sentiment", "--data-dir", served.data_dir)
    assert none.returncode == 1 and "There is no such dataset" in none.stderr
    two = [here("groups", "create", name)["id"] for name in ("Twice", "Once")]
    assert here("groups", "rename", "Once", "One more")["id"] == two[1]
    assert karat("groups", "delete", "Once", "--data-dir", served.data_dir).returncode == 1


def test_a_certificate_is_listed_saved_and_verified_with_the_key_of_the_house(
    karat: Karat, served: Served, here: Callable[..., Any], tmp_path: Path
) -> None:
    with Client(served.url, (served.data_dir / "owner.key").read_text()) as client:
        dataset = client.datasets.create("Certain", "text")
        client.datasets.upload(dataset, b"text\none\ntwo\nthree\n", filename="certain.csv")
        project = client.projects.create("Certain", dataset, kind="text.class", classes=["a", "b"])
        client.work.answer_all(project, lambda _work: "a", timeout=120)
    (one,) = here("certificate", "list", "Certain")
    assert one["n_labels"] == 3
    folder = ("--data-dir", served.data_dir)
    saved, labels = tmp_path / "certificate.json", tmp_path / "labels.jsonl"
    assert karat("certificate", "save", one["id"], saved, *folder).returncode == 0
    here("projects", "export", "Certain", "--out", labels)
    key = karat("certificate", "key", *folder).stdout.strip()

    verified = karat("certificate", "verify", saved, "--labels", labels, "--public-key", key)

    assert verified.returncode == 0, verified.stdout
    nowhere = karat("certificate", "save", one["id"], tmp_path / "none" / "c.json", *folder)
    assert nowhere.returncode == 1 and "cannot be written" in nowhere.stderr
