"""Routes for those who run the pipeline."""

import asyncio

from fastapi import APIRouter, Response

from api.problems import problem, responses
from api.schemas.health import Health, Readiness
from api.services import Served, Services
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
    """Say whether documents can be submitted and read: Kafka and MongoDB answer.

    Without a warm translator they can be, too: documents wait for one. Where translators are started by what waits, none
    would ever start if nothing could be submitted before.
    """
    lacking = await _servers_away(services)
    if lacking:
        return problem(503, "not-ready", "Not ready", "; ".join(lacking), headers={"Retry-After": "1"})
    return Readiness(
        status="ready",
        translators=len(services.roster.alive()),
        models=[model.id for model in services.roster.models()],
    )


async def missing(services: Services) -> list[str]:
    """Return what is missing for a document to be translated now."""
    lacking = await _servers_away(services)
    if not services.roster.alive():
        waits = " (one waits for the server of its language model)" if services.roster.waiting() else ""
        lacking.append(f"no translator is warm{waits}")
    return lacking


async def _servers_away(services: Services) -> list[str]:
    lacking = []
    for check in (services.publisher.ping, services.reader.ping):
        try:
            async with asyncio.timeout(3):
                await check()
        except UnavailableError as error:
            lacking.append(error.public)
        except TimeoutError:
            lacking.append(f"{'Kafka' if check == services.publisher.ping else 'MongoDB'} does not answer")
    return lacking
