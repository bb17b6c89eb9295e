"""The segmenter as a Faust app: two streams of document parts, one stream processor."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import faust
from faust.types import EventT, Message

from pipeline.backoff import describe
from pipeline.dead_letters import dead_letter
from pipeline.errors import InputError
from pipeline.events import DocumentPart, decode_document
from pipeline.publisher import Outgoing, Publisher
from pipeline.records import Record
from pipeline.settings import Settings
from pipeline.topics import Topics
from segmenter.transport import Transport, finish

logger = logging.getLogger(__name__)

# Parts in hand at once per lane, so that one can be split while another is being published.
_AT_ONCE = 2
# Records kept in memory per lane: 64 KiB each as a rule.
_BUFFERED = 8


class PartHandler(Protocol):
    """What `segmenter.handler.Handler` does."""

    def __call__(self, event: DocumentPart, record: Record) -> Iterator[Outgoing]:
        """Return what comes of one document part."""
        ...


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """A Faust message as a `Record`."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, message: Message) -> "StreamRecord":
        """Return the record that Faust read."""
        headers = message.headers or ()
        pairs: Iterable[tuple[str, bytes]] = headers.items() if isinstance(headers, Mapping) else headers
        return cls(
            message.topic,
            message.partition,
            message.offset,
            round(message.timestamp * 1000),
            message.key,
            message.value,
            tuple(pairs),
        )


class SegmenterApp:
    """Runs a handler over `documents` and `documents.bulk`.

    For each record, in this order: decode it, handle it, publish what came out and wait for every acknowledgement, then
    count the record as finished; Faust commits finished records. What cannot be read or is refused goes to the dead
    letters instead. The two topics are two streams, so that a note never waits behind a library.
    """

    def __init__(self, settings: Settings, topics: Topics, handler: PartHandler, publisher: Publisher) -> None:
        self._handler = handler
        self._publisher = publisher
        self._topics = topics
        self._failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._app: Any = faust.App(
            topics.group("segmenter"),
            broker=f"kafka://{settings.kafka.replace(',', ';kafka://')}",
            loop=asyncio.get_running_loop(),
            autodiscover=False,
            web_enabled=False,
            topic_disable_leader=True,
            topic_allow_declare=False,
            store="memory://",
            key_serializer="raw",
            value_serializer="raw",
            stream_buffer_maxsize=_BUFFERED,
            broker_max_poll_records=_BUFFERED,
            broker_commit_interval=0.5,
            # As in pipeline.stage: a dead segmenter's parts go to the others after this time.
            broker_session_timeout=6.0,
            broker_heartbeat_interval=2.0,
            consumer_auto_offset_reset="earliest",
        )
        self._app.transport = Transport(self._app.conf.broker_consumer, self._app)
        for name in (topics.documents, topics.documents_bulk):
            topic = self._app.topic(name, key_serializer="raw", value_serializer="raw")
            self._app.agent(topic, name=f"segment-{name}", concurrency=_AT_ONCE)(self._segment)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set. Raises what ended the app, if it ended by itself."""
        await self._app.start()
        stopping = asyncio.ensure_future(stop.wait())
        ended = asyncio.ensure_future(self._app.wait_until_stopped())
        try:
            await asyncio.wait({stopping, ended, self._failure}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            await self._app.stop()
            ended.cancel()
        if self._failure.done():
            self._failure.result()
        if self._app.crash_reason is not None:
            raise self._app.crash_reason

    async def _segment(self, stream: Any) -> None:
        events: AsyncIterator[EventT[bytes]] = stream.noack().events()
        async for event in events:
            try:
                await self._publisher.publish(await self._handle(StreamRecord.of(event.message)))
            except Exception as error:  # noqa: BLE001 (Faust would drop the record and go on; the service has to stop)
                if not self._failure.done():
                    self._failure.set_exception(error)
                return
            finish(self._app, event.message)

    async def _handle(self, record: StreamRecord) -> list[Outgoing]:
        stage = "decode"
        try:
            part = decode_document(record.value)
            stage = "handle"
            # In a thread, so that heartbeats go on.
            return await asyncio.to_thread(lambda: list(self._handler(part, record)))
        except Exception as error:
            if not isinstance(error, InputError):
                logger.exception("cannot handle a record of %s", record.topic)
            logger.warning(
                "dead letter: %s-%d at %d: %s", record.topic, record.partition, record.offset, describe(error)
            )
            return [dead_letter(self._topics.dead_letters, record, service="segmenter", stage=stage, error=error)]
