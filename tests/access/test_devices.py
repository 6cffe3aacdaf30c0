"""Devices in words, and the address that counts behind proxies."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from karat.access.devices import client_address, describe_device


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/129.0 Safari/537.36 Edg/129.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/17.5 Safari/605.1",
            "Safari on macOS",
        ),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/129.0 Mobile Safari/537.36", "Chrome on Android"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("", "Unknown device"),
        ("<script>alert(1)</script>", "Unknown device"),
        ("Mozilla/5.0", "Unknown device"),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(agent: str, device: str) -> None:
    assert describe_device(agent) == device


def request(n_proxies: int, *forwarded: str) -> Request:
    app = SimpleNamespace(state=SimpleNamespace(settings=SimpleNamespace(trusted_proxies=n_proxies)))
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    return Request({"type": "http", "app": app, "headers": headers, "client": ("10.0.0.1", 1)})


@pytest.mark.parametrize(
    ("n_proxies", "forwarded", "address"),
    [
        (0, ["203.0.113.9"], "10.0.0.1"),  # nobody is believed
        (1, ["203.0.113.9"], "203.0.113.9"),
        (1, ["1.1.1.1, 203.0.113.9"], "203.0.113.9"),  # what the client wrote itself stands before it
        (2, ["1.1.1.1, 203.0.113.9", "192.0.2.1"], "203.0.113.9"),
        (2, ["203.0.113.9"], "10.0.0.1"),  # it did not come through both
        (1, [], "10.0.0.1"),
    ],
)
def test_only_what_our_own_proxies_noted_is_believed(n_proxies: int, forwarded: list[str], address: str) -> None:
    assert client_address(request(n_proxies, *forwarded)) == address


def test_the_server_starts_without_the_libraries_of_signing_in() -> None:
    code = (
        "import sys, karat.api.app, karat.api.serve;"
        "print([m for m in ('webauthn', 'segno', 'pyotp', 'pwdlib', 'argon2', 'cbor2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
