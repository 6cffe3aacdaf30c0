"""What a bucket's library says went wrong, as an error of ours with its fix. Nothing that the server wrote is repeated.

The library tells most things in the text of its exceptions only; the patterns here are held to it by the tests, on
servers that produce these answers.
"""

import re
from datetime import datetime

from karat.errors import KaratError
from karat.storage.errors import (
    BucketBusy,
    BucketFailed,
    BucketMissing,
    BucketUntrusted,
    ClockSkewed,
    CredentialsExpired,
    CredentialsWrong,
    ListDenied,
    NotABucket,
    ObjectChanged,
    ObjectGone,
    ReadDenied,
    RegionWrong,
)

STATUS = re.compile(r"status code: (\d{3})")
CODE = re.compile(r"<(?:Code|code)>([A-Za-z]{3,60})</|\"(?:code|reason|error)\": ?\"([A-Za-z_]{3,60})\"")
REGION = re.compile(r"<Region>([a-z0-9-]{2,30})</Region>|expecting '([a-z0-9-]{2,30})'")
SERVER_TIME = re.compile(r"<ServerTime>([0-9TZ:.+-]{10,40})</ServerTime>")
CERTIFICATE = re.compile(r"InvalidCertificate\(\s*([A-Za-z]{3,40})")

WRONG = {
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "InvalidToken",
    "AuthenticationFailed",
    "InvalidAuthenticationInfo",
    "UnsupportedAlgorithm",
    "AuthorizationHeaderMalformed",
    "authError",
    "invalid_grant",
}
EXPIRED = {"ExpiredToken", "TokenRefreshRequired", "RequestExpired"}
SKEWED = {"RequestTimeTooSkewed"}
MISSING = {"NoSuchBucket", "ContainerNotFound", "ContainerBeingDeleted", "InvalidBucketName"}
ELSEWHERE = {"PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraintException"}
REPLACED = 412
CA_HINT = (
    "If it uses a certificate of your own authority, the operator points SSL_CERT_FILE to that authority's"
    " certificate and starts Karat again."
)


def explain(problem: Exception, now: datetime, *, bucket: str, listing: bool, key: str | None = None) -> KaratError:
    """The error behind an exception of obstore.

    Args:
        listing: the list was asked for, not an object.
    """
    text = str(problem)
    found = STATUS.search(text)
    status = int(found.group(1)) if found else 0
    said = next((one for match in CODE.finditer(text) for one in match.groups() if one), "")
    if certificate := CERTIFICATE.search(text):
        return BucketUntrusted(f"Its certificate is refused: {_words(certificate.group(1))}.", hint=CA_HINT)
    return (
        _about_credentials(text, said, status, now)
        or _about_place(text, said, status, bucket, listing=listing)
        or (_about_object(status, type(problem).__name__, key) if not listing else None)
        or _about_answer(status, said, listing=listing, key=key)
    )


def _about_credentials(text: str, said: str, status: int, now: datetime) -> KaratError | None:
    if region := REGION.search(text):
        return wrong_region(region.group(1) or region.group(2))
    if said in EXPIRED:
        return CredentialsExpired("They were temporary.", hint="Enter fresh ones, with their session token.")
    if said in SKEWED:
        hint = "Set this server's clock, best by NTP, and try again."
        return ClockSkewed(_skew(text, now), hint=hint)
    if said in WRONG or status == 401:
        hints = {
            "InvalidAccessKeyId": "Check the access key id: it was deleted, or belongs to another provider.",
            "SignatureDoesNotMatch": "Check the secret access key: copy it again, without spaces.",
            "InvalidToken": "Check the session token; leave it out if the key is a lasting one.",
            "UnsupportedAlgorithm": "The bucket wants signed requests: enter an access key.",
        }
        return CredentialsWrong(
            "They were refused, before any right was looked at.", hint=hints.get(said, "Enter them again.")
        )
    return None


def _about_place(text: str, said: str, status: int, bucket: str, *, listing: bool) -> KaratError | None:
    if said in ELSEWHERE or "incorrectly configured region" in text or (status in {301, 307} and not said):
        return wrong_region(None)
    if said in MISSING or (listing and status == 404):
        return BucketMissing(
            f"There is no bucket {bucket} there.", hint="Check its name, and region or endpoint.", bucket=bucket
        )
    return None


def _about_object(status: int, kind: str, key: str | None) -> KaratError | None:
    if status == 404 or kind in {"NotFoundError", "FileNotFoundError"}:
        return ObjectGone(key=key)
    if status == REPLACED or kind == "PreconditionError":
        return ObjectChanged(key=key)
    return None


def _about_answer(status: int, said: str, *, listing: bool, key: str | None) -> KaratError:
    if status == 403:
        if listing:
            hint = "Let them list it: s3:ListBucket on the bucket, storage.objects.list, or list on the container."
            return ListDenied("They are good, but their rights do not include it.", hint=hint)
        hint = "Let them read objects: s3:GetObject on the bucket's objects, storage.objects.get, or read."
        return ReadDenied("They are good, but their rights do not include it.", hint=hint, key=key)
    if status in {408, 429} or status >= 500 or said in {"SlowDown", "ServerBusy"}:
        return BucketBusy(f"Its server answered with {status}.", answered=status)
    if status == 0:
        return BucketFailed(
            "Its server did not answer, or broke the connection off.",
            hint="Check that it runs, and that endpoint, scheme and port are right.",
        )
    return NotABucket(
        f"It answered with {status}.", hint="Check the endpoint and the kind of the connection.", answered=status
    )


def wrong_region(region: str | None) -> RegionWrong:
    """The bucket's own region, where the answer tells it."""
    if region is None:
        return RegionWrong("The server did not say in which.", hint="Look the region up where the bucket was made.")
    return RegionWrong(f"It is in {region}.", hint=f"Set the connection's region to {region}.", region=region)


def _skew(text: str, now: datetime) -> str:
    found = SERVER_TIME.search(text)
    try:
        there = datetime.fromisoformat(found.group(1)) if found else None
    except ValueError:
        there = None
    if there is None:
        return "By how much, the server did not say."
    difference = (now - there).total_seconds()
    return f"This server is {abs(difference):,.0f} s {'ahead' if difference > 0 else 'behind'}."


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
