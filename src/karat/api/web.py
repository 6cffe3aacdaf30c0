"""The web app: built files with long caching, and its page for every other address."""

import os
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import Headers
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from karat.api.encodings import SUFFIXES, send_file
from karat.api.problems import RouteNotFound

STATIC = Path(__file__).parents[1] / "static"
NO_PAGES = frozenset({"api", "media", "assets", "errors"})
ENCODED = tuple(SUFFIXES.values())
FOR_A_YEAR = {"Cache-Control": "public, max-age=31536000, immutable"}
ASK_FIRST = {"Cache-Control": "no-cache"}
NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Karat</title>
<p>The web app of this source checkout is not built yet. Run <code>python3 go.py</code>, which builds it.</p>"""


class BuiltFiles(StaticFiles):
    """Files whose names hold their hash: they never change. Encoded ones have no address of their own."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """The file at a path."""
        return ("", None) if path.endswith(ENCODED) else super().lookup_path(path)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """With a year of caching."""
        return send_file(Path(full_path), Headers(scope=scope), FOR_A_YEAR)


class Pages:
    """The one page of the app for every address that is no route; addresses of its screens are its own affair.

    It stands behind the routes and is none itself, so that a wrong method on a route stays a wrong method. Files are
    taken from a list made at the start: what a request asks for never becomes a path.
    """

    def __init__(self, folder: Path) -> None:
        self._index = folder / "index.html"
        files = folder.iterdir() if folder.is_dir() else ()
        self._files = {one.name: one for one in files if one.is_file() and not one.name.endswith(ENCODED)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        path = scope["path"].removeprefix("/")
        if scope["method"] not in {"GET", "HEAD"} or path.split("/")[0] in NO_PAGES:
            raise RouteNotFound
        await self._answer(path, Headers(scope=scope))(scope, receive, send)

    def _answer(self, path: str, request: Headers) -> Response:
        file = self._files.get(path, self._index)
        if file == self._index and not file.is_file():
            return HTMLResponse(NOT_BUILT, 503)
        return send_file(file, request, ASK_FIRST)


def install(app: FastAPI, folder: Path = STATIC) -> None:
    """Serve the web app behind all routes."""
    if (folder / "assets").is_dir():
        app.mount("/assets", BuiltFiles(directory=folder / "assets"), name="assets")
    app.router.default = Pages(folder)
