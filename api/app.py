"""The app: routes, errors and documentation put together."""

from fastapi import FastAPI

from api import dead_letters, documents, operations, problems, refusals, submitting, usage
from api.keys import KeyGuard
from api.measuring import Measuring
from api.services import Services
from pipeline.version import VERSION

_DESCRIPTION = """
Translates documents of any length as a stream of sentences. Submit a text, watch it being translated, read it while it
grows. Errors are problem details (RFC 9457): `type` is for programs, `detail` says what to do.
"""


def create_app(services: Services) -> FastAPI:
    """Return the API over these services."""
    app = FastAPI(title="Satzstrom", version=VERSION, description=_DESCRIPTION, separate_input_output_schemas=False)
    app.state.services = services
    app.include_router(submitting.router)
    app.include_router(documents.router)
    app.include_router(dead_letters.router)
    app.include_router(usage.router)
    app.include_router(operations.router)
    problems.install(app)
    refusals.install(app)
    app.add_middleware(KeyGuard, ring=services.keys)
    app.add_middleware(Measuring)
    return app
