"""Serving the page, and the documentation of the API."""

from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_FILES = Path(__file__).parent / "static"
# Nothing of other hosts, nothing inline, no frames: a document can never become a program.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Swagger UI writes styles into the page, and has images in them.
_DOCS_POLICY = _POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "img-src 'self'", "img-src 'self' data:"
)
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    # The files belong to the release of the API that serves them.
    "Cache-Control": "no-cache",
}


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS | {"Content-Security-Policy": _POLICY})
        return response


def install(app: FastAPI) -> None:
    """Serve the page at / and its files under /web, and the documentation at /docs."""

    async def page() -> FileResponse:
        return FileResponse(_FILES / "index.html", headers=_HEADERS | {"Content-Security-Policy": _POLICY})

    async def docs() -> FileResponse:
        return FileResponse(_FILES / "docs.html", headers=_HEADERS | {"Content-Security-Policy": _DOCS_POLICY})

    app.add_api_route("/", page, include_in_schema=False)
    app.add_api_route("/docs", docs, include_in_schema=False)
    # FastAPI's own page would load Swagger UI from another host; this package has its files.
    app.mount("/web/swagger", _Files(packages=[("fastapi_offline", "static")]), name="swagger")
    app.mount("/web", GZipMiddleware(_Files(directory=_FILES), minimum_size=1000), name="web")
