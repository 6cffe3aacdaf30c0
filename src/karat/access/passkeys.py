"""WebAuthn: what the browser is asked for, and whether what it gives is right. Without the database.

A passkey is bound to the host name that pages are opened under (the relying party's id), and the browser keeps to it: a
page of another name gets nothing that is worth anything here.
"""

import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from starlette.requests import Request

from karat.access.errors import PasskeyHostUnfit, PasskeyRefused

CHALLENGE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Site:
    """Where pages are opened: the name that passkeys are bound to, and the origins that are ours."""

    rp_id: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What is kept of a passkey just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    backed_up: bool


def site_of(request: Request) -> Site:
    """The site as the settings name it, or as the browser reached it.

    Raises:
        PasskeyHostUnfit: it is reached by a number; browsers bind passkeys to names only.
    """
    public: str | None = request.app.state.settings.public_url
    if public:
        parts = urlsplit(public)
        host, origins = parts.hostname or "", [f"{parts.scheme}://{parts.netloc}"]
    else:
        netloc = request.headers.get("host", "")
        host, origins = urlsplit(f"//{netloc}").hostname or "", [f"https://{netloc}", f"http://{netloc}"]
    if not _is_name(host):
        raise PasskeyHostUnfit(host=host)
    return Site(host, tuple(origins))


def fits(request: Request) -> bool:
    """Whether passkeys can be used at the address that the browser has reached."""
    try:
        site_of(request)
    except PasskeyHostUnfit:
        return False
    return True


def registration_options(
    site: Site, challenge: bytes, *, tenant: str, account: str, name: str, handle: UUID, known: Sequence[bytes]
) -> dict[str, Any]:
    """What `navigator.credentials.create` is called with: a passkey that its holder unlocks and that needs no name.

    Args:
        handle: the account, as an id that says nothing.
        known: passkeys that the account has: the same device makes no second one.
    """
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    options = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=tenant,
        user_name=account,
        user_display_name=name,
        user_id=handle.bytes,
        challenge=challenge,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    found: dict[str, Any] = json.loads(options_to_json(options))
    return found


def sign_in_options(site: Site, challenge: bytes) -> dict[str, Any]:
    """What `navigator.credentials.get` is called with; it names no passkey, so it tells of no account."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import structs

    options = generate_authentication_options(
        rp_id=site.rp_id, challenge=challenge, user_verification=structs.UserVerificationRequirement.REQUIRED
    )
    found: dict[str, Any] = json.loads(options_to_json(options))
    return found


def verify_registration(site: Site, challenge: bytes, credential: str) -> NewPasskey:
    """The passkey that the browser made.

    Raises:
        PasskeyRefused: it answers another challenge, comes from another page, or is no passkey.
    """
    from webauthn import verify_registration_response

    try:
        found = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=list(site.origins),
            require_user_verification=True,
        )
    except Exception as error:  # the library raises whatever its parsers do
        raise PasskeyRefused from error
    return NewPasskey(found.credential_id, found.credential_public_key, found.sign_count, found.credential_backed_up)


def credential_id_of(credential: str) -> bytes:
    """Which passkey answers.

    Raises:
        PasskeyRefused: what came is no answer of a passkey.
    """
    from webauthn import base64url_to_bytes

    try:
        return base64url_to_bytes(json.loads(credential)["rawId"])
    except Exception as error:
        raise PasskeyRefused from error


def verify_sign_in(site: Site, challenge: bytes, credential: str, *, public_key: bytes, sign_count: int) -> int:
    """The new count of signatures.

    Raises:
        PasskeyRefused: not signed by this passkey, for this challenge, on this site, by a holder who unlocked it; or its
            count went back, which a copied device shows by.
    """
    from webauthn import verify_authentication_response

    try:
        found = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=list(site.origins),
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Exception as error:
        raise PasskeyRefused from error
    return found.new_sign_count


def _is_name(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(host)
    return False
