"""The cookie of a browser session, and the address that links lead to."""

from urllib.parse import urlsplit

from fastapi import Request, Response

from karat.access.doors import PLAIN_COOKIE, SECURE_COOKIE
from karat.access.sessions import Started
from karat.access.types import Session

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def keep(request: Request, response: Response, started: Started) -> Session:
    """Give the browser its new secret, out of reach of scripts, and the token that goes with it as a header."""
    secure = is_secure(request)
    response.set_cookie(
        SECURE_COOKIE if secure else PLAIN_COOKIE,
        started.secret.text,
        max_age=request.app.state.settings.session_hours * 3600,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    response.headers["X-CSRF-Token"] = started.secret.csrf_token
    return started.session


def drop(response: Response) -> None:
    """Take the cookie back."""
    for name in (SECURE_COOKIE, PLAIN_COOKIE):
        response.delete_cookie(name, path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="lax")


def is_secure(request: Request) -> bool:
    """Whether the browser keeps a Secure cookie here: over TLS, or on this very machine."""
    public: str | None = request.app.state.settings.public_url
    if public:
        return urlsplit(public).scheme == "https"
    return request.url.scheme == "https" or request.url.hostname in LOOPBACK


def base_url(request: Request) -> str:
    """What links of ours begin with."""
    public: str | None = request.app.state.settings.public_url
    return (public or f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}").rstrip("/")
