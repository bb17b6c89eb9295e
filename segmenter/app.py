"""The segmenter as a Faust app: an agent a topic, whose stream hands records to the pipeline's own step."""

import asyncio
from collections.abc import Sequence
from typing import Any

import faust

from pipeline.ending import within
from pipeline.kafka import KafkaClients
from pipeline.rounds import Rounds, Wanted
from pipeline.stage import StageOptions
from pipeline.step import Step
from segmenter.broker import broker_settings
from segmenter.gathering import Gathering
from segmenter.received import StreamRecord
from segmenter.transport import Transport

# Records that Faust keeps in memory per lane, besides those that wait for a round: 64 KiB each as a rule.
_BUFFERED = 16


class App(faust.App):
    """A Faust app that keeps no tables, and so needs no folder: it runs on a read-only file system."""

    def _create_directories(self) -> None:
        pass


class SegmenterApp:
    """Reads the topics of a step with Faust, and hands it rounds of what has come.

    Guarantee and order are those of `pipeline.stage.Stage`, by the same `Step` and `Rounds`; only poll and commit are
    Faust's: a record counts as finished when all that came of it is acknowledged, after those before it, and Faust commits
    finished records. Each topic is a lane of its own, so that a note never waits behind a library.
    """

    def __init__(self, kafka: KafkaClients, group: str, step: Step[Any], options: StageOptions) -> None:
        self._step = step
        self._options = options
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

    def _lane(self, name: str) -> tuple[Rounds[StreamRecord], Gathering]:
        rounds: Rounds[StreamRecord] = Rounds(self._step, self._finish, depth=self._options.depth)
        gathering = Gathering(rounds, self._wanted, self._options)
        topic = self._app.topic(name, key_serializer="raw", value_serializer="raw")

        async def feed(stream: Any) -> None:
            async for event in stream.noack().events():
                await gathering.add(StreamRecord.of(event.message))

        self._app.agent(topic, name=f"segment-{name}")(feed)
        return rounds, gathering

    def _wanted(self, record: StreamRecord) -> Wanted:
        return lambda: not self._stopping and record.generation == self._app.consumer_generation_id

    async def _finish(self, records: Sequence[StreamRecord]) -> None:
        for record in records:
            self._app.consumer.finish(record.message)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then finish the parts in hand. Raises what ended the app, if it ended by itself."""
        finishing = [asyncio.create_task(part.run()) for lane in self._lanes for part in lane]
        stopping = asyncio.create_task(stop.wait())
        tasks: list[asyncio.Task[Any]] = [stopping, *finishing]
        try:
            await self._app.start()
            ended = asyncio.create_task(self._app.wait_until_stopped())
            tasks.append(ended)
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if stopping.done():
                self._stopping = True
                await asyncio.gather(*(rounds.drain() for rounds, _ in self._lanes))
        finally:
            self._stopping = True
            await within(5.0, self._app.stop(), what="leaving the group")
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*finishing, return_exceptions=True)
        for error in (*results, self._app.crash_reason):
            if isinstance(error, Exception):
                raise error
