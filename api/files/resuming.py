"""Reads files on that nobody reads any more: their API was killed, or Kafka was away."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from api.files.filing import Filing
from pipeline import logs
from pipeline.backoff import Backoff
from pipeline.errors import InputError, LimitError, UnavailableError
from store.documents.filed import FiledDocuments, Unread
from store.documents.lifecycle import DocumentLifecycle
from store.ownership import EVERYBODY

logger = logging.getLogger(__name__)

SILENT = timedelta(seconds=30)
"""Time with nothing new of a file that is being read, after which another process goes on with it."""
_EVERY = 5.0
_TRIES = 5
"""How often a file is read on; what ends its reader each time would do so for ever."""


class Resumer:
    """Goes on with documents whose files were not read to their end. Several of them do no harm."""

    def __init__(
        self, filing: Filing, documents: FiledDocuments, lifecycle: DocumentLifecycle, silent: timedelta = SILENT
    ) -> None:
        self._filing = filing
        self._documents = documents
        self._lifecycle = lifecycle
        self._silent = silent

    async def run(self) -> None:
        """Look again and again until cancelled; while MongoDB or Kafka is away it waits."""
        backoff = Backoff(logger, "reading files on")
        while True:
            try:
                while (found := await self._documents.claim(datetime.now(UTC) - self._silent)) is not None:
                    await self._go_on(found)
                backoff.succeeded()
                await asyncio.sleep(_EVERY)
            except UnavailableError as error:
                await backoff.wait(error)

    async def _go_on(self, found: Unread) -> None:
        about = logs.about(found.id)
        if found.tries > _TRIES:
            reason = f"its file was read {_TRIES} times, and each time something ended that; send it again"
            await self._lifecycle.interrupted(EVERYBODY, found.id, reason)
            logger.error("document %s is incomplete: %s", found.id, reason, extra=about)
            return
        logger.warning("going on with the file of document %s", found.id, extra=about)
        try:
            await self._filing.go_on(found)
        except UnavailableError:
            await self._documents.put_back(EVERYBODY, found.id)
            raise
        except (InputError, LimitError) as error:
            await self._lifecycle.interrupted(EVERYBODY, found.id, error.public)
            logger.warning("document %s is incomplete: %s", found.id, error, extra=about)
        except Exception:
            # A defect of a reader must not keep other documents waiting.
            logger.exception("reading the file of document %s failed", found.id, extra=about)
