"""Background work from the command line: what failed, again; what comes round."""

import json

from tests.cli.conftest import Karat, Served


def test_jobs_are_listed_by_state_and_the_wrong_state_is_told(karat: Karat, served: Served) -> None:
    imported = karat("datasets", "import", "samples/mnist_t10k", "--name", "none", "--data-dir", served.data_dir)
    assert imported.returncode in {0, 1}, imported.stderr
    listed = json.loads(karat("jobs", "list", "--data-dir", served.data_dir, "--json").stdout)
    assert {"rate_per_s", "eta", "retries", "next_attempt_at", "started_at", "cancel_requested"} <= set(listed[0])
    done = karat("jobs", "list", "--state", "failed", "--data-dir", served.data_dir)
    assert "There are no such jobs." in done.stdout
    wrong = karat("jobs", "list", "--state", "broken", "--data-dir", served.data_dir)
    assert wrong.returncode == 1 and "There is no such state" in wrong.stderr and "queued" in wrong.stderr


def test_what_has_not_failed_cannot_be_retried_and_what_is_done_cannot_be_cancelled(
    karat: Karat, served: Served
) -> None:
    karat("datasets", "import", "samples/mnist_t10k", "--name", "one job", "--data-dir", served.data_dir)
    (job, *_) = json.loads(karat("jobs", "list", "--data-dir", served.data_dir, "--json").stdout)
    retry = karat("jobs", "retry", job["id"], "--data-dir", served.data_dir)
    assert retry.returncode == 1 and "Only a job that has failed" in retry.stderr
    cancel = karat("jobs", "cancel", job["id"], "--data-dir", served.data_dir)
    assert cancel.returncode == 1 and "has already ended" in cancel.stderr


def test_chores_are_listed_once_the_server_has_done_them(karat: Karat, served: Served) -> None:
    found = {one["name"]: one for one in json.loads(karat("chores", "--data-dir", served.data_dir, "--json").stdout)}
    assert {"audit.seal", "tasks.expire_leases"} <= set(found)
    assert all(one["failures_in_a_row"] == 0 and one["error"] is None for one in found.values())
    assert "audit.seal" in karat("chores", "--data-dir", served.data_dir).stdout
