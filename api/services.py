"""What the routes work with."""

from dataclasses import dataclass, replace
from typing import Annotated, cast

from fastapi import Depends, Request

from api.callbacks.secrets import CallbackSecrets
from api.callbacks.sending import CallbackSender
from api.callers import Caller, caller_of
from api.canceller import Canceller
from api.intake import Intake
from api.interpreting import Interpreter
from api.keys import KeyRing
from api.live.completions import Completions
from api.live.statuses import Statuses
from api.live.stream import LiveStream
from api.metering import Meter
from api.observer import Observer
from pipeline.detection import Detector
from pipeline.publisher import Publisher
from pipeline.roster import Roster
from pipeline.topics import Topics
from store.accounts.glossaries import GlossaryStore
from store.accounts.usage import UsageStore
from store.dead_letters import DeadLetterStore
from store.documents.batches import BatchStore
from store.documents.lifecycle import DocumentLifecycle
from store.documents.reading import DocumentReader
from store.documents.searching import DocumentSearch


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
    callbacks: CallbackSender
    callback_secrets: CallbackSecrets | None
    """None where no secret is set; then no callbacks are made."""
    roster: Roster
    observer: Observer
    publisher: Publisher
    dead_letters: DeadLetterStore
    batches: BatchStore
    search: DocumentSearch | None
    """None where it is switched off."""
    usage: UsageStore
    keys: KeyRing
    interpreter: Interpreter
    detector: Detector
    glossaries: GlossaryStore

    def limited_to(self, caller: Caller) -> "Services":
        """Return the services as they are for a caller: what is not theirs is not there, what they make is theirs.

        Dead letters belong to nobody; their routes ask for an admin.
        """
        if caller.id is None:
            return self
        lifecycle = self.lifecycle.limited_to(caller.ownership, caller.limits.documents)
        reader = self.reader.limited_to(caller.ownership)
        intake = self.intake.limited_to(lifecycle, reader, Meter(self.usage, caller))
        canceller = self.canceller.limited_to(lifecycle, caller.ownership)
        return replace(
            self,
            reader=reader,
            lifecycle=lifecycle,
            intake=intake,
            canceller=canceller,
            batches=self.batches.limited_to(caller.ownership),
            search=self.search.limited_to(caller.ownership) if self.search else None,
            interpreter=self.interpreter.limited_to(intake, reader, canceller),
            glossaries=self.glossaries.limited_to(caller.ownership),
        )


async def _of_everybody(request: Request) -> Services:
    return cast("Services", request.app.state.services)


async def _services(request: Request) -> Services:
    return (await _of_everybody(request)).limited_to(await caller_of(request))


def keys_required(request: Request) -> bool:
    """Whether those who make requests have to bring a key."""
    return bool(request.app.state.services.keys.required)


async def enter(request: Request, key: str) -> Services:
    """Return the services as they are for the holder of a key, in a route that takes keys in a way of its own.

    Raises as `KeyRing.enter` does.
    """
    services = await _of_everybody(request)
    return services.limited_to(await services.keys.enter(request.scope, key))


Served = Annotated[Services, Depends(_services)]
"""Argument of a route that needs the services, as they are for the caller."""

Unlimited = Annotated[Services, Depends(_of_everybody)]
"""Argument of a route that needs no key: it has to make sure itself that only those are served who may be."""
