"""The client and the server's OpenAPI document: nothing of either is missing in the other."""

import ast
import inspect
import re
import subprocess
import sys
import zipfile
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import karat_client
from karat_client.resources.base import Resource
from tests.support.server import ROOT

SIGN_IN = "signs a person in by a browser; programs have keys"
ONESELF = "changes how a person signs in, from a session of their own"
TOOLS = "for load balancers and Prometheus"
ERRORS = "for people who follow an error's address; every error says its code, title and status itself"

# Routes that the client does not call, and why. A new route enters here or becomes a method of the client.
NOT_COVERED = {
    "POST /api/session": SIGN_IN,
    "DELETE /api/session": SIGN_IN,
    "GET /errors": ERRORS,
    "GET /errors/{code}": ERRORS,
    "GET /media/{token}": "reached by the links in assets: `datasets.read` and `datasets.save`",
    "GET /media/{token}/thumbnail": "for lists on screens; programs read the media themselves",
    "GET /metrics": TOOLS,
    "GET /readyz": TOOLS,
}
# Below these paths everything is a person's own affair with a browser.
OF_BROWSERS = {
    "/api/me": ONESELF,
    "/api/sign-in": SIGN_IN,
    "/api/reset": SIGN_IN,
    "/api/invitation": SIGN_IN,
}


def is_of_browsers(route: str) -> bool:
    path = route.split()[1]
    return any(path == one or path.startswith(f"{one}/") for one in OF_BROWSERS)


@cache
def maker() -> ModuleType:
    spec = spec_from_file_location("make_records", ROOT / "sdk" / "make_records.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = maker().openapi()
    return found


def served() -> set[str]:
    return {f"{method.upper()} {path}" for path, methods in document()["paths"].items() for method in methods}


def called() -> set[str]:
    return {f"{method} {path}" for method, path in maker().called_routes()}


def test_every_route_is_a_method_of_the_client_or_listed_with_the_reason() -> None:
    missing = {route for route in served() - called() - set(NOT_COVERED) if not is_of_browsers(route)}

    assert missing == set(), "add a method to the client, or a line to NOT_COVERED"


def test_the_list_of_routes_that_are_not_covered_holds_nothing_else() -> None:
    assert set(NOT_COVERED) - served() == set()
    assert set(NOT_COVERED) & called() == set()
    assert {one for one in OF_BROWSERS if not any(f" {one}" in route for route in served())} == set()


def test_the_client_calls_no_route_that_the_server_does_not_have() -> None:
    assert called() - served() == set()


def test_the_records_are_those_of_the_servers_document() -> None:
    assert maker().RECORDS.read_text() == maker().source(document()), "run sdk/make_records.py"


def test_the_client_imports_nothing_of_the_server_and_needs_httpx_alone() -> None:
    code = (
        "import sys; before = set(sys.modules); import karat_client;"
        "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))"
    )
    environment = {"PYTHONPATH": str(ROOT / "sdk" / "src")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)

    loaded = set(done.stdout.split())
    assert {"karat_client", "httpx"} <= loaded
    assert not loaded & {"karat", "pandas", "pyarrow", "numpy", "pydantic"}


def resources(one: type) -> set[type]:
    """All classes below one."""
    return {found for below in one.__subclasses__() for found in (below, *resources(below))}


def test_every_public_method_says_what_it_does() -> None:
    silent = [
        f"{one.__name__}.{name}"
        for one in (karat_client.Client, karat_client.Labels, *resources(Resource))
        for name, method in inspect.getmembers(one, inspect.isfunction)
        if not name.startswith("_") and not method.__doc__
    ]

    assert silent == []


def test_every_code_of_the_client_is_in_its_page() -> None:
    page = (ROOT / "docs" / "how-to" / "use-the-python-client.md").read_text()
    text = "".join(path.read_text() for path in maker().PACKAGE.rglob("*.py"))
    codes = set(re.findall(r'"(client\.[a-z_]+)"', text)) - {"client.error", "client.refused"}

    assert {code for code in codes if f"`{code}`" not in page} == set()


def test_no_annotation_of_the_package_is_missing_for_type_checkers() -> None:
    assert (maker().PACKAGE / "py.typed").exists()
    for path in maker().PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name != "__init__":
                assert node.returns is not None, f"{path.name}: {node.name}"


def test_the_distribution_holds_the_package_its_types_and_its_licence(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT / "sdk", capture_output=True, check=True)
    (wheel,) = tmp_path.glob("karat_client-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (archive.read(name).decode() for name in names if name.endswith("/METADATA"))

    assert f"Version: {karat_client.__version__}" in metadata
    assert [line for line in metadata.splitlines() if line.startswith("Requires-Dist") and "extra" not in line] == [
        "Requires-Dist: httpx>=0.28"
    ]
    assert "karat_client/py.typed" in names
    assert any(name.endswith("LICENSE") for name in names)
    assert not any(name.startswith("karat/") for name in names)
