"""Who may call which route: written out by hand, so that a change of the policy has to be made twice on purpose.

A route of the application that is not in this table, or a line of this table without a route, fails the suite.
"""

from karat.kit import Role

OWNER, ADMIN, MANAGER, REVIEWER, ANNOTATOR, AUDITOR, SERVICE = Role

EVERYBODY = frozenset(Role)
LEADS = frozenset({OWNER, ADMIN, MANAGER})
ENGINE = LEADS | {SERVICE}
LABELLING = ENGINE | {REVIEWER, ANNOTATOR}
REVIEWING = LEADS | {REVIEWER}
LOOKING = ENGINE | {REVIEWER, AUDITOR}
EXPORTING = ENGINE | {AUDITOR}
KEEPING_KEYS = frozenset({OWNER, ADMIN})
AUDITING = frozenset({OWNER, ADMIN, AUDITOR})
PUBLIC = None

MATRIX: dict[tuple[str, str], frozenset[Role] | None] = {
    ("GET", "/api/openapi.json"): PUBLIC,
    ("HEAD", "/api/openapi.json"): PUBLIC,
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,  # where there is one: the operator's token is the right: tests/operations/test_metrics.py
    ("GET", "/errors"): PUBLIC,
    ("GET", "/errors/{code}"): PUBLIC,
    ("GET", "/media/{token}"): PUBLIC,  # the token is the right, and it is signed: tests/storage
    ("HEAD", "/media/{token}"): PUBLIC,
    ("POST", "/api/session"): PUBLIC,  # the code is the right: tests/access
    ("GET", "/api/session"): EVERYBODY,
    ("DELETE", "/api/session"): EVERYBODY,
    ("GET", "/api/kinds"): EVERYBODY,
    ("GET", "/api/formats"): EVERYBODY,
    ("GET", "/api/signing-key"): EVERYBODY,
    ("GET", "/api/review-reasons"): EVERYBODY,
    ("GET", "/api/members"): LEADS | {AUDITOR},
    ("GET", "/api/sign-in"): PUBLIC,
    ("POST", "/api/sign-in"): PUBLIC,  # what is sent is the right, and wrong guesses are counted: tests/access
    ("POST", "/api/sign-in/second-factor"): PUBLIC,
    ("POST", "/api/sign-in/passkey/options"): PUBLIC,
    ("POST", "/api/sign-in/passkey"): PUBLIC,
    ("POST", "/api/invitation"): PUBLIC,  # the link is the right: tests/access
    ("POST", "/api/invitation/passkey/options"): PUBLIC,
    ("POST", "/api/invitation/accept"): PUBLIC,
    ("POST", "/api/reset"): PUBLIC,
    ("POST", "/api/reset/password"): PUBLIC,
    ("GET", "/api/me"): EVERYBODY,
    ("PATCH", "/api/me"): EVERYBODY,
    ("POST", "/api/me/proof"): EVERYBODY,
    ("PUT", "/api/me/password"): EVERYBODY,
    ("POST", "/api/me/passkey-options"): EVERYBODY,
    ("POST", "/api/me/passkeys"): EVERYBODY,
    ("PATCH", "/api/me/passkeys/{passkey_id}"): EVERYBODY,
    ("DELETE", "/api/me/passkeys/{passkey_id}"): EVERYBODY,
    ("POST", "/api/me/authenticator"): EVERYBODY,
    ("POST", "/api/me/authenticator/confirm"): EVERYBODY,
    ("DELETE", "/api/me/authenticator"): EVERYBODY,
    ("POST", "/api/me/recovery-codes"): EVERYBODY,
    ("GET", "/api/me/sessions"): EVERYBODY,
    ("DELETE", "/api/me/sessions"): EVERYBODY,
    ("DELETE", "/api/me/sessions/{session_id}"): EVERYBODY,
    ("GET", "/api/me/keys"): EVERYBODY,
    ("POST", "/api/me/keys"): EVERYBODY,
    ("DELETE", "/api/me/keys/{own_key_id}"): EVERYBODY,
    ("GET", "/api/members/{user_id}"): LEADS | {AUDITOR},
    ("PATCH", "/api/members/{user_id}"): LEADS,
    ("DELETE", "/api/members/{user_id}/sessions"): LEADS,
    ("POST", "/api/members/{user_id}/reset-link"): LEADS,
    ("GET", "/api/invitations"): LEADS,
    ("POST", "/api/invitations"): LEADS,
    ("POST", "/api/invitations/{invitation_id}/link"): LEADS,
    ("DELETE", "/api/invitations/{invitation_id}"): LEADS,
    ("GET", "/api/groups"): LEADS | {AUDITOR},
    ("POST", "/api/groups"): LEADS,
    ("PATCH", "/api/groups/{group_id}"): LEADS,
    ("DELETE", "/api/groups/{group_id}"): LEADS,
    ("GET", "/api/groups/{group_id}/members"): LEADS | {AUDITOR},
    ("PUT", "/api/groups/{group_id}/members/{user_id}"): LEADS,
    ("DELETE", "/api/groups/{group_id}/members/{user_id}"): LEADS,
    ("GET", "/api/tenant"): LEADS | {AUDITOR},
    ("PATCH", "/api/tenant"): KEEPING_KEYS,
    ("GET", "/api/keys"): KEEPING_KEYS,
    ("POST", "/api/keys"): KEEPING_KEYS,
    ("DELETE", "/api/keys/{key_id}"): KEEPING_KEYS,
    ("GET", "/api/audit"): AUDITING,
    ("GET", "/api/audit/checkpoint"): AUDITING,
    ("GET", "/api/jobs"): LOOKING,
    ("GET", "/api/jobs/{job_id}"): LOOKING,
    ("POST", "/api/jobs/{job_id}/cancel"): ENGINE,
    ("POST", "/api/jobs/{job_id}/retry"): ENGINE,
    ("GET", "/api/job-counts"): LOOKING,
    ("GET", "/api/chores"): LOOKING,
    ("GET", "/api/connections"): ENGINE,
    ("POST", "/api/connections"): ENGINE,
    ("POST", "/api/connection-tests"): ENGINE,
    ("GET", "/api/connections/{connection_id}"): ENGINE,
    ("PATCH", "/api/connections/{connection_id}"): ENGINE,
    ("DELETE", "/api/connections/{connection_id}"): ENGINE,
    ("POST", "/api/connections/{connection_id}/test"): ENGINE,
    ("GET", "/api/datasets"): EVERYBODY,
    ("POST", "/api/datasets"): ENGINE,
    ("GET", "/api/datasets/{dataset_id}"): EVERYBODY,
    ("GET", "/api/datasets/{dataset_id}/assets"): LOOKING,
    ("GET", "/api/datasets/{dataset_id}/imports"): LOOKING,
    ("POST", "/api/datasets/{dataset_id}/imports"): ENGINE,
    ("GET", "/api/imports/{import_id}"): LOOKING,
    ("GET", "/api/imports/{import_id}/faults"): LOOKING,
    ("POST", "/api/imports/{import_id}/cancel"): ENGINE,
    ("GET", "/api/projects"): EVERYBODY,
    ("POST", "/api/projects"): ENGINE,
    ("GET", "/api/projects/{project_id}"): EVERYBODY,
    ("PATCH", "/api/projects/{project_id}"): ENGINE,
    ("GET", "/api/projects/{project_id}/tasks"): LOOKING,
    ("GET", "/api/projects/{project_id}/overview"): LOOKING,
    ("GET", "/api/projects/{project_id}/events"): LOOKING,
    ("GET", "/api/projects/{project_id}/certificates"): LOOKING,
    ("GET", "/api/projects/{project_id}/exports"): EXPORTING,
    ("POST", "/api/projects/{project_id}/exports"): EXPORTING,
    ("POST", "/api/projects/{project_id}/next"): LABELLING,
    ("GET", "/api/tasks/{task_id}"): LOOKING,
    ("GET", "/api/tasks/{task_id}/explanation"): LOOKING,
    ("PUT", "/api/assignments/{assignment_id}/draft"): LABELLING,
    ("POST", "/api/assignments/{assignment_id}/submission"): LABELLING,
    ("POST", "/api/assignments/{assignment_id}/skip"): LABELLING,
    ("POST", "/api/assignments/{assignment_id}/release"): LABELLING,
    ("POST", "/api/assignments/{assignment_id}/renew"): LABELLING,
    ("POST", "/api/assignments/{assignment_id}/withdraw"): LABELLING,
    ("POST", "/api/assignments/{assignment_id}/review"): REVIEWING,
    ("GET", "/api/certificates/{certificate_id}"): LOOKING,
    ("GET", "/api/certificates/{certificate_id}/file"): LOOKING,
    ("GET", "/api/certificates/{certificate_id}/checks"): LOOKING,
    ("GET", "/api/exports/{export_id}"): EXPORTING,
    ("GET", "/api/exports/{export_id}/file"): EXPORTING,
}
