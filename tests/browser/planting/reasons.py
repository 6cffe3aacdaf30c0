"""Texts of requests that no screen shows, each with the reason. What is shown has no place here."""

SECRET = "proves who somebody is; it is compared or sealed, and given to nobody"
ASKED = "says what a stranger looks for; it is compared and not kept"
OWN_DRAFT = "goes back to its author's editor only, which draws the kinds and shows the attributes that it knows"
LABEL = "becomes the task's label, of which boxes are drawn; its attributes are read in exports"
UNSHOWN = "tells the server what to take; no screen repeats it"
TRIED = "tried and forgotten; what is kept is planted in /api/connections"

NEVER_SHOWN = {
    "POST /api/session code": SECRET,
    "POST /api/sign-in password": SECRET,
    "POST /api/sign-in email": ASKED,
    "POST /api/sign-in organisation": ASKED,
    "POST /api/sign-in/second-factor token": SECRET,
    "POST /api/sign-in/second-factor code": SECRET,
    "POST /api/sign-in/passkey/options organisation": ASKED,
    "POST /api/sign-in/passkey token": SECRET,
    "POST /api/sign-in/passkey credential": SECRET,
    "POST /api/invitation code": SECRET,
    "POST /api/invitation/passkey/options code": SECRET,
    "POST /api/invitation/accept code": SECRET,
    "POST /api/invitation/accept password": SECRET,
    "POST /api/invitation/accept passkey.token": SECRET,
    "POST /api/invitation/accept passkey.credential": SECRET,
    "POST /api/reset code": SECRET,
    "POST /api/reset/password code": SECRET,
    "POST /api/reset/password password": SECRET,
    "POST /api/me/proof password": SECRET,
    "POST /api/me/proof code": SECRET,
    "PUT /api/me/password current": SECRET,
    "PUT /api/me/password new": SECRET,
    "POST /api/me/passkeys token": SECRET,
    "POST /api/me/passkeys credential": SECRET,
    "POST /api/me/authenticator/confirm code": SECRET,
    "POST /api/models headers.<value>": SECRET,
    "PATCH /api/models/{model_id} headers.<value>": SECRET,
    **{
        f"{route} secret.{name}": SECRET
        for route in (
            "POST /api/connections",
            "PATCH /api/connections/{connection_id}",
            "POST /api/connection-tests",
            "POST /api/connections/{connection_id}/test",
        )
        for name in (
            "access_key_id",
            "secret_access_key",
            "session_token",
            "service_account_key",
            "account_key",
            "sas_token",
        )
    },
    "POST /api/assignments/{assignment_id}/review annotations[].payload.<value> <anything>": LABEL,
    "POST /api/datasets/{dataset_id}/bucket-imports patterns[]": UNSHOWN,
    "PUT /api/assignments/{assignment_id}/draft annotations[].kind": OWN_DRAFT,
    "PUT /api/assignments/{assignment_id}/draft annotations[].payload.<name>": OWN_DRAFT,
    **{
        f"{route} {name}": TRIED
        for route in ("POST /api/connection-tests", "POST /api/connections/{connection_id}/test")
        for name in ("name", "prefix", "endpoint", "?key")
    },
}
