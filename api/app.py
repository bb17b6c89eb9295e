"""The app: routes, errors and documentation put together."""

from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from api import (
    batches,
    dead_letters,
    deepl,
    documents,
    exporting,
    libretranslate,
    operations,
    overview,
    problems,
    refusals,
    searching,
    submitting,
    topics,
    usage,
)
from api.callbacks import routes as callbacks
from api.dialects import DialectErrors
from api.keys import KeyGuard
from api.live import routes as live
from api.measuring import Measuring
from api.reach import ReachGuard
from api.services import Services
from api.web import routes as web
from pipeline.version import VERSION

_DESCRIPTION = """
Translates documents of any length as a stream of sentences. Submit a text, watch it being translated, read it while it
grows. Errors are problem details (RFC 9457): `type` is for programs, `detail` says what to do.
"""


def create_app(services: Services) -> FastAPI:
    """Return the API over these services."""
    app = FastAPI(
        title="Satzstrom",
        version=VERSION,
        description=_DESCRIPTION,
        separate_input_output_schemas=False,
        # A path with one stroke too many is unknown, which is a problem as any other; a redirection would be none.
        redirect_slashes=False,
        # `api.web` has a page for it.
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    app.include_router(submitting.router)
    app.include_router(documents.router)
    app.include_router(batches.router)
    app.include_router(exporting.router)
    app.include_router(searching.router)
    app.include_router(live.router)
    app.include_router(callbacks.router)
    app.include_router(dead_letters.router)
    app.include_router(overview.router)
    app.include_router(topics.router)
    app.include_router(usage.router)
    app.include_router(operations.router)
    for router in (*libretranslate.ROUTERS, *deepl.ROUTERS):
        app.include_router(router)
    web.install(app)
    problems.install(app)
    refusals.install(app)
    app.add_middleware(KeyGuard, ring=services.keys)
    if not services.keys.required:
        app.add_middleware(ReachGuard, reach=services.reach)
    app.add_middleware(DialectErrors)
    app.add_middleware(Measuring)
    if services.reach.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=sorted(services.reach.origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            # A key is sent by the page itself, never by the browser, so no credentials.
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "Last-Event-ID"],
            expose_headers=["Content-Disposition", "ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After"],
        )
    _describe_keys(app)
    return app


def _describe_keys(app: FastAPI) -> None:
    """Say in OpenAPI how a key is given, so that its readers can try what they read."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        found = describe()
        found["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        # Whether keys are asked for depends on where the API is reached.
        found["security"] = [{}, {"key": []}]
        return found

    app.openapi = described  # type: ignore[method-assign]  # as FastAPI's documentation does it
