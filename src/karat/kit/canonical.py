"""One spelling for a JSON value, so that its bytes can be hashed and signed.

The spelling is RFC 8785 (JSON Canonicalization Scheme): UTF-8, no white space, names sorted by their UTF-16 code units,
numbers as ECMAScript prints them, only the escapes that JSON demands. Stricter in one point: a number beyond
±(2^53 - 1) is refused rather than rounded, because a reader in another language would silently see a different one.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from json.encoder import encode_basestring
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""What JSON can hold: str, int, float, bool, None, and lists and string-keyed mappings of these."""

MAX_SAFE_INTEGER = 2**53 - 1


class NotCanonical(ValueError):
    """The value has no canonical spelling, or the bytes are not in it."""


def canonical_json(value: Json) -> bytes:
    """The only spelling of the value.

    Raises:
        NotCanonical: it holds something that JSON cannot carry unchanged: NaN, infinity, a number beyond 2^53 - 1,
            a lone surrogate, a key that is not text, or it is nested too deeply.
    """
    parts: list[str] = []
    try:
        _spell(value, parts.append)
        return "".join(parts).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("the text holds half of a surrogate pair") from error
    except RecursionError as error:
        raise NotCanonical("the value is nested too deeply") from error


def read_canonical(data: bytes) -> Json:
    """The value of bytes that are exactly its canonical spelling.

    Raises:
        NotCanonical: with the reason; a single changed space, escape or repeated name is enough.
    """
    try:
        value = json.loads(data.decode(), object_pairs_hook=_unrepeated)
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"the bytes are not JSON: {error}") from error
    if canonical_json(value) != data:
        raise NotCanonical("the bytes are JSON, but not in the canonical spelling")
    return value


def canonical_sha256(value: Json) -> str:
    """SHA-256 over the canonical spelling, in hexadecimal."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _spell(value: Json, put: Callable[[str], None]) -> None:
    if isinstance(value, str):
        put(encode_basestring(value))
    elif value is None or isinstance(value, bool):
        put({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, int | float):
        put(_number(value))
    elif isinstance(value, Mapping):
        _spell_object(value, put)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            put("," if index else "[")
            _spell(item, put)
        put("]" if value else "[]")
    else:
        raise NotCanonical(f"JSON cannot carry a {type(value).__name__}")


def _spell_object(value: Mapping[Any, Json], put: Callable[[str], None]) -> None:
    if not all(isinstance(name, str) for name in value):
        raise NotCanonical("every name in a JSON object must be text")
    separator = "{"
    for name in sorted(value, key=_utf16):
        put(separator + encode_basestring(name) + ":")
        _spell(value[name], put)
        separator = ","
    put("}" if value else "{}")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be")


def _number(value: int | float) -> str:
    """A number as ECMAScript's Number::toString prints it: the shortest digits that read back the same."""
    if not -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:  # false for NaN as well
        raise NotCanonical(f"{value} cannot be carried exactly by a JSON number")
    if value == int(value):
        return str(int(value))
    digits, _, exponent = repr(float(value)).partition("e")
    if not exponent:
        return digits
    # Python takes an exponent below 1e-4 and gives it two digits; ECMAScript below 1e-6, with as few as needed.
    power = int(exponent)
    if power < -6:
        return f"{digits}e{power}"
    sign, figures = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    return sign + "0." + "0" * (-power - 1) + figures.replace(".", "")


def _unrepeated(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is repeated in an object")
    return found
