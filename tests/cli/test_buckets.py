"""Buckets from the command line: tried, connected, changed, imported from, forgotten."""

import json
from collections.abc import Iterator

import pytest

from tests.cli.conftest import OPEN, Karat, Served
from tests.sdk.conftest import make_photos
from tests.storage.buckets import ACCESS_KEY, SECRET, Rclone, rclone


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rclone]:
    """A server that checks signatures, with four photos in the bucket `pictures`."""
    root = tmp_path_factory.mktemp("buckets")
    make_photos(root / "pictures" / "2026", 4)
    with rclone(root) as server:
        yield server


def test_a_bucket_is_connected_tried_imported_from_and_kept_while_it_is_needed(
    karat: Karat, served: Served, bucket: Rclone
) -> None:
    folder = ("--data-dir", served.data_dir)
    add = ("connections", "add", "Pictures", "--kind", "s3", "--bucket", "pictures", "--secret", "-", *folder)
    wrong = json.dumps(SECRET | {"secret_access_key": "wrong"}).encode()
    refused = karat(*add, "--endpoint", bucket.endpoint, "--test", given=wrong, **OPEN)
    assert refused.returncode == 1
    assert "was not connected" in refused.stderr and "secret access key" in refused.stderr
    assert "No bucket is connected." in karat("connections", "list", *folder).stdout

    done = karat(*add, "--endpoint", bucket.endpoint, "--test", "--json", given=json.dumps(SECRET).encode(), **OPEN)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert SECRET["secret_access_key"] not in done.stdout
    assert "2026/" in karat("connections", "test", "Pictures", *folder, **OPEN).stdout
    gone = karat("connections", "test", made["id"], "--key", "none.png", "--json", *folder, **OPEN)
    assert gone.returncode == 1 and json.loads(gone.stdout)["faults"][0]["code"] == "bucket.object_gone"
    assert "2026/" in karat("connections", "change", "Pictures", "--prefix", "2026/", *folder, **OPEN).stdout

    wish = ("--pattern", "cat-*.png", "--in-place", "--name", "From the bucket", "--json")
    read = karat("datasets", "import-bucket", "Pictures", *wish, *folder, **OPEN)
    assert read.returncode == 0, read.stderr
    found = json.loads(read.stdout)
    assert (found["import"]["n_added"], found["import"]["mode"], found["faults"]) == (2, "reference", [])
    more = karat("datasets", "import-bucket", "Pictures", "--into", "From the bucket", *folder, **OPEN)
    assert "2 assets added, 2 there already" in more.stdout, more.stderr
    nothing = karat("datasets", "import-bucket", "Pictures", "--prefix", "none/", *folder, **OPEN)
    assert nothing.returncode == 1 and "No object fits." in nothing.stderr

    kept = karat("connections", "delete", "Pictures", *folder)
    assert kept.returncode == 1 and "n references: 2" in kept.stderr
    listed = karat("connections", "list", *folder).stdout
    assert ACCESS_KEY[-4:] in listed and SECRET["secret_access_key"] not in listed


@pytest.mark.parametrize(
    ("wish", "given", "said"),
    [
        (("--endpoint", "http://10.0.0.1"), json.dumps(SECRET).encode(), "KARAT_OUTBOUND_ALLOW"),
        (("--kind", "ftp"), b"{}", "kind"),
        ((), b"[]", "no JSON object"),
        ((), b'{"password": "x"}', "secret.password"),
        ((), b"{}", "secret"),
    ],
)
def test_what_is_wrong_with_a_connection_is_told_at_its_place(
    karat: Karat, served: Served, wish: tuple[str, ...], given: bytes, said: str
) -> None:
    add = ("connections", "add", "X", "--kind", "s3", "--bucket", "pictures", "--secret", "-")
    done = karat(*add, *wish, "--data-dir", served.data_dir, given=given)

    assert done.returncode == 1
    assert said in done.stderr and "Traceback" not in done.stderr
