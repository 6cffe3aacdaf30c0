"""The application itself, for tests that call it without a client."""

from tests.security.conftest import app

__all__ = ["app"]
