"""Write the pages of docs/reference that follow from the code; `tests/house/test_docs.py` keeps them true.

.venv/bin/python scripts/make_reference.py
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import typer

import karat
from karat.api.app import create_app
from karat.cli.main import app as commands
from karat.config import Settings
from karat.errors import KaratError, error_classes

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
NOTE = "<!-- Made by scripts/make_reference.py from the code; do not edit. -->\n\n"


def pages() -> dict[str, str]:
    """The text of every made page, by its name."""
    return {"settings.md": settings(), "errors.md": errors(), "api.md": api(), "cli.md": cli()}


def settings() -> str:
    """Every field of `karat.config.Settings`."""
    schema = Settings.model_json_schema()["properties"]
    rows = [
        f"| `KARAT_{name.upper()}` | {_default(field.default)} | {_range(schema[name])} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    head = (
        "# Settings\n\nEnvironment variables, read once at the start. An option of a command wins over its variable."
        "\n\n| variable | default | may be | what |\n|---|---|---|---|\n"
    )
    return NOTE + head + "\n".join(rows) + "\n"


def errors() -> str:
    """Every class of the error family, except those that only stand for a status."""
    for name in _modules():
        import_module(name)
    ours = [one for one in error_classes() if one.__module__.startswith("karat.") and one is not KaratError]
    rows = [f"| `{one.code}` | {one.status} | {'yes' if one.retryable else ''} | {one.title()} |" for one in ours]
    head = (
        "# Errors\n\nThe API answers with `application/problem+json` (RFC 9457). `code` is stable: switch on it, never"
        " on the text. `retryable` says whether the same request can succeed later. `faults`, where there is, lists"
        " everything that is wrong with the input, each with `code`, `message`, `where` and mostly a `hint`."
        " Further fields carry what the sentence is about. Codes that begin with `cli.` are those of commands.\n\n"
        "| code | status | again? | title |\n|---|---|---|---|\n"
    )
    return NOTE + head + "\n".join(rows) + "\n"


def api() -> str:
    """Every route of the OpenAPI document, by capability."""
    document = create_app(_ground()).openapi()
    by_tag: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            row = f"| `{method.upper()} {path}` | {_takes(route)} | {_gives(route)} | {_summary(route)} |"
            by_tag.setdefault(route["tags"][0], []).append(row)
    head = (
        "# API\n\nThe whole contract is the OpenAPI 3.1 document at `/api/openapi.json`. Send an API key as"
        " `Authorization: Bearer …`; a browser session sends its cookie, and with unsafe methods its CSRF token in"
        " `X-CSRF-Token`. Lists come in pages: `items` and `next_cursor`, which goes back as `cursor`. A request that"
        " creates something may carry an `Idempotency-Key`; the same key with the same content gives the same record"
        " again. Errors: [errors.md](errors.md).\n"
    )
    tables = [
        f"\n## {tag.capitalize()}\n\n| route | takes | gives | what |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
        for tag, rows in by_tag.items()
    ]
    return NOTE + head + "".join(tables)


def cli() -> str:
    """Every command with its arguments and options."""
    head = (
        "# Commands\n\n`karat COMMAND --help` shows the same. Known errors are one line on stderr and exit status 1."
        " Commands that take `--data-dir` act as the owner of the installation in that folder, and work with and"
        " without a server that runs on it.\n"
    )
    return NOTE + head + "".join(_command(("karat",), typer.main.get_command(commands)))


def _command(path: tuple[str, ...], command: Any) -> Iterator[str]:
    if hasattr(command, "commands"):
        for name, inner in sorted(command.commands.items()):  # they stand in the order of imports
            yield from _command((*path, name), inner)
        return
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and one.name != "help"]
    usage = " ".join([*path, *(_shown(one) for one in arguments)])
    yield f"\n## {usage}\n\n{' '.join(command.help.split())}\n"
    if arguments or options:
        yield "\n| | |\n|---|---|\n"
    for one in (*arguments, *options):
        default = "" if one.default is None or one.default is False or one.required else f" Default: `{one.default}`."
        required = " Required." if one.required and one in options else ""
        yield f"| `{_shown(one)}` | {one.help}{required}{default} |\n"


def _shown(one: Any) -> str:
    if one.param_type_name == "argument":
        return str(one.name).upper()
    value = "" if one.is_flag else f" {one.type_descriptor.annotation.__name__.upper()}"
    return " / ".join(one.opts) + value


def _modules() -> list[str]:
    """Every module of ours that can be imported without doing anything."""
    return [
        one.name
        for one in pkgutil.walk_packages(karat.__path__, "karat.")
        if ".migrations" not in one.name and not one.name.endswith(("__main__", ".embedded_exec"))
    ]


def _ground() -> Any:
    fields = ("database", "storage", "media_key", "public_key", "access_key", "buckets", "models", "thumbnailer")
    return SimpleNamespace(settings=Settings(), **dict.fromkeys(fields))


def _takes(route: dict[str, Any]) -> str:
    parts = [f"`{one['name']}`" for one in route.get("parameters", []) if one["in"] == "query"]
    content = route.get("requestBody", {}).get("content", {})
    return ", ".join([*(_record(one) for one in content.values()), *parts])


def _gives(route: dict[str, Any]) -> str:
    for status, answer in route["responses"].items():
        if status.startswith("2"):
            contents = [_record(one) for one in answer.get("content", {}).values()]
            return " ".join([status, *(one for one in contents if one)])
    return ""


def _record(content: dict[str, Any]) -> str:
    schema = content.get("schema", {})
    for one in (schema, *schema.get("anyOf", [])):
        if "$ref" in one:
            name = one["$ref"].rsplit("/", 1)[-1]
            return f"`Page[{name[5:-1]}]`" if name.startswith("Page_") else f"`{name}`"
    return ""


def _summary(route: dict[str, Any]) -> str:
    text = route.get("description") or route["summary"]
    return " ".join(text.split("\n\n")[0].split())


def _default(value: object) -> str:
    return "" if value is None else f"`{value}`"


def _range(schema: dict[str, Any]) -> str:
    kinds = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    words = {"string": "text", "integer": "whole number"}
    parts = ["path" if one.get("format") == "path" else words[one["type"]] for one in kinds]
    if "pattern" in schema:
        return ", ".join(f"`{one}`" for one in schema["pattern"].strip("^$()").split("|"))
    if "minimum" in schema:
        parts.append(f"{schema['minimum']:,} to {schema['maximum']:,}")
    return ", ".join(parts)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
        print(FOLDER / name)
