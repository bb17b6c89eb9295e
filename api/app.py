"""The app: routes, errors and documentation put together."""

from fastapi import FastAPI

from api import (
    batch_files,
    batches,
    correcting,
    dead_letters,
    deepl,
    describing,
    documents,
    encodings,
    exporting,
    kinds,
    libretranslate,
    models,
    operations,
    overview,
    problems,
    refusals,
    renaming,
    searching,
    sentences,
    submitting,
    topics,
    translating,
    usage,
)
from api.callbacks import routes as callbacks
from api.dialects import DialectErrors
from api.files import routes as files
from api.files import uploads
from api.glossaries import routes as glossaries
from api.keys import KeyGuard
from api.live import routes as live
from api.measuring import Measuring
from api.memory import matches
from api.memory import routes as memory
from api.origins import CrossOrigin
from api.paths import HeadAsGet, TidyPaths
from api.reach import ReachGuard
from api.request_ids import RequestIds
from api.services import Services
from api.shelter import Shelter
from api.web import routes as web
from pipeline.version import VERSION


def create_app(services: Services) -> FastAPI:
    """Return the API over these services."""
    app = FastAPI(
        title="Satzstrom",
        version=VERSION,
        description=describing.DESCRIPTION,
        openapi_tags=[{"name": name, "description": about} for name, about in describing.TAGS.items()],
        generate_unique_id_function=describing.operation_id,
        separate_input_output_schemas=False,
        # `TidyPaths` does without another request.
        redirect_slashes=False,
        # `api.web` has a page for it.
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    app.include_router(submitting.router)
    app.include_router(documents.router)
    app.include_router(sentences.router)
    app.include_router(correcting.router)
    app.include_router(renaming.router)
    app.include_router(encodings.router)
    app.include_router(kinds.router)
    app.include_router(batches.router)
    app.include_router(batch_files.router)
    app.include_router(translating.router)
    app.include_router(exporting.router)
    app.include_router(files.router)
    app.include_router(uploads.router)
    app.include_router(glossaries.router)
    app.include_router(searching.router)
    app.include_router(memory.router)
    app.include_router(matches.router)
    app.include_router(live.router)
    app.include_router(callbacks.router)
    app.include_router(dead_letters.router)
    app.include_router(overview.router)
    app.include_router(models.router)
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
    app.add_middleware(Shelter)
    app.add_middleware(Measuring)
    app.add_middleware(CrossOrigin, reach=services.reach, keys_required=services.keys.required)
    app.add_middleware(HeadAsGet)
    app.add_middleware(TidyPaths)
    # The last one is the first that a request comes to.
    app.add_middleware(RequestIds)
    describing.install(app)
    return app
