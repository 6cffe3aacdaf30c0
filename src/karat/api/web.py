"""The web app: built files with long caching, and its page for every other address."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from karat.api.problems import RouteNotFound

STATIC = Path(__file__).parents[1] / "static"
NO_PAGES = frozenset({"api", "media", "assets", "errors"})
NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Karat</title>
<p>The web app of this source checkout is not built yet. Run <code>python3 go.py</code>, which builds it.</p>"""


class BuiltFiles(StaticFiles):
    """Files whose names hold their hash: they never change."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """With a year of caching."""
        response: Response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class Pages:
    """The one page of the app for every address that is no route; addresses of its screens are its own affair.

    It stands behind the routes and is none itself, so that a wrong method on a route stays a wrong method. Files are
    taken from a list made at the start: what a request asks for never becomes a path.
    """

    def __init__(self) -> None:
        self._files = {one.name: one for one in STATIC.iterdir() if one.is_file()} if STATIC.is_dir() else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        path = scope["path"].removeprefix("/")
        if scope["method"] not in {"GET", "HEAD"} or path.split("/")[0] in NO_PAGES:
            raise RouteNotFound
        await self._answer(path)(scope, receive, send)

    def _answer(self, path: str) -> Response:
        if path != "index.html" and path in self._files:
            return FileResponse(self._files[path])
        index = STATIC / "index.html"
        if not index.is_file():
            return HTMLResponse(NOT_BUILT, 503)
        return FileResponse(index, headers={"Cache-Control": "no-cache"})


def install(app: FastAPI) -> None:
    """Serve the web app behind all routes."""
    if (STATIC / "assets").is_dir():
        app.mount("/assets", BuiltFiles(directory=STATIC / "assets"), name="assets")
    app.router.default = Pages()
