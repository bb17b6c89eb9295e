"""Makes the callbacks that are due."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from api.callbacks.secrets import CallbackSecrets
from api.callbacks.sending import CallbackSender, Failure
from api.schemas.statuses import Status
from pipeline import logs
from pipeline.backoff import Backoff
from pipeline.errors import UnavailableError
from store.documents.callbacks import MOST_ATTEMPTS, CallbackStore, DueCallback
from store.documents.reading import DocumentReader
from store.ownership import EVERYBODY

logger = logging.getLogger(__name__)

_EVERY = 0.5
_AT_ONCE = 256
_SHARE = 16
"""Of one sender at once, so that addresses that answer slowly, or not, delay their sender's callbacks only."""


class CallbackWorker:
    """Looks twice a second, and whenever a callback was made. Several APIs share the work.

    Of each sender only so many are under way at once, and one for each of its hosts; the sender with the fewest goes first.
    So one receiver never delays another, and one sender never another.
    """

    def __init__(
        self, store: CallbackStore, reader: DocumentReader, sender: CallbackSender, secrets: CallbackSecrets
    ) -> None:
        self._store = store
        self._reader = reader
        self._sender = sender
        self._secrets = secrets
        self._under_way: dict[asyncio.Task[None], DueCallback] = {}
        self._ended = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled."""
        backoff = Backoff(logger, "making callbacks")
        try:
            while True:
                self._ended.clear()
                try:
                    begun = await self._begin()
                except UnavailableError as error:
                    await backoff.wait(error)
                    continue
                backoff.succeeded()
                if not begun:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._ended.wait(), _EVERY)
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _begin(self) -> bool:
        """Begin one callback of each sender that has some due and is below its share; return whether there was one."""
        begun = False
        for owner in self._in_turn(await self._store.owners()):
            mine = [callback for callback in self._under_way.values() if callback.owner == owner]
            if len(mine) >= _SHARE or len(self._under_way) >= _AT_ONCE:
                continue
            callback = await self._store.claim(owner, {callback.host for callback in mine})
            if callback is None:
                continue
            task = asyncio.create_task(self._make(callback))
            self._under_way[task] = callback
            task.add_done_callback(self._made)
            begun = True
        return begun

    def _in_turn(self, owners: Iterable[str | None]) -> list[str | None]:
        counts = Counter(callback.owner for callback in self._under_way.values())
        return sorted(owners, key=lambda owner: counts[owner])

    def _made(self, task: "asyncio.Task[None]") -> None:
        del self._under_way[task]
        self._ended.set()

    async def _make(self, callback: DueCallback) -> None:
        try:
            failure = await self._attempt(callback)
            if failure is None:
                await self._store.delivered(callback)
            else:
                logger.info(
                    "callback for %s, attempt %d: %s",
                    callback.document,
                    callback.attempt,
                    failure.detail,
                    extra=logs.about(callback.document),
                )
                # The status of a document is read by its sender.
                told = failure.detail if callback.owner is None else failure.vague
                await self._store.failed(callback, told)
        except UnavailableError as error:
            logger.warning("callback for %s is made again: %s", callback.document, error)

    async def _attempt(self, callback: DueCallback) -> Failure | None:
        """Make it. Raises `UnavailableError`; any other error is a failure of this callback, and of no other."""
        if callback.attempt > MOST_ATTEMPTS:
            # The attempts before ended with their API.
            return Failure("given up: no attempt came to its end", "given up: no attempt came to its end")
        try:
            message = await self._message(callback)
            secrets = [secret.value for secret in await self._secrets.of(callback.owner)]
        except UnavailableError:
            raise
        except Exception as error:
            logger.exception("no message can be made for the callback of %s", callback.document)
            return Failure(f"no message can be made: {error!r}", "no message can be made; the API's log says why")
        return await self._sender.send(callback.url, f"document-{callback.document}", message, secrets)

    async def _message(self, callback: DueCallback) -> dict[str, Any]:
        now = datetime.now(UTC)
        found = await self._reader.get(EVERYBODY, callback.document)
        status = Status.of(found, now).model_dump(mode="json", exclude={"callback"}) if found else None
        return {"type": "document.completed", "timestamp": now.isoformat(), "data": status}
