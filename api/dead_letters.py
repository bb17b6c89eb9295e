"""Routes for dead letters: what could not be used, and what to do with it."""

import base64
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.callers import ADMIN_ONLY
from api.problems import NotFoundError, responses
from api.services import Served, Services
from pipeline.errors import InputError
from pipeline.publisher import Outgoing
from pipeline.submission import SEND_TIMEOUT
from store.dead_letters import DeadLetter, DeadLetterQuery

router = APIRouter(prefix="/v1/dead-letters", tags=["dead letters"], dependencies=[ADMIN_ONLY])

Known = Annotated[str, Path(description="The dead letter's id.", examples=["documents-3-1042-1a0c4506c00"])]


Step = Literal["decode", "handle", "translate"]


class DeadLetterEntry(BaseModel):
    """A record that could not be used, and why."""

    id: str = Field(
        description="Topic, partition, offset and time of the record that it was.",
        examples=["documents-3-1042-1a0c4506c00"],
    )
    at: datetime
    service: str = Field(description="Which service could not use it.", examples=["segmenter"])
    stage: str = Field(description="At which step: decode, handle, translate.", examples=["decode"])
    reason: str = Field(description="Kind of the error.", examples=["EventError"])
    message: str = Field(description="What is wrong, and what to do.")
    document: str | None = Field(description="The document that it belongs to, if that can be read.")
    topic: str = Field(examples=["documents"])
    replayed: datetime | None = Field(description="When it was last sent again.")

    @classmethod
    def of(cls, letter: DeadLetter) -> "DeadLetterEntry":
        """Describe a dead letter."""
        return cls(**{name: getattr(letter, name) for name in cls.model_fields})


class WholeDeadLetter(DeadLetterEntry):
    """A dead letter with its bytes as they were."""

    value: str | None = Field(description="The value as text; None if it is none, or empty.")
    value_base64: str = Field(description="The value as bytes.")

    @classmethod
    def of(cls, letter: DeadLetter) -> "WholeDeadLetter":
        """Describe a dead letter with its value."""
        value = letter.value or b""
        try:
            text = value.decode() or None
        except UnicodeDecodeError:
            text = None
        common = DeadLetterEntry.of(letter).model_dump()
        return cls(**common, value=text, value_base64=base64.b64encode(value).decode())


class DeadLetterPage(BaseModel):
    """Dead letters, newest first."""

    items: list[DeadLetterEntry]
    next: str | None = Field(description="Goes into `after` for the next page; null on the last one.")


async def _get(services: Services, letter: str) -> DeadLetter:
    found = await services.dead_letters.get(letter)
    if found is None:
        raise NotFoundError(letter, "dead letter")
    return found


@router.get("", responses=responses(403, 422))
async def list_dead_letters(  # noqa: PLR0913, PLR0917 (each is a query parameter)
    services: Served,
    service: Annotated[str | None, Query(description="Only those of this service.")] = None,
    stage: Annotated[Step | None, Query(description="Only those that failed at this step.")] = None,
    reason: Annotated[str | None, Query(description="Only those of this kind of error.")] = None,
    document: Annotated[str | None, Query(description="Only those of this document.")] = None,
    since: Annotated[datetime | None, Query(description="Only those that came since then.")] = None,
    until: Annotated[datetime | None, Query(description="Only those that came before then.")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[str | None, Query(description="The `next` of the page before.")] = None,
) -> DeadLetterPage:
    """List dead letters, newest first, a page at a time."""
    query = DeadLetterQuery(service, stage, reason, document, since, until)
    found = await services.dead_letters.page(query, limit=limit + 1, after=after)
    items = [DeadLetterEntry.of(letter) for letter in found[:limit]]
    return DeadLetterPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/{letter}", responses=responses(403, 404, 422))
async def show_dead_letter(letter: Known, services: Served) -> WholeDeadLetter:
    """Give one dead letter with its bytes."""
    return WholeDeadLetter.of(await _get(services, letter))


@router.post("/{letter}/replay", status_code=202, responses=responses(403, 404, 422))
async def replay_dead_letter(letter: Known, services: Served) -> DeadLetterEntry:
    """Send the record again to the topic that it came from, as it was; what made it fail should be mended before."""
    found = await _get(services, letter)
    # Whoever writes to Kafka may name any topic as the one that a record came from.
    if found.topic not in [services.topics.prefix + topic.name for topic in services.topics]:
        raise InputError(f"the record came from {found.topic[:249]!r}, which is no topic of this pipeline; drop it")
    record = Outgoing(found.topic, found.value, found.key, headers=found.headers)
    await services.publisher.publish_within(SEND_TIMEOUT, [record])
    await services.dead_letters.replayed(letter)
    return DeadLetterEntry.of(await _get(services, letter))


@router.delete("/{letter}", status_code=204, responses=responses(403, 404, 422))
async def drop_dead_letter(letter: Known, services: Served) -> None:
    """Forget a dead letter."""
    if not await services.dead_letters.drop(letter):
        raise NotFoundError(letter, "dead letter")
