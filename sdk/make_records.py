"""Write `karat_client/records.py` from the server's OpenAPI document: the records of the routes that the client calls.

.venv/bin/python sdk/make_records.py

`tests/sdk/test_contract.py` keeps it true.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent / "src" / "karat_client"
RECORDS = PACKAGE / "records.py"
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
SECRETS = frozenset(
    {
        "key",
        "csrf_token",
        "MadeInvitation.code",
        "MadeInvitation.link",
        "ResetLink.code",
        "ResetLink.link",
        "secret_access_key",
        "session_token",
        "service_account_key",
        "account_key",
        "sas_token",
    }
)
# What callers make and no answer holds.
GIVEN = ("LabelClass", "QualityTarget", "Annotation", "Attribute", "BucketSecret", "NewPilot", "Section", "ClonePart")
SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
FORMATS = {"uuid": "UUID", "date-time": "datetime"}
HEAD = '''"""What the server answers with. Made by sdk/make_records.py from its OpenAPI document; do not edit.

Times are aware, probabilities between 0 and 1. A word that a newer server adds to a list of words comes through as it is.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID
'''


def called_routes() -> set[tuple[str, str]]:
    """Method and path of every call of the server in the client's source."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                found |= set(_calls_of(node))
    return found


def _calls_of(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Method and path are two arguments that follow each other, given as text or as a variable that holds one."""
    texts = {
        target.id: node.value.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(function):
        if isinstance(call, ast.Call):
            words = [
                one.value if isinstance(one, ast.Constant) else texts.get(one.id) if isinstance(one, ast.Name) else None
                for one in call.args
            ]
            yield from ((str(a), b) for a, b in pairwise(words) if a in METHODS and isinstance(b, str))


def source(document: dict[str, Any]) -> str:
    """The text of the module."""
    schemas = document["components"]["schemas"]
    names = sorted(_needed(document), key=_class_name)
    words = [name for name in names if "enum" in schemas[name]]
    records = [name for name in names if "properties" in schemas[name]]
    uses_faults = any("Fault" in _references(schemas[name]) for name in records)
    head = HEAD + ("\nfrom karat_client.faults import Fault\n" if uses_faults else "")
    parts = [head, *(_literal(name, schemas[name]) for name in words)]
    parts += [_record(name, schemas[name]) for name in _in_order(records, schemas)]
    command = [sys.executable, "-m", "ruff", "format", "--config", str(PACKAGE.parents[2] / "pyproject.toml"), "-"]
    done = subprocess.run(command, input="\n".join(parts), capture_output=True, text=True, check=True)
    return done.stdout


def _needed(document: dict[str, Any]) -> set[str]:
    """Every schema that an answer of a called route, or a record that callers make, is built of."""
    schemas = document["components"]["schemas"]
    pending = [*GIVEN]
    for method, path in called_routes():
        route = document["paths"].get(path, {}).get(method.lower(), {})
        for status, answer in route.get("responses", {}).items():
            if status.startswith("2"):
                pending += _references(answer)
    found: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += _references(schemas[name])
    return {name for name in found if not name.startswith("Page_") and name != "Fault"}


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        here = [node["$ref"].rsplit("/", 1)[-1]] if isinstance(node.get("$ref"), str) else []
        return here + [name for value in node.values() for name in _references(value)]
    return [name for one in node for name in _references(one)] if isinstance(node, list) else []


def _in_order(names: list[str], schemas: dict[str, Any]) -> Iterator[str]:
    """Parts before wholes, so that every annotation names what stands above it."""
    done: set[str] = set()

    def visit(name: str) -> Iterator[str]:
        if name in done:
            return
        done.add(name)
        for part in _references(schemas[name]):
            if part in names:
                yield from visit(part)
        yield name

    for name in names:
        yield from visit(name)


def _class_name(name: str) -> str:
    """`a__b__FormatList__Item` is `FormatListItem`."""
    return "".join(part for part in name.split("__") if part[:1].isupper())


def _literal(name: str, schema: dict[str, Any]) -> str:
    choices = ", ".join(f'"{one}"' for one in schema["enum"])
    return f'{_class_name(name)} = Literal[{choices}]\n"""{_text(schema)}"""\n'


def _record(name: str, schema: dict[str, Any]) -> str:
    required = schema.get("required", [])
    lines = [_field(name, one, shape, is_required=one in required) for one, shape in schema["properties"].items()]
    head = f"\n@dataclass(frozen=True, slots=True, kw_only=True)\nclass {_class_name(name)}:\n"
    text = _text(schema)
    end = "\n    " if "\n" in text else ""
    return f'{head}    """{text}{end}"""\n\n' + "\n".join(lines) + "\n"


def _text(schema: dict[str, Any]) -> str:
    return (
        str(schema.get("description", schema.get("title", ""))).strip().replace("\n", "\n    ").replace("    \n", "\n")
    )


def _field(record: str, name: str, shape: dict[str, Any], *, is_required: bool) -> str:
    kind = _type(shape)
    if name in SECRETS or f"{record}.{name}" in SECRETS:
        default = "default=None, " if kind.endswith("| None") else ""
        return f"    {name}: {kind} = field({default}repr=False)"
    if "default" in shape and not isinstance(shape["default"], dict | list):
        return f"    {name}: {kind} = {shape['default']!r}"
    if kind.endswith("| None"):
        return f"    {name}: {kind} = None"
    if is_required and "default" not in shape:
        return f"    {name}: {kind}"
    if kind.startswith("tuple["):
        return f"    {name}: {kind} = ()"
    # A record with defaults of its own, or a mapping: an absent one is an empty one.
    return f"    {name}: {kind} = field(default_factory={kind.split('[')[0]})"


def _type(shape: dict[str, Any]) -> str:
    if "$ref" in shape:
        return _class_name(shape["$ref"].rsplit("/", 1)[-1])
    if choices := shape.get("anyOf") or shape.get("oneOf"):
        kinds = [_type(one) for one in choices if one.get("type") != "null"]
        is_nullable = len(kinds) < len(choices)
        return " | ".join([*kinds, *(["None"] if is_nullable else [])])
    if "const" in shape:
        return f'Literal["{shape["const"]}"]'
    if "enum" in shape:
        return f"Literal[{', '.join(repr(one) for one in shape['enum'])}]"
    if shape.get("type") == "array":
        return f"tuple[{_type(shape.get('items', {}))}, ...]"
    if shape.get("type") == "object":
        values = shape.get("additionalProperties")
        return f"dict[str, {_type(values) if isinstance(values, dict) else 'Any'}]"
    return FORMATS.get(shape.get("format", ""), SCALARS.get(shape.get("type", ""), "Any"))


def openapi() -> dict[str, Any]:
    """The document of the server in this checkout."""
    sys.path[:0] = [str(PACKAGE.parents[2])]
    from scripts.make_reference import _ground

    from karat.api.app import create_app

    return create_app(_ground()).openapi()


if __name__ == "__main__":
    RECORDS.write_text(source(openapi()))
    print(RECORDS)
