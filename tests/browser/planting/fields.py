"""Every text that a request may bring, read from the OpenAPI document: names of JSON's own making included."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

METHODS = ("post", "put", "patch")
NO_TEXT = {"uuid", "date-time"}


@dataclass(frozen=True)
class Field:
    """One text of one request.

    Attributes:
        place: `name`, `sections[].good[].caption`, `headers.<name>` for a name of the sender's, `?filename` in the address.
    """

    method: str
    path: str
    place: str
    max_length: int | None = None
    pattern: str | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.place}"


def text_fields(document: dict[str, Any]) -> dict[str, Field]:
    """All of them, by what they are called."""
    found: dict[str, Field] = {}
    for path, operations in document["paths"].items():
        for method in METHODS:
            if operation := operations.get(method):
                for place, schema in _texts(document, operation):
                    field = Field(method.upper(), path, place, schema.get("maxLength"), schema.get("pattern"))
                    found.setdefault(str(field), field)
    return found


def _texts(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query":
            yield from _walk(document, parameter["schema"], f"?{parameter['name']}", ())
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield from _walk(document, content.get("schema", {}), "", ())


def _walk(
    document: dict[str, Any], schema: dict[str, Any], at: str, within: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Texts below a place; a record within itself is gone through once."""
    if name := schema.get("$ref", "").rpartition("/")[2]:
        if name not in within:
            yield from _walk(document, document["components"]["schemas"][name], at, (*within, name))
        return
    choices = [one for word in ("anyOf", "oneOf", "allOf") for one in schema.get(word, ())]
    for one in choices:
        yield from _walk(document, one, at, within)
    if choices or "enum" in schema or "const" in schema:
        return
    kind = schema.get("type")
    if kind == "string" and schema.get("format") not in NO_TEXT:
        yield at, schema
    elif kind == "array":
        yield from _walk(document, schema.get("items", {}), f"{at}[]", within)
    elif kind == "object":
        yield from _members(document, schema, f"{at}." if at else "", within)
    elif kind is None:
        yield f"{at} <anything>", {}


def _members(
    document: dict[str, Any], schema: dict[str, Any], before: str, within: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, member in schema.get("properties", {}).items():
        yield from _walk(document, member, before + name, within)
    others = schema.get("additionalProperties", not schema.get("properties"))
    if others:
        yield f"{before}<name>", schema.get("propertyNames", {})
        yield from _walk(document, {} if others is True else others, f"{before}<value>", within)
