"""Connected buckets as they travel. What proves who we are goes in and never comes out."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from karat.kit import Fault, Record

Name = Field(min_length=1, max_length=200, pattern=r"\S")
BUCKET = r"^[A-Za-z0-9][A-Za-z0-9._-]{1,221}$"
PLAIN = r"^[A-Za-z0-9._-]+$"


class ConnectionKind(StrEnum):
    """Whose interface the bucket speaks: Amazon S3 and what is compatible with it, Google, Azure."""

    S3 = "s3"
    GCS = "gcs"
    AZURE = "azure"


class BucketSecret(Record):
    """What a bucket wants to see; which fields, depends on its kind.

    Attributes:
        access_key_id, secret_access_key, session_token: of S3; the token only with temporary credentials.
        service_account_key: of Google: the JSON file of a service account, as text.
        account_key, sas_token: of Azure, one of the two.
    """

    access_key_id: str | None = Field(default=None, min_length=1, max_length=300)
    secret_access_key: str | None = Field(default=None, min_length=1, max_length=1000)
    session_token: str | None = Field(default=None, min_length=1, max_length=10_000)
    service_account_key: str | None = Field(default=None, min_length=1, max_length=20_000)
    account_key: str | None = Field(default=None, min_length=1, max_length=1000)
    sas_token: str | None = Field(default=None, min_length=1, max_length=5000)


class NewConnection(Record):
    """A bucket to connect.

    Attributes:
        bucket: its name; of Azure, the container's.
        prefix: beginning of all keys that this connection may read.
        region: of S3; us-east-1 when left out.
        endpoint: of an S3 that is not Amazon's (MinIO, Ceph, R2 …), or of an emulator.
        account: of Azure, the storage account.
        anonymous: the bucket is public, nothing is signed.
    """

    name: str = Name
    kind: ConnectionKind
    bucket: str = Field(pattern=BUCKET)
    prefix: str = Field(default="", max_length=1000)
    region: str | None = Field(default=None, max_length=60, pattern=PLAIN)
    endpoint: str | None = Field(default=None, max_length=500)
    account: str | None = Field(default=None, max_length=60, pattern=PLAIN)
    anonymous: bool = False
    secret: BucketSecret | None = None


class ConnectionChange(Record):
    """What of a connection shall be otherwise; what is left out stays."""

    name: str | None = Field(default=None, min_length=1, max_length=200, pattern=r"\S")
    prefix: str | None = Field(default=None, max_length=1000)
    region: str | None = Field(default=None, max_length=60, pattern=PLAIN)
    endpoint: str | None = Field(default=None, max_length=500)
    anonymous: bool | None = None
    secret: BucketSecret | None = None


class ConnectionTest(Record):
    """What came of asking the bucket.

    Attributes:
        can_list, can_read: None where it did not come to that.
        sample_key: of the object that was read to try it.
        faults: what stands in the way, each with its fix; none when all is well.
    """

    ok: bool
    can_list: bool | None = None
    can_read: bool | None = None
    sample_key: str | None = None
    duration_s: float
    faults: list[Fault] = Field(default_factory=list)


class Connection(Record):
    """A bucket that the tenant has connected.

    Attributes:
        secret_hint: enough to tell one key from another: `AKIA…7Q2M`.
        n_references: contents that stay in this bucket; while there are any, it cannot be removed.
        test: the latest one.
    """

    id: UUID
    name: str
    kind: ConnectionKind
    bucket: str
    prefix: str
    region: str | None
    endpoint: str | None
    account: str | None
    anonymous: bool
    secret_hint: str | None
    n_references: int
    tested_at: datetime | None
    test: ConnectionTest | None
    created_at: datetime


class BucketObject(Record):
    """One object of a bucket, as its list has it.

    Attributes:
        key: whole, with the connection's prefix.
        etag: without quotes; changes with the content.
        size: in bytes.
    """

    key: str
    etag: str | None
    size: int


class Reference(Record):
    """Where a blob is that was not copied."""

    connection_id: UUID
    key: str
    etag: str | None
    size: int
