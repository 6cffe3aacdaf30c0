"""Background work from the command line: what failed, again; what comes round."""

import json

import pytest

from tests.cli.conftest import Karat, Served


@pytest.fixture(scope="module")
def job(karat: Karat, served: Served, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The id of a job that is done."""
    table = tmp_path_factory.mktemp("jobs") / "for jobs.csv"
    table.write_text("text\none\n")
    imported = karat("datasets", "import", table, "--data-dir", served.data_dir, "--json")
    assert imported.returncode == 0, imported.stderr
    return str(json.loads(imported.stdout)["import"]["job_id"])


def test_jobs_are_listed_by_state_and_the_wrong_state_is_told(karat: Karat, served: Served, job: str) -> None:
    listed = json.loads(karat("jobs", "list", "--state", "done", "--data-dir", served.data_dir, "--json").stdout)
    (one,) = [each for each in listed if each["id"] == job]
    assert one["title"] == "Import for jobs.csv"
    assert {"rate_per_s", "eta", "retries", "next_attempt_at", "started_at", "cancel_requested"} <= set(one)
    done = karat("jobs", "list", "--state", "cancelled", "--data-dir", served.data_dir)
    assert "There are no such jobs." in done.stdout
    wrong = karat("jobs", "list", "--state", "broken", "--data-dir", served.data_dir)
    assert wrong.returncode == 1 and "There is no such state" in wrong.stderr and "queued" in wrong.stderr


def test_what_has_not_failed_cannot_be_retried_and_what_is_done_cannot_be_cancelled(
    karat: Karat, served: Served, job: str
) -> None:
    retry = karat("jobs", "retry", job, "--data-dir", served.data_dir)
    assert retry.returncode == 1 and "Only a job that has failed" in retry.stderr
    cancel = karat("jobs", "cancel", job, "--data-dir", served.data_dir)
    assert cancel.returncode == 1 and "has already ended" in cancel.stderr


def test_chores_are_listed_once_the_server_has_done_them(karat: Karat, served: Served) -> None:
    found = {one["name"]: one for one in json.loads(karat("chores", "--data-dir", served.data_dir, "--json").stdout)}
    assert {"audit.seal", "tasks.expire_leases"} <= set(found)
    assert all(one["failures_in_a_row"] == 0 and one["error"] is None for one in found.values())
    assert "audit.seal" in karat("chores", "--data-dir", served.data_dir).stdout
