"""Models of one's own, and what they say."""

import json
import pickle
from pathlib import Path
from uuid import uuid4

import pytest

from karat_client import (
    Client,
    Conflict,
    HttpSettings,
    Invalid,
    LabelStudioSettings,
    NotFound,
    OnnxInput,
    OnnxSettings,
    SourceUnusable,
)
from tests.models.made import text_model
from tests.models.servers import model_server
from tests.sdk.conftest import text_project


def test_an_onnx_file_is_brought_tried_used_and_asked(client: Client, tmp_path: Path) -> None:
    project = text_project(client, 3, overlap=None)
    settings = OnnxSettings(input=OnnxInput(resize="crop"), class_map={"first": "a"})
    model = client.models.create("Mine", "text.class", settings)
    assert model.settings == settings and model.latest is None
    with pytest.raises(Invalid) as refused:
        client.models.upload(model, pickle.dumps([1]))
    assert refused.value.faults[0].code == "model.pickle" and refused.value.faults[0].hint
    assert client.models.get(model).error == refused.value.faults[0]

    (tmp_path / "m.onnx").write_bytes(text_model())
    version = client.models.upload(model, tmp_path / "m.onnx", version="2026-11")
    assert (version.version, version.name, version.n_bytes) == (1, "2026-11", len(text_model()))
    assert version.details and version.details.outputs[0].name == "probabilities"
    assert [one.id for one in client.models.versions(model)] == [version.id]
    tried = client.models.test(model, project=project, version=version, n_assets=2)
    assert tried.ok, tried.faults
    assert tried.latency and tried.latency.n == 2 and len(tried.samples) == 2
    used = client.models.use(project, model, version=version)
    assert used.version == version and used.run
    done = client.predictions.wait(used.run, timeout=60)
    assert (done.n_predicted, done.n_faults, done.source) == (3, 0, "model")
    assert client.models.of_project(project).n_predicted == 3
    again = client.predictions.wait(client.predictions.start(project, only_new=True), timeout=60)
    assert again.n_done == 0
    assert {one.id for one in client.predictions.list(project)} == {done.id, again.id}
    with pytest.raises(Conflict) as kept:
        client.models.delete(model)
    assert kept.value.code == "model.in_use"
    client.models.stop_using(project)
    with pytest.raises(NotFound):
        client.models.of_project(project)


def test_models_behind_http_are_asked_in_either_protocol(client: Client) -> None:
    answer = {"results": [{"id": "x", "probabilities": {"a": 0.5, "b": 0.5}}], "status": "UP", "model_version": "1"}
    with model_server(lambda _path, _body: answer) as there:
        one = client.models.create(
            "Remote", "text.class", HttpSettings(url=there.url, timeout_s=5), headers={"Authorization": "Bearer s"}
        )
        two = client.models.create("Backend", "text.class", LabelStudioSettings(url=there.url))
        assert (one.header_names, two.adapter) == (("Authorization",), "label-studio")
        client.models.test(one)
        assert there.seen[0][2]["authorization"] == "Bearer s"
    assert "Bearer s" not in repr(client.models.get(one))

    gone = client.models.test(one)

    assert not gone.ok and gone.faults[0].hint
    assert client.models.change(one, name="Remote, old", headers={}).header_names == ()
    assert isinstance(client.models.get(two).settings, LabelStudioSettings)
    assert {"onnx", "http", "label-studio"} <= {each.name for each in client.models.adapters()}
    client.models.delete(two)
    assert two.id not in {each.id for each in client.models.list()}


def test_predictions_come_in_a_file_and_from_memory_and_bad_lines_are_told(client: Client, tmp_path: Path) -> None:
    project = text_project(client, 4, overlap=None)
    path = tmp_path / "said.jsonl"
    rows = [{"external_id": "text-0", "label_class": "a", "score": 0.9}, {"external_id": "none", "label_class": "a"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))

    read = client.predictions.upload(project, path, model="Night", version="1", use=False)

    assert (read.source, read.name, read.n_done, read.n_predicted) == ("file", "said.jsonl", 2, 1)
    assert [fault.where for fault in client.predictions.faults(read)] == ["line 2: score"]
    with pytest.raises(NotFound):
        client.models.of_project(project)
    ids = [task.asset.id for task in client.tasks.list(project)]
    made = client.predictions.from_rows(
        project, ({"asset_id": one, "probabilities": {"a": 0.25, "b": 0.75}} for one in ids), model=f"Day {uuid4()}"
    )
    assert (made.n_predicted, made.n_faults) == (4, 0)
    assert client.models.of_project(project).model.adapter == "import"


def test_a_row_that_is_no_json_is_told_before_it_is_sent(client: Client) -> None:
    project = text_project(client, 1, overlap=None)

    with pytest.raises(SourceUnusable, match="row"):
        client.predictions.from_rows(project, [{"external_id": "a", "score": float("nan")}], model="x")
