"""Connected buckets: secrets stay secret, and a test names the exact fault with its fix."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from karat.kit import new_id
from karat.storage import store
from karat.storage.errors import SecretUnreadable
from karat.storage.sealing import seal, unseal
from tests.storage.buckets import ACCESS_KEY, SECRET, SECRET_KEY, Rclone, Says, connection, free_port, moto, says
from tests.support.world import World

pytestmark = pytest.mark.asyncio


async def tried(world: World, body: dict[str, Any], **query: str) -> dict[str, Any]:
    return dict(await world.owner.post("/api/connection-tests", body, params=query))


def fault(test: dict[str, Any]) -> dict[str, Any]:
    assert not test["ok"]
    (one,) = test["faults"]
    assert "upstream words" not in str(test), "what the other server says is not repeated"
    assert one["hint"], one
    return dict(one)


async def test_a_bucket_that_checks_signatures_lets_the_right_key_in(open_world: World, bucket: Rclone) -> None:
    bucket.put("pictures", "a/b.txt", b"hello")
    test = await tried(open_world, connection(bucket.endpoint))
    assert (test["ok"], test["can_list"], test["can_read"], test["sample_key"]) == (True, True, True, "a/b.txt")


@pytest.mark.parametrize(
    ("changes", "code", "hint"),
    [
        ({"secret": {**SECRET, "secret_access_key": "wrong"}}, "bucket.credentials_wrong", "secret access key"),
        ({"secret": {**SECRET, "access_key_id": "AKIA0000000000000000"}}, "bucket.credentials_wrong", "access key id"),
        ({"bucket": "another"}, "bucket.missing", "name"),
        ({"anonymous": True, "secret": None}, "bucket.credentials_wrong", "enter an access key"),
    ],
)
async def test_what_is_wrong_with_the_way_in_is_named_with_its_fix(
    open_world: World, bucket: Rclone, changes: dict[str, Any], code: str, hint: str
) -> None:
    one = fault(await tried(open_world, connection(bucket.endpoint, **changes)))
    assert one["code"] == code
    assert hint in one["hint"]


async def test_an_object_that_is_not_there_is_told_apart_from_a_bucket_that_is_not(
    open_world: World, bucket: Rclone
) -> None:
    one = await tried(open_world, connection(bucket.endpoint), key="no/such.png")
    assert (one["can_list"], one["can_read"], one["faults"][0]["code"]) == (True, False, "bucket.object_gone")


async def test_an_empty_bucket_is_well_and_says_that_there_was_nothing_to_read(
    open_world: World, bucket: Rclone
) -> None:
    one = await tried(open_world, connection(bucket.endpoint))
    assert (one["ok"], one["can_list"], one["can_read"], one["sample_key"]) == (True, True, None, None)


@pytest.mark.parametrize(
    ("status", "code", "extra", "expected", "told"),
    [
        (400, "ExpiredToken", "", "bucket.credentials_expired", "fresh"),
        (403, "AccessDenied", "", "bucket.list_denied", "s3:ListBucket"),
        (404, "NoSuchBucket", "", "bucket.missing", "region"),
        (301, "PermanentRedirect", "", "bucket.region_wrong", "region"),
        (400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>", "bucket.region_wrong", "eu-west-1"),
        (418, "", "", "bucket.not_a_bucket", "endpoint"),
    ],
)
async def test_what_servers_of_buckets_say_becomes_one_fault_with_its_fix(
    open_world: World, status: int, code: str, extra: str, expected: str, told: str
) -> None:
    with says(status, code, extra) as server:
        one = fault(await tried(open_world, connection(server.endpoint)))
    assert (one["code"], told in one["hint"]) == (expected, True), one


async def test_a_clock_that_is_wrong_is_told_with_the_difference(open_world: World) -> None:
    there = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with says(403, "RequestTimeTooSkewed", f"<ServerTime>{there}</ServerTime>") as server:
        one = fault(await tried(open_world, connection(server.endpoint)))
    assert one["code"] == "bucket.clock_skewed"
    assert "3,60" in one["message"] and "ahead" in one["message"]


async def test_the_right_region_is_found_out_where_the_server_tells_it(open_world: World) -> None:
    with says(301, "PermanentRedirect", headers={"x-amz-bucket-region": "eu-central-1"}) as server:
        one = fault(await tried(open_world, connection(server.endpoint)))
        assert any("Authorization" not in headers for _, headers in server.asked), "it was asked without the secret"
    assert (one["code"], "eu-central-1" in one["hint"]) == ("bucket.region_wrong", True)


async def test_rights_to_list_and_to_read_are_told_apart(open_world: World) -> None:
    listing = "<ListBucketResult><Contents><Key>a.png</Key><LastModified>2026-01-01T00:00:00Z</LastModified>"
    listing += '<ETag>"x"</ETag><Size>1</Size></Contents><IsTruncated>false</IsTruncated></ListBucketResult>'

    class Lists(Says):
        pass

    server = Lists(200, listing)
    try:
        handler = server._server.RequestHandlerClass
        answer = handler.do_GET  # type: ignore[attr-defined]

        def do_get(self: Any) -> None:
            if "list-type" in self.path:
                answer(self)
            else:
                self.send_error(403)

        handler.do_GET = do_get  # type: ignore[attr-defined]
        test = await tried(open_world, connection(server.endpoint))
    finally:
        server.close()
    assert (test["can_list"], test["can_read"]) == (True, False)
    assert "s3:GetObject" in fault(test)["hint"]


async def test_where_the_server_may_not_go_is_refused_before_anything_is_sent(world: World) -> None:
    refused = await world.owner.call("POST", "/api/connections", json=connection("http://127.0.0.1:9000"))
    assert (refused.status_code, refused.json()["code"]) == (422, "outbound.address_refused")
    assert "KARAT_OUTBOUND_ALLOW" in refused.json()["faults"][0]["hint"]
    one = fault(await tried(world, connection("http://169.254.169.254")))
    assert (one["code"], one["where"]) == ("outbound.address_refused", "endpoint")
    one = fault(await tried(world, connection("https://localhost:9000")))
    assert one["code"] == "outbound.address_refused"


async def test_nothing_listening_and_no_such_host_are_told_apart(open_world: World) -> None:
    one = fault(await tried(open_world, connection(f"http://127.0.0.1:{free_port()}")))
    assert one["code"] == "outbound.not_connected"
    test = await tried(open_world, connection("http://no-such-host.invalid"))
    assert test["faults"][0]["code"] in {"outbound.not_resolved", "outbound.timed_out"}


async def test_a_server_without_tls_behind_https_is_named(open_world: World, bucket: Rclone) -> None:
    test = await tried(open_world, connection(bucket.endpoint.replace("http:", "https:")))
    assert test["faults"][0]["code"] == "bucket.failed"
    assert "scheme" in test["faults"][0]["hint"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"secret": None}, "secret"),
        ({"secret": {"access_key_id": "AKIA0123456789ABCDEF"}}, "secret"),
        ({"anonymous": True}, "secret"),
        ({"kind": "azure", "secret": {"account_key": "eA=="}}, "account"),
        ({"kind": "gcs", "secret": {"service_account_key": "{}"}}, "secret.service_account_key"),
        ({"prefix": "/a"}, "prefix"),
        ({"prefix": "a/../b"}, "prefix"),
    ],
)
async def test_a_description_that_its_kind_cannot_use_is_refused_with_the_place(
    open_world: World, body: dict[str, Any], where: str
) -> None:
    answer = await open_world.owner.call("POST", "/api/connections", json=connection("http://127.0.0.1:9000", **body))
    assert (answer.status_code, answer.json()["code"]) == (422, "connection.invalid")
    assert where in {one["where"] for one in answer.json()["faults"]}


async def test_the_secret_never_travels_back_and_lies_sealed(open_world: World, bucket: Rclone) -> None:
    owner = open_world.owner
    made = await owner.call("POST", "/api/connections", json=connection(bucket.endpoint))
    assert made.status_code == 201
    connection_id = made.json()["id"]
    texts = [made.text]
    texts += [(await owner.call("GET", f"/api/connections{path}")).text for path in ("", f"/{connection_id}")]
    texts += [(await owner.call("POST", f"/api/connections/{connection_id}/test")).text]
    texts += [(await owner.call("GET", "/api/audit")).text]
    assert all(SECRET_KEY not in text and ACCESS_KEY not in text for text in texts)
    assert made.json()["secret_hint"] == "AKIA…CDEF"
    async with open_world.engine.database.transaction(open_world.tenant_id) as db:
        sealed = await store.find_sealed(db, UUID(connection_id))
    assert sealed and sealed.secret and SECRET_KEY.encode() not in sealed.secret


def sealed_with(key: bytes = b"k" * 32) -> tuple[UUID, UUID, bytes]:
    tenant_id, row_id = uuid4(), new_id()
    return tenant_id, row_id, seal(key, tenant_id, row_id, b"secret")


async def test_a_sealed_secret_opens_only_with_its_key_in_its_row_and_unchanged() -> None:
    tenant_id, row_id, sealed = sealed_with()
    assert unseal(b"k" * 32, tenant_id, row_id, sealed) == b"secret"
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for key, tenant, row, text in (
        (b"x" * 32, tenant_id, row_id, sealed),
        (b"k" * 32, uuid4(), row_id, sealed),
        (b"k" * 32, tenant_id, new_id(), sealed),
        (b"k" * 32, tenant_id, row_id, changed),
        (b"k" * 32, tenant_id, row_id, b""),
    ):
        with pytest.raises(SecretUnreadable):
            unseal(key, tenant, row, text)
    assert seal(b"k" * 32, tenant_id, row_id, b"secret") != sealed, "the nonce is drawn anew"


async def test_a_new_endpoint_wants_the_secret_again(open_world: World, bucket: Rclone) -> None:
    """Else somebody who does not know it could have it shown to a server of their own."""
    owner = open_world.owner
    made = await owner.post("/api/connections", connection(bucket.endpoint))
    path = f"/api/connections/{made['id']}"
    with says(403, "AccessDenied") as theirs:
        refused = await owner.call("PATCH", path, json={"endpoint": theirs.endpoint})
        assert refused.json()["faults"][0]["code"] == "connection.secret_wanted"
        await owner.call("POST", f"{path}/test")
        assert theirs.asked == []
        moved = await owner.call("PATCH", path, json={"endpoint": theirs.endpoint, "secret": SECRET})
        assert moved.json()["endpoint"] == theirs.endpoint
        assert (await owner.post(f"{path}/test"))["faults"][0]["code"] == "bucket.list_denied"
    renamed = await owner.call("PATCH", path, json={"name": "Renamed"})
    assert (renamed.json()["name"], renamed.json()["secret_hint"]) == ("Renamed", "AKIA…CDEF")
    public = await owner.call("PATCH", path, json={"anonymous": True})
    assert (public.json()["anonymous"], public.json()["secret_hint"]) == (True, None)


async def test_a_change_is_tried_before_it_is_made_and_shows_the_secret_nowhere_new(
    open_world: World, bucket: Rclone
) -> None:
    bucket.put("pictures", "a/b.txt", b"hello")
    owner = open_world.owner
    made = await owner.post("/api/connections", connection(bucket.endpoint))
    path = f"/api/connections/{made['id']}"
    kept = await owner.post(f"{path}/test")
    assert (await owner.post(f"{path}/test", {"prefix": "a/"}))["sample_key"] == "a/b.txt"
    assert (await owner.post(f"{path}/test", {"prefix": "none/"}))["sample_key"] is None
    wrong = await owner.post(f"{path}/test", {"secret": {**SECRET, "secret_access_key": "wrong"}})
    assert fault(wrong)["code"] == "bucket.credentials_wrong"
    with says(403, "AccessDenied") as theirs:
        refused = await owner.call("POST", f"{path}/test", json={"endpoint": theirs.endpoint})
        assert refused.json()["faults"][0]["code"] == "connection.secret_wanted"
        assert theirs.asked == []
        elsewhere = await owner.post(f"{path}/test", {"endpoint": theirs.endpoint, "secret": SECRET})
        assert fault(elsewhere)["code"] == "bucket.list_denied"
    now = await owner.get(path)
    assert (now["prefix"], now["endpoint"], now["test"]) == ("", bucket.endpoint, kept)


async def test_the_servers_own_cloud_credentials_are_never_used(
    open_world: World, bucket: Rclone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with says(403, "AccessDenied") as elsewhere:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
        monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", elsewhere.endpoint)
        monkeypatch.setenv("HTTP_PROXY", elsewhere.endpoint)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        bad = connection(bucket.endpoint, secret={**SECRET, "secret_access_key": "wrong"})
        assert fault(await tried(open_world, bad))["code"] == "bucket.credentials_wrong"
        assert fault(await tried(open_world, connection(bucket.endpoint, anonymous=True, secret=None)))
        assert (await tried(open_world, connection(bucket.endpoint)))["ok"]
        assert elsewhere.asked == []


@pytest.mark.parametrize("kind", ["gcs", "azure"])
async def test_google_and_azure_are_asked_at_their_own_addresses_with_signed_requests(
    open_world: World, kind: str
) -> None:
    secret = {"service_account_key": service_account()} if kind == "gcs" else {"account_key": "c2VjcmV0"}
    with says(403) as server:
        body = connection(server.endpoint, kind=kind, account="account", secret=secret)
        one = fault(await tried(open_world, body))
        path, headers = server.asked[0]
    assert one["code"] == "bucket.list_denied"
    scheme = {"gcs": "Bearer ey", "azure": "SharedKey account:"}[kind]
    assert "pictures" in path and headers[
        "authorization" if "authorization" in headers else "Authorization"
    ].startswith(scheme)


def service_account() -> str:
    import json

    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    # Where a token is asked for, and that none is wanted, are things a hostile file could say.
    lies = {"token_uri": "http://127.0.0.1:1/", "gcs_base_url": "http://127.0.0.1:1", "disable_oauth": True}
    return json.dumps({"client_email": "karat@example.iam", "private_key": pem, "private_key_id": "1", **lies})


async def test_moto_speaks_the_same_language(open_world: World) -> None:
    with moto() as endpoint:
        async with httpx.AsyncClient() as client:
            headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/s3/aws4_request"}
            await client.put(f"{endpoint}/pictures", headers=headers)
            await client.put(f"{endpoint}/pictures/ünï code.txt", headers=headers, content=b"hello")
        assert (await tried(open_world, connection(endpoint)))["sample_key"] == "ünï code.txt"
        assert fault(await tried(open_world, connection(endpoint, bucket="another")))["code"] == "bucket.missing"


async def test_two_connections_of_one_name_are_told_apart_by_refusing_the_second(open_world: World) -> None:
    body = connection("http://127.0.0.1:9000")
    await open_world.owner.post("/api/connections", body)
    again = await open_world.owner.call("POST", "/api/connections", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "connection.name_taken")
    other = await open_world.owner.post("/api/connections", {**body, "name": "Other"})
    taken = await open_world.owner.call("PATCH", f"/api/connections/{other['id']}", json={"name": body["name"]})
    assert taken.json()["code"] == "connection.name_taken"
    gone = await open_world.owner.call("DELETE", f"/api/connections/{other['id']}")
    assert gone.status_code == 204
    assert (await open_world.owner.call("GET", f"/api/connections/{other['id']}")).status_code == 404


@pytest.mark.parametrize("path", ["<x>", "é", '"a"', "x|y^`", "?<"])
async def test_an_endpoint_that_is_not_encoded_is_a_fault_and_breaks_nothing(open_world: World, path: str) -> None:
    endpoint = f"http://127.0.0.1:{free_port()}/{path}"
    body = connection(endpoint)
    test = await open_world.owner.post("/api/connection-tests", body)
    assert (test["ok"], len(test["faults"])) == (False, 1), (
        "the library that speaks to buckets aborts at such an address"
    )
    made = await open_world.owner.post("/api/connections", {**body, "name": path})
    assert made["endpoint"] == endpoint
