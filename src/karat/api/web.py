"""The web app: built files with long caching, and its page for every other address."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from karat.api.problems import RouteNotFound

STATIC = Path(__file__).parents[1] / "static"
NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Karat</title>
<p>The web app of this source checkout is not built yet. Run <code>python3 go.py</code>, which builds it.</p>"""

router = APIRouter(include_in_schema=False)


class BuiltFiles(StaticFiles):
    """Files whose names hold their hash: they never change."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """With a year of caching."""
        response: Response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def install(app: FastAPI) -> None:
    """Serve the web app; must come after all routes."""
    if (STATIC / "assets").is_dir():
        app.mount("/assets", BuiltFiles(directory=STATIC / "assets"), name="assets")
    app.include_router(router)


@router.get("/{path:path}")
async def page(path: str) -> Response:
    """The one page of the app; addresses of its screens are its own affair."""
    if path.startswith(("api/", "media/", "assets/", "errors/")):
        raise RouteNotFound
    if path and "/" not in path and (STATIC / path).is_file():
        return FileResponse(STATIC / path)
    index = STATIC / "index.html"
    if not index.is_file():
        return HTMLResponse(NOT_BUILT, 503)
    return FileResponse(index, headers={"Cache-Control": "no-cache"})
