"""Tidies the store up: uploads that nobody continues, deletions that broke off, documents and files that are too old."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from api.canceller import Canceller
from pipeline.backoff import Backoff
from pipeline.errors import UnavailableError
from store.documents.batches import BatchStore
from store.documents.deleting import DocumentDeletion
from store.documents.lifecycle import DocumentLifecycle
from store.files import FileStore
from store.ownership import EVERYBODY

logger = logging.getLogger(__name__)

_EVERY = 30.0
# Most of the time of a deletion is waiting for the disk.
_AT_ONCE = 8
# A client that was told the document's id may come back for it.
_UNREAD_KEPT = timedelta(hours=1)
UPLOAD_MAY_PAUSE = timedelta(minutes=10)
"""Time without a new part after which an upload counts as broken off; its rest may still come."""


class Janitor:
    """Looks every half a minute. Several of them do no harm: everything that they do may be repeated."""

    def __init__(
        self,
        lifecycle: DocumentLifecycle,
        deletion: DocumentDeletion,
        canceller: Canceller,
        batches: BatchStore,
        files: FileStore,
        retention: timedelta | None,
    ) -> None:
        """`retention`: how long documents are kept after they are done; None means for ever."""
        self._lifecycle = lifecycle
        self._deletion = deletion
        self._canceller = canceller
        self._batches = batches
        self._files = files
        self._retention = retention

    async def run(self) -> None:
        """Tidy up until cancelled."""
        backoff = Backoff(logger, "tidying up")
        while True:
            try:
                await self.tidy()
            except UnavailableError as error:
                await backoff.wait(error)
                continue
            backoff.succeeded()
            await asyncio.sleep(_EVERY)

    async def tidy(self) -> None:
        """Do it once. Raises `UnavailableError`."""
        if broken := await self._lifecycle.give_up_uploads(UPLOAD_MAY_PAUSE):
            logger.info("%d uploads broke off", broken)
        if interrupted := await self._delete(await self._deletion.interrupted()):
            logger.warning("finished %d deletions that were interrupted", interrupted)
        await self._delete(await self._deletion.unread(_UNREAD_KEPT))
        for file in await self._files.due():
            if not await self._files.settle(file):
                logger.info("deleted the file %s, which no document needs", file)
        if self._retention is None:
            return
        if old := await self._delete(await self._deletion.older(self._retention)):
            logger.info("deleted %d documents that were older than %s", old, self._retention)
        await self._batches.forget(self._retention)

    async def _delete(self, names: Sequence[str]) -> int:
        """Delete documents as everybody does; return how many there were."""
        at_once = asyncio.Semaphore(_AT_ONCE)

        async def delete(name: str) -> bool:
            async with at_once:
                return await self._canceller.delete(EVERYBODY, name)

        results = await asyncio.gather(*map(delete, names), return_exceptions=True)
        for error in results:
            if isinstance(error, BaseException):
                raise error
        return results.count(True)
