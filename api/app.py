"""The app: routes, errors and documentation put together."""

from collections.abc import Collection

from fastapi import FastAPI

from api import dead_letters, deepl, documents, libretranslate, operations, problems, submitting
from api.dialects import DialectErrors
from api.keys import KeyGuard
from api.measuring import Measuring
from api.services import Services
from pipeline.version import VERSION

_DESCRIPTION = """
Translates documents of any length as a stream of sentences. Submit a text, watch it being translated, read it while it
grows. Errors are problem details (RFC 9457): `type` is for programs, `detail` says what to do.
"""


def create_app(services: Services, keys: Collection[bytes] = ()) -> FastAPI:
    """Return the API over these services, for those who bring one of the keys (digests); for everybody without keys."""
    app = FastAPI(title="Satzstrom", version=VERSION, description=_DESCRIPTION, separate_input_output_schemas=False)
    app.state.services = services
    app.state.keyed = bool(keys)
    app.include_router(submitting.router)
    app.include_router(documents.router)
    app.include_router(dead_letters.router)
    app.include_router(operations.router)
    for router in (*libretranslate.ROUTERS, *deepl.ROUTERS):
        app.include_router(router)
    problems.install(app)
    app.add_middleware(KeyGuard, keys=keys)
    app.add_middleware(DialectErrors)
    app.add_middleware(Measuring)
    return app
