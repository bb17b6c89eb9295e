"""Routes that tell how the pipeline as a whole is doing."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.callers import ADMIN_ONLY
from api.dead_letters import DeadLetterEntry
from api.operations import missing
from api.problems import responses
from api.services import Served
from pipeline.events import TextGoes
from pipeline.roster import JOINED, pivot_of
from store.dead_letters import DeadLetterQuery

router = APIRouter(prefix="/v1", tags=["operations"])

_NEWEST = 10


class Pair(BaseModel):
    """Languages that can be translated, and by which models."""

    source: str = Field(examples=["de"])
    target: str = Field(examples=["en"])
    models: list[str] = Field(examples=[["de-en-tiny@1"]])
    pivot: str | None = Field(description="Language by way of which, where no model translates directly.")
    text_goes: TextGoes = Field(
        description="How far texts of the pair may go to be translated: the translators' own machines, servers in their "
        "network, or outside of it."
    )


class Pairs(BaseModel):
    """What can be translated."""

    pairs: list[Pair]


class Translator(BaseModel):
    """A translator that runs."""

    id: str
    engine: str
    device: str
    models: list[str]
    text_goes: TextGoes = Field(
        description="How far texts go to be translated: its own machine, a server in its network, or outside of that."
    )


class Lag(BaseModel):
    """How many records of a topic a group of readers has not finished."""

    group: str
    topic: str
    records: int


class Overview(BaseModel):
    """The pipeline as it stands now."""

    ready: bool = Field(description="Whether a document submitted now would be translated.")
    missing: list[str] = Field(description="What is missing for that.")
    documents: dict[str, int] = Field(description="Documents that have not come to their end, by state.")
    lag: list[Lag]
    watched: datetime | None = Field(description="When documents and lag were looked at.")
    translators: list[Translator]
    dead_letters: list[DeadLetterEntry] = Field(description="The newest ones.")


@router.get("/pairs", responses=responses())
async def pairs(services: Served) -> Pairs:
    """Tell which languages can be translated into which."""
    found: dict[tuple[str, str], list[str]] = {}
    for model in services.roster.models():
        found.setdefault((model.source, model.target), []).append(model.id)
    return Pairs(
        pairs=[
            # Ways over another language are offered only where there is nothing else.
            Pair(
                source=source,
                target=target,
                models=ids,
                pivot=pivot_of(min(ids, key=lambda one: JOINED in one)),
                text_goes=services.roster.text_goes(source, target),
            )
            for (source, target), ids in found.items()
        ]
    )


@router.get("/pipeline", dependencies=[ADMIN_ONLY], responses=responses(403))
async def overview(services: Served) -> Overview:
    """Tell how the pipeline is doing: what waits, who works, what could not be used."""
    lacking = await missing(services)
    letters = await services.dead_letters.page(DeadLetterQuery(), limit=_NEWEST, after=None)
    return Overview(
        ready=not lacking,
        missing=lacking,
        documents=services.observer.documents,
        lag=[Lag(group=group, topic=topic, records=lag) for (group, topic), lag in services.observer.lag.items()],
        watched=services.observer.watched,
        translators=[
            Translator(
                id=one.id,
                engine=one.engine,
                device=one.device,
                models=[model.id for model in one.models],
                text_goes=one.text_goes,
            )
            for one in services.roster.alive()
        ],
        dead_letters=[DeadLetterEntry.of(letter) for letter in letters],
    )
