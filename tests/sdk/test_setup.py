"""Setting a project up, beginning it by a pilot, copying it, taking it elsewhere."""

from pathlib import Path

import pytest

from karat_client import (
    Attribute,
    Budget,
    Client,
    Conflict,
    DownloadDamaged,
    Example,
    Invalid,
    JobFailed,
    LabelClass,
    NewPilot,
    QualityTarget,
    Section,
)
from tests.sdk.conftest import text_project, until, upload_texts


def test_a_template_is_taken_and_what_is_given_takes_its_place(client: Client) -> None:
    template = next(one for one in client.templates.list("text") if one.name == "sentiment")
    assert {one.modality for one in client.templates.list("text")} == {"text"}
    dataset = client.datasets.create("Mails", "text")
    budget = Budget(max_cost=10_000, price=25, currency="EUR")

    project = client.projects.create(
        "Mood", dataset, template="sentiment", target=QualityTarget(error=0.03, budget=budget), instructions="Short."
    )

    assert [one.name for one in project.ontology.classes] == [one.name for one in template.classes]
    assert (project.target.error, project.target.budget, project.instructions.text) == (0.03, budget, "Short.")
    left = client.projects.overview(project).budget
    assert left is not None
    assert left.allowed == 400


def test_instructions_have_sections_and_examples_and_keep_their_versions(client: Client) -> None:
    dataset = client.datasets.create("Texts", "text")
    upload_texts(client, dataset, 2)
    good, bad = client.datasets.assets(dataset)
    section = Section(label_class="a", text="First.", good=(Example(asset_id=good.id, caption="So."),))
    project = client.projects.create("Sections", dataset, kind="text.class", classes=["a", "b"], sections=[section])

    client.projects.change(project, sections=[section, Section(title="Not so", bad=(Example(asset_id=bad.id),))])

    now, before = client.projects.instructions(project), client.projects.instructions(project, 1)
    assert (now.version, now.is_current, before.is_current) == (2, True, False)
    assert [one.title for one in now.sections] == ["", "Not so"]
    assert before.sections[0].good[0].asset.id == good.id
    wrong = Section(title="x", good=(Example(asset_id=project.id),))
    with pytest.raises(Invalid) as refused:
        client.projects.change(project, sections=[wrong])
    assert refused.value.faults[0].where == "sections.0.good.0.asset_id"


def test_boxes_have_attributes(client: Client) -> None:
    tone = Attribute(name="tone", type="select", options=("warm", "cold"), applies_to=("cup",))
    dataset = client.datasets.create("Cups", "image")

    project = client.projects.create(
        "Cups", dataset, kind="image.box", classes=[LabelClass(name="cup", title="Cup")], attributes=[tone]
    )

    assert (project.ontology.attributes, project.ontology.classes[0].title) == ((tone,), "Cup")


def test_a_pilot_comes_first_and_its_lead_starts_the_rest(client: Client) -> None:
    dataset = client.datasets.create("Texts", "text")
    upload_texts(client, dataset, 8)
    pilot = NewPilot(n_tasks=5, overlap=1)
    project = client.projects.create("Pilot", dataset, kind="text.class", classes=["a", "b"], pilot=pilot)
    until(lambda: client.projects.get(project).pilot.state == "running")  # type: ignore[union-attr]

    changed = client.projects.change(project, target={"error": 0.2, "budget": Budget(max_answers=100)})
    assert (changed.target.error, changed.target.budget) == (0.2, Budget(max_answers=100))
    assert client.projects.change(project, target={"budget": None}).target.budget is None
    started = client.projects.start(project)

    assert started.pilot and started.pilot.state == "started"
    with pytest.raises(Conflict) as over:
        client.projects.start(project)
    assert over.value.code == "project.no_pilot"


def test_a_clone_takes_over_what_is_wished(client: Client) -> None:
    project = text_project(client, 1, error=0.2)
    client.projects.change(project, instructions="Look.")

    whole, bare = client.projects.clone(project, "Again"), client.projects.clone(project, "Bare", parts=())

    assert (whole.target, whole.instructions.text, whole.dataset_id) == (project.target, "Look.", project.dataset_id)
    assert (bare.target.error, bare.instructions.text) == (QualityTarget().error, "")
    assert whole.ontology.classes == bare.ontology.classes == project.ontology.classes


def test_a_project_is_written_to_a_file_and_brought_in_again(client: Client, tmp_path: Path) -> None:
    project = text_project(client, 2)
    client.work.submit(client.work.next(project).items[0], "a")

    path = client.archives.save(project, tmp_path / "project.zip")
    brought = client.archives.upload(path)

    (made,) = client.archives.list(project)
    assert client.archives.get(made).n_bytes == path.stat().st_size
    assert brought.project_id and brought.origin and brought.origin.project_id == project.id
    there = client.projects.get(brought.project_id)
    assert (there.name, there.state, there.n_tasks) == (project.name, "paused", 2)
    assert client.projects.overview(there).answers.people == 1
    assert brought.id in {one.id for one in client.archives.imports()}
    again = client.archives.download(made, tmp_path)
    assert again.read_bytes() == path.read_bytes()


def test_an_archive_that_is_cut_or_not_there_yet_is_told(client: Client, tmp_path: Path) -> None:
    project = text_project(client, 1)
    whole = client.archives.save(project, tmp_path / "whole.zip", media="referenced").read_bytes()

    with pytest.raises(JobFailed) as failed:
        client.archives.upload(whole[:-100])
    assert "cut short" in str(failed.value)
    assert not isinstance(failed.value, DownloadDamaged)
    started = client.archives.start(project)
    if client.archives.get(started).state != "done":
        with pytest.raises(Conflict, match="not done"):
            client.archives.download(started, tmp_path / "early.zip")
    client.archives.wait(started, timeout=60)
