"""What the routes work with."""

from dataclasses import dataclass, replace
from typing import Annotated, cast

from fastapi import Depends, Request

from api.callbacks.sending import CallbackSender
from api.callers import Caller, caller_of
from api.canceller import Canceller
from api.intake import Intake
from api.keys import KeyRing
from api.live.completions import Completions
from api.live.statuses import Statuses
from api.live.stream import LiveStream
from api.metering import Meter
from api.observer import Observer
from pipeline.publisher import Publisher
from pipeline.roster import Roster
from pipeline.topics import Topics
from sink.store.batches import BatchStore
from sink.store.dead_letters import DeadLetterStore
from sink.store.lifecycle import DocumentLifecycle
from sink.store.reading import DocumentReader
from sink.store.searching import DocumentSearch
from sink.store.usage import UsageStore


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
    observer: Observer
    publisher: Publisher
    dead_letters: DeadLetterStore
    batches: BatchStore
    search: DocumentSearch | None
    """None where it is switched off."""
    usage: UsageStore
    keys: KeyRing

    def limited_to(self, caller: Caller) -> "Services":
        """Return the services as they are for a caller: what is not theirs is not there, what they make is theirs.

        Dead letters belong to nobody; their routes ask for an admin.
        """
        if caller.id is None:
            return self
        lifecycle = self.lifecycle.limited_to(caller.ownership, caller.limits.documents)
        reader = self.reader.limited_to(caller.ownership)
        return replace(
            self,
            reader=reader,
            lifecycle=lifecycle,
            intake=self.intake.limited_to(lifecycle, reader, Meter(self.usage, caller)),
            canceller=self.canceller.limited_to(lifecycle),
            batches=self.batches.limited_to(caller.ownership),
            search=self.search.limited_to(caller.ownership) if self.search else None,
        )


def _services(request: Request) -> Services:
    return cast("Services", request.app.state.services).limited_to(caller_of(request))


Served = Annotated[Services, Depends(_services)]
"""Argument of a route that needs the services, as they are for the caller."""
