"""What the routes work with."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from api.canceller import Canceller
from api.intake import Intake
from api.interpreting import Interpreter
from pipeline.detection import Detector
from pipeline.publisher import Publisher
from pipeline.roster import Roster
from sink.store.allowance import Allowance
from sink.store.dead_letters import DeadLetterStore
from sink.store.glossaries import GlossaryStore
from sink.store.lifecycle import DocumentLifecycle
from sink.store.reading import DocumentReader


@dataclass(frozen=True, slots=True)
class Services:
    """Put together in `api.__main__`; tests may put together others."""

    reader: DocumentReader
    lifecycle: DocumentLifecycle
    intake: Intake
    canceller: Canceller
    roster: Roster
    publisher: Publisher
    dead_letters: DeadLetterStore
    interpreter: Interpreter
    detector: Detector
    glossaries: GlossaryStore
    allowance: Allowance


def _services(request: Request) -> Services:
    return cast("Services", request.app.state.services)


Served = Annotated[Services, Depends(_services)]
"""Argument of a route that needs the services."""
