"""The segmenter as a Faust app: an agent a topic, whose stream hands records to the pipeline's own step."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import faust
from faust.types import Message

from pipeline.ending import within
from pipeline.kafka import KafkaClients
from pipeline.rounds import Rounds
from pipeline.step import Step
from segmenter.broker import broker_settings
from segmenter.transport import Transport

# Records kept in memory per lane: 64 KiB each as a rule.
_BUFFERED = 8


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """A Faust message as a `pipeline.records.Record`."""

    message: Message
    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]

    @classmethod
    def of(cls, message: Message) -> "StreamRecord":
        """Return the record that Faust read."""
        headers = message.headers or ()
        pairs: Iterable[tuple[str, bytes | None]] = headers.items() if isinstance(headers, Mapping) else headers
        return cls(
            message,
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
    """Reads the topics of a step with Faust, and hands it one record at a time.

    Guarantee and order are those of `pipeline.stage.Stage`, by the same `Step` and `Rounds`; only poll and commit are
    Faust's: a record counts as finished when all that came of it is acknowledged, after those before it, and Faust commits
    finished records. Each topic is a lane of its own, so that a note never waits behind a library.
    """

    def __init__(self, kafka: KafkaClients, group: str, step: Step[Any]) -> None:
        self._step = step
        self._stopping = False
        self._app: Any = App(
            group,
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
            # As in pipeline.consumers: a dead segmenter's parts go to the others after this time.
            broker_session_timeout=6.0,
            broker_heartbeat_interval=2.0,
            consumer_auto_offset_reset="earliest",
        )
        self._app.transport = Transport(self._app.conf.broker_consumer, self._app)
        self._lanes = [self._lane(name) for name in step.topics]

    def _lane(self, name: str) -> Rounds[StreamRecord]:
        lane: Rounds[StreamRecord] = Rounds(self._step, self._finish)
        topic = self._app.topic(name, key_serializer="raw", value_serializer="raw")

        async def feed(stream: Any) -> None:
            async for event in stream.noack().events():
                await lane.put([StreamRecord.of(event.message)], self._wanted(event.message))

        self._app.agent(topic, name=f"segment-{name}")(feed)
        return lane

    def _wanted(self, message: Message) -> Callable[[], bool]:
        return lambda: not self._stopping and message.generation_id == self._app.consumer_generation_id

    async def _finish(self, records: Sequence[StreamRecord]) -> None:
        for record in records:
            self._app.consumer.finish(record.message)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then finish the parts in hand. Raises what ended the app, if it ended by itself."""
        finishing = [asyncio.create_task(lane.run()) for lane in self._lanes]
        stopping = asyncio.create_task(stop.wait())
        tasks: list[asyncio.Task[Any]] = [stopping, *finishing]
        try:
            await self._app.start()
            ended = asyncio.create_task(self._app.wait_until_stopped())
            tasks.append(ended)
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if stopping.done():
                self._stopping = True
                await asyncio.gather(*(lane.drain() for lane in self._lanes))
        finally:
            self._stopping = True
            await within(5.0, self._app.stop(), what="leaving the group")
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*finishing, return_exceptions=True)
        for error in (*results, self._app.crash_reason):
            if isinstance(error, Exception):
                raise error
