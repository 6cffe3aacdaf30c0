"""Clients of obstore, told everything: what it finds in the server's environment or a cloud's metadata is never used."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from karat.errors import Fault
from karat.outbound import parse_url
from karat.storage.connection_types import BucketSecret, Connection, ConnectionKind, NewConnection
from karat.storage.errors import ConnectionInvalid

if TYPE_CHECKING:
    from obstore.store import ObjectStore

RETRIES = {
    "max_retries": 4,
    "retry_timeout": timedelta(seconds=30),
    "backoff": {"init_backoff": timedelta(milliseconds=200), "max_backoff": timedelta(seconds=5), "base": 2},
}
NO_RETRIES = {"max_retries": 0, "retry_timeout": timedelta(seconds=30)}
DEFAULT_REGION = "us-east-1"
GCS_URL = "https://storage.googleapis.com"
GCS_SCOPE = "https://www.googleapis.com/auth/devstorage.read_only"
TOKEN_LIFE = timedelta(minutes=55)

WANTED: dict[ConnectionKind, tuple[tuple[str, ...], ...]] = {
    ConnectionKind.S3: (
        ("access_key_id", "secret_access_key"),
        ("access_key_id", "secret_access_key", "session_token"),
    ),
    ConnectionKind.GCS: (("service_account_key",),),
    ConnectionKind.AZURE: (("account_key",), ("sas_token",)),
}


def endpoint_of(connection: Connection | NewConnection) -> str:
    """The address that its requests go to; the guard judges this one."""
    if connection.endpoint:
        return connection.endpoint.rstrip("/")
    if connection.kind is ConnectionKind.S3:
        return f"https://s3.{connection.region or DEFAULT_REGION}.amazonaws.com"
    if connection.kind is ConnectionKind.GCS:
        return GCS_URL
    return f"https://{connection.account}.blob.core.windows.net"


def check_connection(connection: Connection | NewConnection, secret: BucketSecret | None) -> None:
    """Refuse a description that its kind of bucket cannot use.

    Raises:
        ConnectionInvalid: with every fault found.
    """
    faults = []
    given = tuple(name for name, value in (secret or BucketSecret()) if value is not None)
    ways = WANTED[connection.kind]
    if connection.anonymous and given:
        faults.append(_fault("secret", "A public bucket is read without credentials.", "Leave them out."))
    if not connection.anonymous and set(given) not in [set(way) for way in ways]:
        wanted = ", or ".join(" and ".join(way) for way in ways)
        faults.append(_fault("secret", f"This kind of bucket wants {wanted}.", "Enter them, or call it anonymous."))
    if connection.kind is ConnectionKind.AZURE and not connection.account:
        faults.append(_fault("account", "Azure wants the name of the storage account.", "Enter it."))
    if secret and secret.service_account_key and not _reads_as_key(secret.service_account_key):
        hint = "Make a key of type JSON for the service account, and enter the whole file."
        faults.append(_fault("secret.service_account_key", "This is not the key file of a service account.", hint))
    if connection.prefix.startswith("/") or "//" in connection.prefix or ".." in connection.prefix.split("/"):
        hint = "Write it as the bucket lists it: pictures/2026/"
        faults.append(_fault("prefix", "No key can begin with this.", hint))
    if faults:
        raise ConnectionInvalid(faults=faults)


def open_store(connection: Connection, secret: BucketSecret, proxy: str, *, patient: bool = True) -> "ObjectStore":
    """A client for the bucket.

    Args:
        proxy: of `karat.outbound.tunnel`: what the client connects to is judged there.
        patient: try again for some seconds what a moment's outage can have broken.
    """
    from obstore.store import AzureStore, GCSStore, S3Store

    url = parse_url(endpoint_of(connection)).url.rstrip("/")  # the library breaks down at what is not encoded
    options: dict[str, Any] = {
        "allow_http": urlsplit(url).scheme == "http",
        "proxy_url": proxy,
        "proxy_excludes": "",
        "connect_timeout": "10s",
        "timeout": "120s",
    }
    if authority := os.environ.get("SSL_CERT_FILE"):
        options["root_certificate"] = Path(authority).read_bytes()
    common: dict[str, Any] = {"client_options": options, "retry_config": RETRIES if patient else NO_RETRIES}
    if connection.kind is ConnectionKind.S3:
        config: Any = {
            "aws_endpoint_url_s3": url,
            "region": connection.region or DEFAULT_REGION,
            "virtual_hosted_style_request": False,
            "s3_express": False,
            "skip_signature": connection.anonymous,
        }
        provider = None if connection.anonymous else _fixed(_s3_credential(secret))
        return S3Store(connection.bucket, config=config, credential_provider=provider, **common)
    if connection.kind is ConnectionKind.GCS:
        provider = None if connection.anonymous else _token_maker(secret.service_account_key or "")
        config = {"base_url": url, "skip_signature": connection.anonymous}
        return GCSStore(connection.bucket, config=config, credential_provider=provider, **common)
    config = {
        "account_name": connection.account or "",
        "endpoint": url,
        "use_emulator": False,
        "skip_signature": connection.anonymous,
    }
    provider = None if connection.anonymous else _fixed(_azure_credential(secret))
    return AzureStore(connection.bucket, config=config, credential_provider=provider, **common)


def hint_of(secret: BucketSecret) -> str | None:
    """Enough to tell one secret from another, and not enough to use it."""
    if secret.access_key_id:
        return f"{secret.access_key_id[:4]}…{secret.access_key_id[-4:]}" if len(secret.access_key_id) >= 12 else "…"
    if secret.service_account_key:
        return str(json.loads(secret.service_account_key).get("client_email", ""))[:200] or "…"
    return "account key" if secret.account_key else "SAS token" if secret.sas_token else None


def _fixed(credential: dict[str, Any]) -> Callable[[], Any]:
    return lambda: credential


def _s3_credential(secret: BucketSecret) -> dict[str, Any]:
    return {
        "access_key_id": secret.access_key_id,
        "secret_access_key": secret.secret_access_key,
        "token": secret.session_token,
        "expires_at": None,
    }


def _azure_credential(secret: BucketSecret) -> dict[str, Any]:
    if secret.account_key:
        return {"access_key": secret.account_key, "expires_at": None}
    return {"sas_token": (secret.sas_token or "").removeprefix("?"), "expires_at": None}


def _token_maker(service_account_key: str) -> Callable[[], Any]:
    """Tokens that the service account's key signs itself, so that nobody has to be asked for one.

    Source: Google, "Service account authorization without OAuth" (AIP-4111), with a scope instead of an audience.
    """

    def token() -> dict[str, Any]:
        now = datetime.now(UTC)
        return {"token": signed_token(service_account_key, now), "expires_at": now + TOKEN_LIFE}

    return token


def signed_token(service_account_key: str, now: datetime) -> str:
    """A JSON web token (RFC 7519, RS256) of the service account, good for an hour."""
    from base64 import urlsafe_b64encode

    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    account = json.loads(service_account_key)
    key = load_pem_private_key(account["private_key"].encode(), password=None)
    assert isinstance(key, RSAPrivateKey)  # _reads_as_key saw to it
    email, issued = account["client_email"], int(now.timestamp())
    head = {"alg": "RS256", "typ": "JWT", "kid": account.get("private_key_id")}
    claims = {"iss": email, "sub": email, "scope": GCS_SCOPE, "iat": issued, "exp": issued + 3600}
    parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (head, claims)]
    message = b".".join(parts)
    signature = urlsafe_b64encode(key.sign(message, PKCS1v15(), SHA256())).rstrip(b"=")
    return b".".join((message, signature)).decode()


def _reads_as_key(text: str) -> bool:
    try:
        signed_token(text, datetime.fromtimestamp(0, UTC))
    except Exception:  # whatever else it is, it is not that
        return False
    return True


def _fault(where: str, message: str, hint: str) -> Fault:
    return Fault(code="connection.invalid", message=message, where=where, hint=hint)
