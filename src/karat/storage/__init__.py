"""Media of any size, kept once per tenant under the hash of its content, and the short-lived links to it."""

from karat.storage.buckets import Bucket, Buckets, open_buckets
from karat.storage.connection_types import BucketObject, Connection, Reference
from karat.storage.errors import (
    BlobNotFound,
    MediaLinkExpired,
    MediaLinkInvalid,
    ObjectChanged,
    ObjectGone,
    ReadDenied,
    SecretDamaged,
    StorageHeld,
)
from karat.storage.folder import FolderStorage
from karat.storage.holding import (
    is_anything_released,
    lock_blobs,
    note_released,
    released_on_failure,
    rely_on_blobs,
    take_released,
)
from karat.storage.joint import JointStorage
from karat.storage.links import MediaLink, link_expiry, read_media_token, sign_media
from karat.storage.secret import derive_key, load_or_create_secret
from karat.storage.store import add_references, move_references
from karat.storage.streams import pieces_of
from karat.storage.types import Announce, Disposition, Storage, StoredBlob

__all__ = [
    "Announce",
    "BlobNotFound",
    "Bucket",
    "BucketObject",
    "Buckets",
    "Connection",
    "Disposition",
    "FolderStorage",
    "JointStorage",
    "MediaLink",
    "MediaLinkExpired",
    "MediaLinkInvalid",
    "ObjectChanged",
    "ObjectGone",
    "ReadDenied",
    "Reference",
    "SecretDamaged",
    "Storage",
    "StorageHeld",
    "StoredBlob",
    "add_references",
    "derive_key",
    "is_anything_released",
    "link_expiry",
    "load_or_create_secret",
    "lock_blobs",
    "move_references",
    "note_released",
    "open_buckets",
    "pieces_of",
    "read_media_token",
    "released_on_failure",
    "rely_on_blobs",
    "sign_media",
    "take_released",
]
