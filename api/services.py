"""What the routes work with."""

from dataclasses import dataclass, replace
from typing import Annotated, cast

from fastapi import Depends, Request

from api.callbacks.secrets import CallbackSecrets
from api.callbacks.sending import CallbackSender
from api.callers import NOBODY, Caller, caller_of
from api.canceller import Canceller
from api.files.filing import Filing
from api.files.room import Room
from api.glossary_indexes import GlossaryIndexes
from api.intake import Intake
from api.interpreting import Interpreter
from api.keys import KeyRing
from api.live.completions import Completions
from api.live.edits import EditStream
from api.live.guard import StreamGuard
from api.live.statuses import Statuses
from api.live.stream import LiveStream
from api.memory.services import Memory
from api.observer import Observer
from api.reach import Reach
from pipeline.detection import Detector
from pipeline.publisher import Publisher
from pipeline.roster import Roster
from pipeline.topics import Topics
from store.accounts.glossaries import GlossaryStore
from store.accounts.usage import UsageStore
from store.dead_letters import DeadLetterStore
from store.documents.batches import BatchStore
from store.documents.correcting import CorrectionStore
from store.documents.lifecycle import DocumentLifecycle
from store.documents.reading import DocumentReader
from store.documents.searching import DocumentSearch
from store.files import FileStore
from store.ownership import Ownership


@dataclass(frozen=True, slots=True)
class Services:
    """Put together in `api.__main__`; tests may put together others."""

    topics: Topics
    reader: DocumentReader
    corrections: CorrectionStore
    lifecycle: DocumentLifecycle
    intake: Intake
    filing: Filing
    files: FileStore
    room: Room
    canceller: Canceller
    live: LiveStream
    edits: EditStream
    guards: StreamGuard
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
    reach: Reach
    interpreter: Interpreter
    detector: Detector
    glossaries: GlossaryStore
    glossary_indexes: GlossaryIndexes
    memory: Memory

    caller: Caller = NOBODY
    """Who makes the request; nothing of the store is there for `NOBODY`."""

    @property
    def owner(self) -> Ownership:
        """What of the store is there for the caller, and whose is what is made."""
        return self.caller.ownership

    def of(self, caller: Caller) -> "Services":
        """Return the services for a caller's request."""
        return replace(self, caller=caller)


async def _of_nobody(request: Request) -> Services:
    return cast("Services", request.app.state.services)


async def _services(request: Request) -> Services:
    return (await _of_nobody(request)).of(await caller_of(request))


def keys_required(request: Request) -> bool:
    """Whether those who make requests have to bring a key."""
    return bool(request.app.state.services.keys.required)


async def enter(request: Request, key: str) -> Services:
    """Return the services as they are for the holder of a key, in a route that takes keys in a way of its own.

    Raises as `KeyRing.enter` does.
    """
    services = await _of_nobody(request)
    return services.of(await services.keys.enter(request.scope, key))


Served = Annotated[Services, Depends(_services)]
"""Argument of a route that needs the services, as they are for the caller."""

Unlimited = Annotated[Services, Depends(_of_nobody)]
"""Argument of a route that needs no key: it has to make sure itself that only those are served who may be."""
