"""Headers that a user names: those that say where a request ends or whom it is for are not theirs to give."""

import re
from collections.abc import Mapping

from karat.outbound.errors import HeaderRefused

NAME = re.compile(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$", re.ASCII)
VALUE = re.compile(r"^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$|^$", re.ASCII)
FRAMING = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


def check_headers(headers: Mapping[str, str]) -> None:
    """Judge headers before they are stored or sent; the values, which may be secrets, are not repeated.

    Raises:
        HeaderRefused: the first that cannot be sent.
    """
    for name, value in headers.items():
        if not NAME.match(name):
            raise HeaderRefused(f"{name[:100]!a} is no name of a header.", hint="Names have letters, digits and -.")
        if name.lower() in FRAMING or name.lower().startswith("proxy-"):
            raise HeaderRefused(f"{name} is set by Karat itself.", hint="Leave it out.", header=name)
        if not VALUE.match(value):
            hint = "Only ASCII without line breaks; copy the value again."
            raise HeaderRefused(f"The value of {name} holds a character that cannot be sent.", hint=hint, header=name)
