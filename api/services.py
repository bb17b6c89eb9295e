"""What the routes work with."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from api.callbacks.sending import CallbackSender
from api.canceller import Canceller
from api.intake import Intake
from api.live.completions import Completions
from api.live.statuses import Statuses
from api.live.stream import LiveStream
from pipeline.publisher import Publisher
from pipeline.roster import Roster
from pipeline.topics import Topics
from sink.store.batches import BatchStore
from sink.store.dead_letters import DeadLetterStore
from sink.store.lifecycle import DocumentLifecycle
from sink.store.reading import DocumentReader
from sink.store.searching import DocumentSearch


@dataclass(frozen=True, slots=True)
class Services:
    """Put together in `api.__main__`; tests may put together others."""

    topics: Topics
    reader: DocumentReader
    lifecycle: DocumentLifecycle
    intake: Intake
    canceller: Canceller
    live: LiveStream
    statuses: Statuses
    completions: Completions
    callbacks: CallbackSender | None
    """None where no secret is set."""
    roster: Roster
    publisher: Publisher
    dead_letters: DeadLetterStore
    batches: BatchStore
    search: DocumentSearch | None
    """None where it is switched off."""


def _services(request: Request) -> Services:
    return cast("Services", request.app.state.services)


Served = Annotated[Services, Depends(_services)]
"""Argument of a route that needs the services."""
