"""Drives documents on that have lost a record on their way, or ends them."""

import asyncio
import logging
from datetime import datetime, timedelta

from aiokafka.errors import KafkaError

from api.watermark import next_watermark
from pipeline import cloudevents, logs
from pipeline.backoff import Backoff
from pipeline.consumers import started
from pipeline.errors import UnavailableError
from pipeline.kafka import KafkaClients
from pipeline.lanes import Lanes
from pipeline.metrics import RECONCILED, RESENT
from pipeline.publisher import Publisher
from pipeline.submission import SEND_TIMEOUT
from pipeline.topics import Topics
from store.documents.deleting import DocumentDeletion
from store.documents.reconciling import StalledDocument, StalledDocuments, describe

logger = logging.getLogger(__name__)

_PAUSE = 5.0
_AT_ONCE = 100
"""Documents that are looked at in one round."""
_TRIES = 5
"""How often sentences are sent again of which none is translated."""


class Reconciler:
    """Sees to it that every document ends, whatever was lost of it.

    A document stands still if it is under way though nothing was added to it for a time, and everything that had been sent
    until then has gone through the pipeline (`api.watermark`). So one that merely waits, however long, is left alone.
    Sentences of stored parts that have no translation are sent again; a document of which parts are missing becomes
    `incomplete`, with a reason that names them, and goes on when they come.

    Traces of deleted documents that nobody can send again go when all has gone through that had been sent before them.

    Several of them do no harm: each document is given to one at a time, and everything may be done twice.
    """

    def __init__(
        self,
        kafka: KafkaClients,
        stalled: StalledDocuments,
        deletion: DocumentDeletion,
        publisher: Publisher,
        topics: Topics,
        lanes: Lanes,
        after: timedelta,
    ) -> None:
        """`after`: time with nothing new after which to act."""
        self._kafka = kafka
        self._stalled = stalled
        self._deletion = deletion
        self._publisher = publisher
        self._topics = topics
        self._lanes = lanes
        self._after = after
        self._pause = min(_PAUSE, after.total_seconds() / 4)
        for action in ("sent again", "incomplete", "done"):
            RECONCILED.labels(action)

    async def run(self) -> None:
        """Look again and again until cancelled; while Kafka or MongoDB is away it waits."""
        backoff = Backoff(logger, "looking for documents that stand still")
        while True:
            admin, consumer = self._kafka.admin(), self._kafka.consumer()
            try:
                async with started(admin), started(consumer):
                    while True:
                        watermark = await next_watermark(admin, consumer, self._topics, self._pause)
                        await self.reconcile(watermark - self._after)
                        backoff.succeeded()
                        await asyncio.sleep(self._pause)
            except (KafkaError, UnavailableError, OSError) as error:
                await backoff.wait(error)

    async def reconcile(self, before: datetime) -> None:
        """Drive on or end documents of which nothing was sent since `before`. Raises `UnavailableError`."""
        await self._deletion.forget(before)
        for _ in range(_AT_ONCE):
            document = await self._stalled.claim(before)
            if document is None:
                return
            await self._drive_on(document)

    async def _drive_on(self, document: StalledDocument) -> None:
        complete = document.parts is not None and not document.gaps
        if document.waiting and (document.tries <= _TRIES or not complete):
            await self._send_again(document)
        if not complete or (document.waiting and document.tries > _TRIES):
            reason = describe(document, await self._stalled.lost_parts(document))
            if await self._stalled.give_up(document, reason):
                RECONCILED.labels("incomplete").inc()
                logger.warning("document %s is incomplete: %s", document.id, reason, extra=logs.about(document.id))
        elif not document.waiting:
            await self._finish(document)

    async def _send_again(self, document: StalledDocument) -> None:
        sent = 0
        async for part, missing in self._stalled.open_parts(document):
            records = [record for index, record in enumerate(self._lanes.deal(part)) if index in missing]
            await self._publisher.publish_within(SEND_TIMEOUT, records)
            sent += len(records)
        if sent:
            RESENT.inc(sent)
            RECONCILED.labels("sent again").inc()
            logger.warning(
                "sent %d sentences of %s again, which were lost on their way",
                sent,
                document.id,
                extra=logs.about(document.id),
            )

    async def _finish(self, document: StalledDocument) -> None:
        for event in await self._stalled.finish(document):
            await self._publisher.publish_within(SEND_TIMEOUT, [cloudevents.announcement(event, self._topics)])
            RECONCILED.labels("done").inc()
            logger.warning(
                "document %s was complete and is marked as done now", document.id, extra=logs.about(document.id)
            )
