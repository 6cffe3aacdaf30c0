"""Every feature that reaches a host which a user named goes through the guard; nothing else of the server has the means.

A new feature enters `FEATURES`; a module that imports a network library and is neither listed there nor excused fails.
"""

import ast
from dataclasses import dataclass
from functools import cache
from inspect import Parameter, signature
from pathlib import Path
from typing import Any, cast

import pytest

from karat.storage.bucket_stores import open_store
from karat.storage.connection_types import BucketSecret, ConnectionKind, NewConnection

pytestmark = pytest.mark.requirement("SEC-3")
SOURCE = Path(__file__).parents[2] / "src"
# What opens connections. asyncpg is missing on purpose: the operator names the database, no user does.
NETWORK = {
    "aiohttp", "botocore", "boto3", "fsspec", "ftplib", "google.cloud", "grpc", "http.client", "httpcore", "httpx", "obstore",
    "paramiko", "pycurl", "requests", "s3fs", "smtplib", "socket", "telnetlib", "urllib.request", "urllib3", "websockets",
    "xmlrpc",
}  # fmt: skip
OPENING = {
    "open_connection",
    "create_connection",
    "open_unix_connection",
    "create_unix_connection",
    "create_datagram_endpoint",
}
# Clients that a person starts for themselves, on their own machine; the server never runs them.
CLIENTS = ("karat.cli", "karat.demo")
EXCUSED = {
    "karat.api.serve": "looks for a free port, and asks itself whether it answers",
    "karat.storage.bucket_stores": "is handed the tunnel by karat.storage.buckets: see the test of it",
}


# Know the guard and go nowhere themselves.
HANDS_ON = {
    "karat.api.engine": "makes it",
    "karat.datasets.ingest": "hands it to karat.datasets.fetching",
    "karat.models.ground": "hands it to the adapters",
    "karat.storage.bucket_stores": "reads an address; is handed the tunnel by karat.storage.buckets",
}


@dataclass(frozen=True)
class Feature:
    """One way out.

    Attributes:
        module: where it leaves.
        by: what of `karat.outbound` it has to use there.
    """

    name: str
    module: str
    by: frozenset[str]


FEATURES: tuple[Feature, ...] = (
    Feature("files behind addresses", "karat.datasets.fetching", frozenset({"client", "fetch"})),
    Feature("buckets", "karat.storage.buckets", frozenset({"open_tunnel", "open_store"})),
    Feature("test of a bucket's connection", "karat.storage.probe", frozenset({"check", "client"})),
    Feature("models", "karat.models.adapters.remote", frozenset({"client"})),
    Feature("a model's address, before it is kept", "karat.models.service", frozenset({"judge", "check_headers"})),
)


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the server, by its name."""
    files = {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts): path for path in (SOURCE / "karat").rglob("*.py")
    }
    return {name.removesuffix(".__init__"): ast.parse(path.read_text()) for name, path in files.items()}


def imported(tree: ast.Module) -> set[str]:
    """Every dotted name that a module imports, also inside functions, where `from a import b` is `a.b`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            is_import = (
                called in {"import_module", "__import__"} and node.args and isinstance(node.args[0], ast.Constant)
            )
            found |= {str(node.args[0].value)} if is_import else set()  # type: ignore[attr-defined]
    return found


def ways_out(tree: ast.Module) -> set[str]:
    """The means by which a module could open a connection."""
    libraries = {one for one in NETWORK for name in imported(tree) if name == one or name.startswith(f"{one}.")}
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and is_loop(node.value)}
    return libraries | (used & OPENING) | {one for one in OPENING if f"asyncio.{one}" in imported(tree)}


def is_loop(node: ast.expr) -> bool:
    """Whether something is asyncio or one of its loops, and not a service that has a word in common with it."""
    name = node.func if isinstance(node, ast.Call) else node
    text = name.attr if isinstance(name, ast.Attribute) else name.id if isinstance(name, ast.Name) else ""
    return text == "asyncio" or text.endswith("loop")


def unguarded(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Modules that could reach a host past the guard."""
    known = {one.module for one in FEATURES} | set(EXCUSED)
    inside = ("karat.outbound", *CLIENTS)
    others = {
        name: tree
        for name, tree in trees.items()
        if name not in known and not f"{name}.".startswith(tuple(f"{one}." for one in inside))
    }
    return {name: found for name, tree in others.items() if (found := ways_out(tree))}


def test_no_module_but_the_guard_has_the_means_to_connect() -> None:
    assert unguarded(modules()) == {}, "go through karat.outbound, and enter the feature in FEATURES"


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_a_feature_that_leaves_goes_through_the_guard(feature: Feature) -> None:
    tree = modules()[feature.module]
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} | {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name)
    }
    assert any(name.startswith("karat.outbound") for name in imported(tree))
    assert feature.by <= names


def test_whatever_uses_the_guard_is_a_feature_that_is_tried() -> None:
    users = {
        name
        for name, tree in modules().items()
        if not name.startswith(("karat.outbound", *CLIENTS))
        and any(one.startswith("karat.outbound") for one in imported(tree))
    }
    assert users - {one.module for one in FEATURES} == set(HANDS_ON), (
        "enter it in FEATURES, or say why it does not leave"
    )


def test_a_bucket_is_opened_by_the_one_that_has_the_tunnel_and_never_without_it() -> None:
    callers = {name for name, tree in modules().items() if "karat.storage.bucket_stores.open_store" in imported(tree)}
    assert callers == {"karat.storage.buckets"}
    assert signature(open_store).parameters["proxy"].default is Parameter.empty


@pytest.mark.parametrize("kind", ConnectionKind)
def test_a_buckets_client_sends_everything_through_the_tunnel(kind: ConnectionKind) -> None:
    bucket = NewConnection(name="a", kind=kind, bucket="bucket", account="account", anonymous=True)
    store: Any = open_store(cast("Any", bucket), BucketSecret(), "http://karat:word@127.0.0.1:9")
    assert store.client_options["proxy_url"] == "http://karat:word@127.0.0.1:9"
    assert not store.client_options["proxy_excludes"]


def test_every_excuse_is_still_needed() -> None:
    trees = modules()
    assert {name for name in EXCUSED if ways_out(trees[name])} == set(EXCUSED)


SLY = [
    "import httpx",
    "import urllib.request as u",
    "from urllib import request",
    "def f():\n    import socket",
    "import obstore.store",
    "from http.client import HTTPSConnection",
    "import importlib\nimportlib.import_module('requests')",
    "__import__('socket')",
    "import asyncio\nasync def f(): await asyncio.open_connection('a', 1)",
    "async def f(loop): await loop.create_connection(None, 'a')",
    "import asyncio\nasync def f(): await asyncio.get_running_loop().create_connection(None, 'a')",
    "class A:\n    async def f(self): await self._loop.create_connection(None, 'a')",
    "from asyncio import open_connection",
]


@pytest.mark.parametrize("code", SLY)
def test_the_check_sees_through_every_kind_of_import(code: str) -> None:
    assert unguarded({"karat.tasks.sly": ast.parse(code)})


@pytest.mark.parametrize(
    "code",
    [
        "from urllib.parse import urlsplit",
        "import asyncio",
        "from http import HTTPStatus",
        "import asyncpg",
        "service.create_connection()",
    ],
)
def test_what_opens_no_connection_is_left_alone(code: str) -> None:
    assert not unguarded({"karat.tasks.plain": ast.parse(code)})
