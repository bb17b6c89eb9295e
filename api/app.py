"""The app: routes, errors and documentation put together."""

from fastapi import FastAPI

from api import documents, operations, problems
from api.services import Services

_DESCRIPTION = """
Translates documents of any length as a stream of sentences. Submit a text, watch it being translated, read it while it
grows. Errors are problem details (RFC 9457): `type` is for programs, `detail` says what to do.
"""


def create_app(services: Services) -> FastAPI:
    """Return the API over these services."""
    app = FastAPI(title="Satzstrom", version="0.1.0", description=_DESCRIPTION, separate_input_output_schemas=False)
    app.state.services = services
    app.include_router(documents.router)
    app.include_router(operations.router)
    problems.install(app)
    return app
