"""Where the server is, and who asks."""

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from karat_client.errors import ConfigurationMissing


@dataclass(frozen=True, slots=True)
class Address:
    """A server and a key.

    Attributes:
        url: without a slash at its end.
    """

    url: str
    key: str = field(repr=False)


def find_address(url: str | None, key: str | None) -> Address:
    """The address and key given, else those of KARAT_URL and KARAT_API_KEY.

    Raises:
        ConfigurationMissing: one of them is missing, or cannot be what it should be.
    """
    return Address(_url(url or os.environ.get("KARAT_URL", "")), _key(key or os.environ.get("KARAT_API_KEY", "")))


def _url(text: str) -> str:
    text = text.strip().rstrip("/")
    if not text:
        raise ConfigurationMissing(
            "No server was given.", hint="Give its address, Client(url=…), or set KARAT_URL; http://localhost:8000."
        )
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationMissing(
            f"{text!r} is not the address of a server.", hint="It begins with http:// or https:// and names a host."
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigurationMissing(
            "The address of the server holds more than a host and a path.", hint="The key goes beside it, not into it."
        )
    return text.removesuffix("/api")


def _key(text: str) -> str:
    text = text.strip()
    if not text:
        raise ConfigurationMissing(
            "No API key was given.",
            hint="Give it, Client(key=…), or set KARAT_API_KEY. The first start wrote one to DIR/owner.key;"
            " `karat keys create` makes more.",
        )
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ConfigurationMissing("What was given as the API key is none: it holds a space or a special character.")
    return text
