"""Commands that need no installation: `certificate verify`, `kinds`, `formats`, `quality simulate`, `bench`, `version`."""

import json
from pathlib import Path

import numpy as np

import karat as package
from karat.formats import FORMATS
from karat.modalities import KINDS
from tests.cli.conftest import Karat


def test_a_certificate_is_accepted_with_its_labels_and_its_issuers_key(karat: Karat, papers: Path) -> None:
    key = (papers / "issuer.key").read_text()

    done = karat(
        "certificate", "verify", papers / "certificate.json", "--labels", papers / "labels.jsonl", "--public-key", key
    )

    assert done.returncode == 0, done.stdout
    assert "The certificate is valid." in done.stdout
    assert "skipped" not in done.stdout


def test_without_a_key_it_is_said_that_the_signer_is_unknown(karat: Karat, papers: Path) -> None:
    done = karat("certificate", "verify", papers / "certificate.json")

    assert done.returncode == 0
    assert "give --public-key" in done.stdout


def test_a_certificate_with_one_changed_byte_is_refused(karat: Karat, papers: Path, tmp_path: Path) -> None:
    forged = tmp_path / "forged.json"
    forged.write_bytes((papers / "certificate.json").read_bytes().replace(b"Pets", b"Pots"))

    done = karat("certificate", "verify", forged, "--json")

    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert not report["is_valid"]
    assert [check["name"] for check in report["checks"] if check["passed"] is False] == ["signature"]


def test_another_issuers_key_or_other_labels_are_refused(karat: Karat, papers: Path, tmp_path: Path) -> None:
    fewer = tmp_path / "fewer.jsonl"
    fewer.write_bytes(b"".join((papers / "labels.jsonl").read_bytes().splitlines(keepends=True)[1:]))
    file = papers / "certificate.json"

    assert karat("certificate", "verify", file, "--public-key", "00" * 32).returncode == 1
    assert karat("certificate", "verify", file, "--labels", fewer).returncode == 1


def test_a_file_that_is_not_there_is_said_in_one_line(karat: Karat, tmp_path: Path) -> None:
    done = karat("certificate", "verify", tmp_path / "none.json")

    assert done.returncode == 1
    assert done.stderr.startswith("Error: The file cannot be read.")
    assert len(done.stderr.splitlines()) == 1


def test_what_is_registered_is_listed(karat: Karat) -> None:
    kinds, formats = json.loads(karat("kinds", "--json").stdout), json.loads(karat("formats", "--json").stdout)

    assert [kind["name"] for kind in kinds] == [kind.name for kind in KINDS]
    assert {one["name"]: one["lossless"] for one in formats} == {one.name: not one.cannot_express for one in FORMATS}
    assert json.loads(karat("version", "--json").stdout)["karat"] == package.__version__


def test_a_table_off_a_terminal_is_not_cut(karat: Karat) -> None:
    assert "; ".join(FORMATS[1].cannot_express) in karat("formats").stdout


def test_a_simulation_tells_what_certified_labels_would_cost(karat: Karat, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 300)
    images = np.where(labels[:, None, None] == 1, np.eye(28) * 200, np.eye(28)[::-1] * 200) + rng.integers(
        0, 40, (300, 28, 28)
    )
    np.savez(tmp_path / "lines.npz", images=images.astype(np.uint8), labels=labels)

    done = karat("quality", "simulate", "--data", tmp_path / "lines.npz", "--target", "0.05", "--seeds", "2", "--json")

    assert done.returncode == 0, done.stderr
    runs = json.loads(done.stdout)
    assert [run["seed"] for run in runs] == [0, 1]
    assert all(run["is_certified"] and run["error_upper_bound"] <= 0.05 for run in runs)
    assert all(run["n_answers"] < 300 for run in runs)


def test_an_archive_that_is_none_is_refused(karat: Karat, tmp_path: Path) -> None:
    (tmp_path / "no.npz").write_bytes(b"nothing")

    done = karat("quality", "simulate", "--data", tmp_path / "no.npz")

    assert done.returncode == 1
    assert "no NumPy archive" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_benchmark_is_answered_with_those_that_there_are(karat: Karat) -> None:
    done = karat("bench", "nothing")

    assert done.returncode == 1
    assert "quality" in done.stderr


def test_options_after_the_name_of_a_benchmark_are_its_own(karat: Karat) -> None:
    done = karat("bench", "quality", "--help")

    assert done.returncode == 0
    assert "--deliveries" in done.stdout
