"""What can go wrong with stored media. A full disk is `karat.errors.OutOfSpace`."""

from karat.errors import Gone, KaratError, NotFound, Unavailable


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
