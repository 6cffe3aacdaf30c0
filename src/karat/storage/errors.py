"""What can go wrong with stored media. A full disk is `karat.errors.OutOfSpace`."""

from typing import Any

from karat.errors import Conflict, Gone, Invalid, KaratError, NotFound, Unavailable


class BlobNotFound(NotFound):
    """Nothing is stored under this hash."""

    code = "storage.blob_not_found"


class MediaLinkInvalid(NotFound):
    """There is no such media link."""

    code = "storage.link_invalid"


class MediaLinkExpired(Gone):
    """The media link has expired; ask for the asset again to get a new one."""

    code = "storage.link_expired"


class SecretDamaged(KaratError):
    """The key file does not hold a key; put back the one from your backup, since everything signed depends on it."""

    code = "storage.secret_damaged"


class StorageHeld(Unavailable):
    """A backup is being made, and until it is done nothing is deleted."""

    code = "storage.held"


class ConnectionNotFound(NotFound):
    """There is no such connection to a bucket."""

    code = "connection.not_found"


class ConnectionNameTaken(Conflict):
    """Another connection has this name."""

    code = "connection.name_taken"


class ConnectionInUse(Conflict):
    """Assets lie in this bucket and nowhere else; without the connection they could not be shown any more."""

    code = "connection.in_use"


class ConnectionInvalid(Invalid):
    """The connection is not described as its kind of bucket wants it."""

    code = "connection.invalid"


class SecretUnreadable(KaratError):
    """The connection's secret cannot be read with this installation's key; enter it again."""

    code = "connection.secret_unreadable"


class BucketFailed(Unavailable):
    """The bucket did not give what was asked for."""

    code = "bucket.failed"
    status = 502

    def __init__(self, detail: str | None = None, *, hint: str | None = None, **data: Any) -> None:
        super().__init__(detail, **({"hint": hint} if hint else {}), **data)
        self.hint = hint

    def __str__(self) -> str:
        return " ".join(filter(None, (self.title(), self.detail, self.hint)))


class BucketBusy(BucketFailed):
    """The bucket's server is overloaded or down."""

    code = "bucket.busy"


class BucketRefuses(BucketFailed):
    """The bucket does not let this connection in."""

    code = "bucket.refuses"
    retryable = False


class CredentialsWrong(BucketRefuses):
    """The bucket does not know these credentials."""

    code = "bucket.credentials_wrong"


class CredentialsExpired(BucketRefuses):
    """The credentials of the connection have expired."""

    code = "bucket.credentials_expired"


class ClockSkewed(BucketRefuses):
    """The clock of this server differs too much from that of the bucket's."""

    code = "bucket.clock_skewed"


class RegionWrong(BucketRefuses):
    """The bucket is in another region."""

    code = "bucket.region_wrong"


class BucketMissing(BucketRefuses):
    """There is no such bucket."""

    code = "bucket.missing"


class ListDenied(BucketRefuses):
    """The credentials may not list the bucket."""

    code = "bucket.list_denied"


class ReadDenied(BucketRefuses):
    """The credentials may not read the object."""

    code = "bucket.read_denied"


class BucketUntrusted(BucketRefuses):
    """The bucket's server could not prove by its certificate that it is who the endpoint says."""

    code = "bucket.certificate_refused"


class NotABucket(BucketRefuses):
    """What answers at the endpoint does not speak this kind of bucket's interface."""

    code = "bucket.not_a_bucket"


class ObjectGone(Gone):
    """The object is no longer in its bucket; put it back, or import the asset from where it is now."""

    code = "bucket.object_gone"


class ObjectChanged(Conflict):
    """The object has been replaced in its bucket; what was labelled is not there any more. Put the old version back."""

    code = "bucket.object_changed"


class ThumbnailImpossible(NotFound):
    """No small picture can be made of this medium."""

    code = "storage.no_thumbnail"
