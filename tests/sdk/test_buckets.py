"""Connected buckets: tried, connected, imported from, changed, let go."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from karat_client import BucketSecret, Client, Conflict, Invalid, NotFound
from tests.sdk.conftest import make_photos
from tests.storage.buckets import ACCESS_KEY, SECRET_KEY, Rclone, rclone

SECRET = BucketSecret(access_key_id=ACCESS_KEY, secret_access_key=SECRET_KEY)


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rclone]:
    """A server of S3 that checks signatures, with six photos in the bucket `pictures`."""
    root = tmp_path_factory.mktemp("buckets")
    make_photos(root / "pictures" / "2026", 6, nested=True)
    with rclone(root) as server:
        yield server


def test_a_bucket_is_tried_connected_imported_from_and_let_go(client: Client, bucket: Rclone) -> None:
    wrong = BucketSecret(access_key_id=ACCESS_KEY, secret_access_key="another")
    tried = client.connections.try_out("s3", "pictures", endpoint=bucket.endpoint, secret=wrong)
    assert not tried.ok
    assert [fault.code for fault in tried.faults] == ["bucket.credentials_wrong"] and tried.faults[0].hint
    assert client.connections.try_out("s3", "pictures", endpoint=bucket.endpoint, secret=SECRET).ok

    name = f"Pictures {uuid4()}"
    made = client.connections.create(name, "s3", "pictures", endpoint=bucket.endpoint, secret=SECRET)
    assert made.secret_hint and SECRET_KEY not in repr(made) + repr(SECRET)
    tested = client.connections.test(made, key="2026/cat-0.png")
    assert (tested.ok, tested.sample_key) == (True, "2026/cat-0.png")
    assert client.connections.get(made).test == tested
    assert made.id in {one.id for one in client.connections.list()}
    with pytest.raises(Conflict) as taken:
        client.connections.create(name, "s3", "pictures", endpoint=bucket.endpoint, secret=SECRET)
    assert taken.value.code == "connection.name_taken"

    changed = client.connections.change(made, name=f"{name} of 2026", prefix="2026/")
    assert (changed.name, changed.prefix) == (f"{name} of 2026", "2026/")
    dataset = client.datasets.create("From the bucket", "image")
    done = client.datasets.import_bucket(dataset, made, patterns=["cat-*.png"], mode="reference")
    assert (done.n_added, done.n_faults, done.mode) == (3, 0, "reference")
    found = {one.external_id.rsplit("/", 1)[-1]: client.datasets.read(one) for one in client.datasets.assets(dataset)}
    place = bucket.root / "pictures" / "2026"
    assert found == {path.name: path.read_bytes() for path in place.rglob("cat-*.png")}
    with pytest.raises(Conflict) as used:
        client.connections.delete(made)
    assert used.value.code == "connection.in_use" and used.value.fields["n_references"] == 3

    other = client.connections.create(f"{name} again", "s3", "pictures", endpoint=bucket.endpoint, secret=SECRET)
    client.connections.delete(other)
    assert other.id not in {one.id for one in client.connections.list()}


def test_a_place_that_this_server_does_not_go_to_is_refused_with_what_to_do(client: Client) -> None:
    with pytest.raises(Invalid) as refused:
        client.connections.create("x", "s3", "pictures", endpoint="http://10.0.0.1:9000", secret=SECRET)

    assert refused.value.code.startswith("outbound.")
    assert "KARAT_OUTBOUND_ALLOW" in str(refused.value)


def test_what_a_kind_of_bucket_needs_is_told_field_by_field(client: Client) -> None:
    with pytest.raises(Invalid) as refused:
        client.connections.create("x", "azure", "pictures", secret=SECRET)

    assert {fault.where for fault in refused.value.faults} >= {"account"}


def test_an_import_of_nothing_says_where_it_looked(client: Client, bucket: Rclone) -> None:
    made = client.connections.create(f"{uuid4()}", "s3", "pictures", endpoint=bucket.endpoint, secret=SECRET)
    dataset = client.datasets.create("Empty", "image")

    done = client.datasets.import_bucket(dataset, made, prefix="none/")

    (fault,) = client.imports.faults(done)
    assert (fault.code, fault.where) == ("bucket.nothing_found", "pictures/none/")
    with pytest.raises(NotFound):
        client.datasets.import_bucket(dataset, uuid4())
