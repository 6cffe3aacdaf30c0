"""Connected buckets: where data lie that are not on this machine."""

from typing import Any

from karat_client.listing import Listing
from karat_client.records import BucketSecret, Connection, ConnectionKind, ConnectionTest
from karat_client.resources.base import Ref, Resource, id_of
from karat_client.wire import given


class Connections(Resource):
    """Buckets of Amazon S3 and what is compatible with it, Google, Azure. `datasets.import_bucket` reads from them."""

    def list(self) -> Listing[Connection]:
        """All connections, newest first, without their secrets."""
        return self._listing("GET", "/api/connections", Connection)

    def get(self, connection: Ref) -> Connection:
        """One connection, with its latest test."""
        return self._call("GET", "/api/connections/{connection_id}", Connection, connection_id=id_of(connection))

    def create(
        self,
        name: str,
        kind: ConnectionKind,
        bucket: str,
        *,
        prefix: str = "",
        region: str | None = None,
        endpoint: str | None = None,
        account: str | None = None,
        anonymous: bool = False,
        secret: BucketSecret | None = None,
    ) -> Connection:
        """Connect a bucket; `test` says whether it answers.

        Args:
            kind: `s3`, `gcs` or `azure`.
            bucket: its name; of Azure, the container's.
            prefix: beginning of all keys that this connection may read.
            region: of S3.
            endpoint: of an S3 that is not Amazon's: MinIO, Ceph, R2.
            account: of Azure, the storage account.
            anonymous: the bucket is public, nothing is signed.
            secret: credentials that may list and read; kept encrypted, never shown again.

        Raises:
            Invalid: the kind wants something else, or this server does not go there; `faults` say what to do.
            Conflict: another connection has the name.
        """
        body = _body(name, kind, bucket, prefix, region, endpoint, account, anonymous, secret)
        return self._call("POST", "/api/connections", Connection, body=body)

    def try_out(
        self,
        kind: ConnectionKind,
        bucket: str,
        *,
        prefix: str = "",
        region: str | None = None,
        endpoint: str | None = None,
        account: str | None = None,
        anonymous: bool = False,
        secret: BucketSecret | None = None,
        key: str | None = None,
    ) -> ConnectionTest:
        """Ask a bucket before it is connected; nothing is stored. For the arguments see `create` and `test`."""
        body = _body("test", kind, bucket, prefix, region, endpoint, account, anonymous, secret)
        return self._call("POST", "/api/connection-tests", ConnectionTest, body=body, query={"key": key})

    def test(self, connection: Ref, *, key: str | None = None) -> ConnectionTest:
        """Ask a connected bucket now: list it and read a byte. What came of it is kept with the connection.

        Args:
            key: the object to read; else the first of the list.

        Returns:
            `ok`, or `faults` that say exactly what stands in the way and how to mend it.
        """
        path = "/api/connections/{connection_id}/test"
        return self._call("POST", path, ConnectionTest, query={"key": key}, connection_id=id_of(connection))

    def change(
        self,
        connection: Ref,
        *,
        name: str | None = None,
        prefix: str | None = None,
        region: str | None = None,
        endpoint: str | None = None,
        anonymous: bool | None = None,
        secret: BucketSecret | None = None,
    ) -> Connection:
        """Change what is given. A new endpoint wants the secret again."""
        body = given(name=name, prefix=prefix, region=region, endpoint=endpoint, anonymous=anonymous, secret=secret)
        path = "/api/connections/{connection_id}"
        return self._call("PATCH", path, Connection, body=body, connection_id=id_of(connection))

    def delete(self, connection: Ref) -> None:
        """Forget a connection and its secret. The bucket is not touched.

        Raises:
            Conflict: assets lie in the bucket and nowhere else.
        """
        self._call("DELETE", "/api/connections/{connection_id}", type(None), connection_id=id_of(connection))


def _body(
    name: str,
    kind: str,
    bucket: str,
    prefix: str,
    region: str | None,
    endpoint: str | None,
    account: str | None,
    anonymous: bool,
    secret: BucketSecret | None,
) -> dict[str, Any]:
    return given(
        name=name,
        kind=kind,
        bucket=bucket,
        prefix=prefix,
        region=region,
        endpoint=endpoint,
        account=account,
        anonymous=anonymous,
        secret=secret,
    )
