"""`models`: registered, uploaded, tried and chosen from the command line, without a server."""

import json
import pickle
from pathlib import Path

from karat_client import Client
from tests.cli.conftest import Karat, Served
from tests.models.made import text_model
from tests.sdk.conftest import until


def test_a_model_goes_from_its_file_to_predictions(karat: Karat, served: Served, tmp_path: Path) -> None:
    with Client(served.url, (served.data_dir / "owner.key").read_text()) as client:
        dataset = client.datasets.create("T", "text")
        client.datasets.upload(dataset, b"id,text\n1,one\n2,two\n", filename="a.csv")
        project = str(client.projects.create("P", dataset, kind="text.class", classes=["a", "b"]).id)
        until(lambda: client.projects.get(project).n_tasks == 2)
    here = ("--data-dir", served.data_dir)
    added = karat("models", "add", "Mine", "--kind", "text.class", "--adapter", "onnx", "--json", *here)
    assert added.returncode == 0, added.stderr
    model = json.loads(added.stdout)["id"]

    bad = tmp_path / "model.onnx"
    bad.write_bytes(pickle.dumps([1]))
    refused = karat("models", "upload", model, bad, *here)
    assert refused.returncode == 1
    assert "Python pickle" in refused.stderr and "torch.onnx.export" in refused.stderr
    assert "Traceback" not in refused.stderr

    good = tmp_path / "good.onnx"
    good.write_bytes(text_model())
    assert karat("models", "upload", model, good, "--name", "v1", *here).returncode == 0
    tried = karat("models", "test", model, "--project", project, *here)
    assert tried.returncode == 0, tried.stderr
    assert "ms (median)" in tried.stdout
    used = karat("models", "use", project, model, *here)
    assert used.returncode == 0, used.stderr
    assert "2 of 2 predicted, 0 faults." in used.stdout

    (version,) = json.loads(karat("models", "versions", model, "--json", *here).stdout)
    assert (version["name"], version["n_bytes"]) == ("v1", len(text_model()))
    again = karat("models", "predict", "P", "--only-new", *here)
    assert again.returncode == 0 and "0 of 0 predicted" in again.stdout, again.stderr
    assert "learns here" in karat("models", "stop-using", "P", *here).stdout

    rows = tmp_path / "said.jsonl"
    rows.write_text('{"external_id": "1", "label_class": "a", "score": 0.9}\n{"external_id": "9"}\n')
    read = karat("models", "import", project, rows, "--model", "Night", *here)
    assert read.returncode == 0, read.stderr
    assert "1 of 2 predicted" in read.stdout and "line 2" in read.stderr
    assert [one["source"] for one in json.loads(karat("models", "runs", "P", "--json", *here).stdout)] == [
        "file",
        "model",
        "model",
    ]
    assert karat("models", "change", model, "--name", "Mine", *here).stdout == f"{model}  Mine\n"
    listed = json.loads(karat("models", "list", "--json", *here).stdout)
    found = {one["name"]: one for one in listed}
    assert [(found[name]["adapter"], found[name]["n_predictions"]) for name in ("Night", "Mine")] == [
        ("import", 1),
        ("onnx", 2),
    ]
    assert found["Mine"]["error"]["code"] == "model.pickle"


def test_settings_that_are_none_are_told_with_their_place(karat: Karat, served: Served, tmp_path: Path) -> None:
    here = ("--data-dir", served.data_dir)
    wrong = tmp_path / "settings.json"
    wrong.write_text('{"input": {"resize": "shrink"}}')
    add = ("models", "add", "M", "--kind", "image.class", "--adapter", "onnx", "--settings", wrong, *here)
    refused = karat(*add)
    assert refused.returncode == 1 and "resize" in refused.stderr
    wrong.write_text("[")
    assert "no JSON object" in karat(*add).stderr
    inside = ("models", "add", "M", "--kind", "text.class", "--adapter", "http", "--url", "http://10.0.0.1/", *here)
    assert "KARAT_OUTBOUND_ALLOW" in karat(*inside).stderr
