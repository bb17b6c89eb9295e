"""The segmenter as a Faust app: two streams of document parts, one stream processor."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import faust
from faust.types import Message

from pipeline.backoff import describe
from pipeline.cloudevents import document_of
from pipeline.dead_letters import dead_letter
from pipeline.errors import InputError
from pipeline.events import DocumentPart
from pipeline.kafka import KafkaClients
from pipeline.monitoring import LIVENESS
from pipeline.publisher import Outgoing, Publisher
from pipeline.records import Record
from pipeline.topics import Topics
from segmenter.broker import broker_settings
from segmenter.transport import Transport

logger = logging.getLogger(__name__)

# Parts in hand at once per lane, so that one can be split while another is being published.
_AT_ONCE = 2
# Seconds for the parts in hand at a stop; what is not finished then is read again by the next segmenter.
_DRAIN_TIMEOUT = 4.0
# Records kept in memory per lane: 64 KiB each as a rule.
_BUFFERED = 8


class PartHandler(Protocol):
    """What `segmenter.handler.Handler` does."""

    def __call__(self, event: DocumentPart, record: Record) -> Iterator[Outgoing]:
        """Return what comes of one document part."""
        ...


class Lane:
    """Processes messages a few at a time and finishes them in their order."""

    def __init__(self, process: Callable[[Message], Awaitable[None]], finish: Callable[[Message], None]) -> None:
        self._process = process
        self._finish = finish
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._in_hand: asyncio.Queue[tuple[Message, asyncio.Future[None]]] = asyncio.Queue()
        self._draining = False

    async def put(self, message: Message) -> None:
        """Begin with a message as soon as there is room; with none any more while draining."""
        await self._room.acquire()
        if self._draining:
            await asyncio.get_running_loop().create_future()
        self._in_hand.put_nowait((message, asyncio.ensure_future(self._process(message))))

    async def run(self) -> None:
        """Finish messages in their order until cancelled. Raises what processing raises; then nothing more is finished."""
        while True:
            message, processed = await self._in_hand.get()
            await processed
            self._finish(message)
            self._in_hand.task_done()
            self._room.release()

    async def drain(self) -> None:
        """Begin with nothing more, and return when everything in hand is finished."""
        self._draining = True
        await self._in_hand.join()


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


class App(faust.App):
    """A Faust app that keeps no tables, and so needs no folder: it runs on a read-only file system."""

    def _create_directories(self) -> None:
        pass


class SegmenterApp:
    """Runs a handler over `documents` and `documents.bulk`.

    For each record, in this order: decode it, handle it, publish what came out and wait for every acknowledgement, then
    count the record as finished, after those before it; Faust commits finished records. What cannot be read or is refused
    goes to the dead letters instead. The two topics are two lanes, so that a note never waits behind a library.
    """

    def __init__(self, kafka: KafkaClients, topics: Topics, handler: PartHandler, publisher: Publisher) -> None:
        self._handler = handler
        self._publisher = publisher
        self._topics = topics
        self._app: Any = App(
            topics.group("segmenter"),
            **broker_settings(kafka),
            loop=asyncio.get_running_loop(),
            autodiscover=False,
            web_enabled=False,
            topic_disable_leader=True,
            topic_allow_declare=False,
            store="memory://",
            key_serializer="raw",
            value_serializer="raw",
            stream_buffer_maxsize=_BUFFERED,
            # Faust would wait for records to be acknowledged that an agent it has cancelled will never finish.
            stream_wait_empty=False,
            broker_max_poll_records=_BUFFERED,
            broker_commit_interval=0.5,
            # As in pipeline.stage: a dead segmenter's parts go to the others after this time.
            broker_session_timeout=6.0,
            broker_heartbeat_interval=2.0,
            consumer_auto_offset_reset="earliest",
        )
        self._app.transport = Transport(self._app.conf.broker_consumer, self._app)
        self._lanes = [self._lane(name) for name in (topics.documents, topics.documents_bulk)]

    def _lane(self, name: str) -> Lane:
        lane = Lane(self._process, self._finish)
        topic = self._app.topic(name, key_serializer="raw", value_serializer="raw")

        async def feed(stream: Any) -> None:
            async for event in stream.noack().events():
                await lane.put(event.message)

        self._app.agent(topic, name=f"segment-{name}")(feed)
        return lane

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then finish the parts in hand. Raises what ended the app, if it ended by itself."""
        finishing = [asyncio.create_task(lane.run()) for lane in self._lanes]
        await self._app.start()
        stopping = asyncio.create_task(stop.wait())
        ended = asyncio.ensure_future(self._app.wait_until_stopped())
        try:
            done, _ = await asyncio.wait({stopping, ended, *finishing}, return_when=asyncio.FIRST_COMPLETED)
            if stopping in done:
                await asyncio.wait([asyncio.create_task(lane.drain()) for lane in self._lanes], timeout=_DRAIN_TIMEOUT)
        finally:
            await self._app.stop()
            for task in (stopping, ended, *finishing):
                task.cancel()
            results = await asyncio.gather(*finishing, return_exceptions=True)
        for error in (*results, self._app.crash_reason):
            if isinstance(error, Exception):
                raise error

    def _finish(self, message: Message) -> None:
        self._app.consumer.finish(message)

    async def _process(self, message: Message) -> None:
        """Publish what comes of a record, and return when it is safe."""
        with LIVENESS.work():
            await self._process_record(message)

    async def _process_record(self, message: Message) -> None:
        record = StreamRecord.of(message)
        stage = "decode"
        try:
            part = document_of(record)
            stage = "handle"
            # In a thread, so that heartbeats go on.
            out = await asyncio.to_thread(lambda: list(self._handler(part, record)))
        except Exception as error:
            if not isinstance(error, InputError):
                logger.exception("cannot handle a record of %s", record.topic)
            logger.warning(
                "dead letter: %s-%d at %d: %s", record.topic, record.partition, record.offset, describe(error)
            )
            out = [dead_letter(self._topics.dead_letters, record, service="segmenter", stage=stage, error=error)]
        await self._publisher.publish(out)
