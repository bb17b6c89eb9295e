"""Makes the callbacks that are due."""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

from api.callbacks.sending import CallbackSender
from api.schemas import Status
from pipeline.backoff import Backoff
from pipeline.errors import UnavailableError
from store.documents.callbacks import CallbackStore, DueCallback
from store.documents.reading import DocumentReader

logger = logging.getLogger(__name__)

_EVERY = 0.5
_AT_ONCE = 8


class CallbackWorker:
    """Looks twice a second, and makes up to eight callbacks at once. Several APIs share the work."""

    def __init__(self, store: CallbackStore, reader: DocumentReader, sender: CallbackSender) -> None:
        self._store = store
        self._reader = reader
        self._sender = sender

    async def run(self) -> None:
        """Work until cancelled."""
        backoff = Backoff(logger, "making callbacks")
        while True:
            try:
                worked = await self._work()
                if worked:
                    await asyncio.gather(*(self._work() for _ in range(_AT_ONCE - 1)))
            except UnavailableError as error:
                await backoff.wait(error)
                continue
            backoff.succeeded()
            if not worked:
                await asyncio.sleep(_EVERY)

    async def _work(self) -> bool:
        """Make one callback that is due; return whether there was one."""
        callback = await self._store.claim()
        if callback is None:
            return False
        error = await self._sender.send(callback.url, f"document-{callback.document}", await self._message(callback))
        if error is None:
            await self._store.delivered(callback)
        else:
            logger.info("callback for %s, attempt %d: %s", callback.document, callback.attempt, error)
            await self._store.failed(callback, error)
        return True

    async def _message(self, callback: DueCallback) -> dict[str, Any]:
        now = datetime.now(UTC)
        found = await self._reader.get(callback.document)
        status = Status.of(found, now).model_dump(mode="json", exclude={"callback"}) if found else None
        return {"type": "document.completed", "timestamp": now.isoformat(), "data": status}
