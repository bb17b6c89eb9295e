"""Routes for those who run the pipeline."""

import asyncio

from fastapi import APIRouter, Response

from api.problems import problem, responses
from api.schemas import Health, Readiness
from api.services import Served
from pipeline.errors import UnavailableError

router = APIRouter(tags=["operations"])


@router.get("/livez")
async def livez() -> Health:
    """Say that the process answers."""
    return Health(status="alive")


@router.get(
    "/readyz",
    response_model=Readiness,
    responses={503: responses()[503] | {"description": "Not ready; says what is missing."}},
)
async def readyz(services: Served) -> Readiness | Response:
    """Say whether a document submitted now would be translated: Kafka, MongoDB and a warm translator answer."""
    missing = []
    for check in (services.publisher.ping, services.reader.ping):
        try:
            async with asyncio.timeout(3):
                await check()
        except UnavailableError as error:
            missing.append(str(error))
        except TimeoutError:
            missing.append(f"{'Kafka' if check == services.publisher.ping else 'MongoDB'} does not answer")
    translators = services.roster.alive()
    if not translators:
        missing.append("no translator is warm")
    if missing:
        return problem(503, "not-ready", "Not ready", "; ".join(missing), headers={"Retry-After": "1"})
    return Readiness(
        status="ready", translators=len(translators), models=[model.id for model in services.roster.models()]
    )
