"""The consume loop of a stage on real Kafka, under Faust and under aiokafka, with a handler of the test."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from pipeline.cloudevents import document_of
from pipeline.events import DocumentPart, Translation, encode
from pipeline.kafka import KafkaClients
from pipeline.publisher import Outgoing, Publisher
from pipeline.records import Record
from pipeline.settings import StoreSettings
from pipeline.stage import Stage, StageOptions, run_stages
from pipeline.startup import wait_for_topics
from pipeline.step import Step
from pipeline.topics import Topics
from segmenter.app import SegmenterApp
from segmenter.chunks import in_chunks
from segmenter.handler import Segmented
from tests.integration import flow
from tests.integration.flow import read


def one_event(event: DocumentPart, record: Record) -> Iterable[Outgoing]:
    """A handler that copies the text to `parts`."""
    yield Outgoing(f"{record.topic.partition('.')[0]}.parts", event.text.encode(), b"k")


class Parts:
    """What the segmenter's handler does, with another one's output."""

    def __init__(self, handle: Callable[[DocumentPart, Record], Iterable[Outgoing]]) -> None:
        self._handle = handle

    def split(self, event: DocumentPart, record: Record) -> Iterable[Any]:
        yield Segmented(cast("Any", event), None, cast("Any", list(self._handle(event, record))))

    def deal(self, one: Segmented, found: Sequence[Translation] = ()) -> Iterable[Outgoing]:
        return cast("list[Outgoing]", one.headers)


class HeldPublisher:
    """A publisher whose acknowledgements come when the test says so."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self.asked = asyncio.Event()
        self.release = asyncio.Event()

    async def publish(self, records: Iterable[Outgoing]) -> None:
        self.asked.set()
        await self.release.wait()
        await self._publisher.publish(records)


async def committed(settings: StoreSettings, topics: Topics) -> int:
    return await flow.committed(KafkaClients.of(settings), topics, "segmenter", topics.documents)


async def on_faust(settings: StoreSettings, topics: Topics, step: Step[DocumentPart], stop: asyncio.Event) -> None:
    """The loop as the segmenter has it, with a record a round."""
    options = StageOptions(round_size=1)
    await SegmenterApp(KafkaClients.of(settings), topics.group("segmenter"), step, options).run(stop)


async def in_rounds(settings: StoreSettings, topics: Topics, step: Step[DocumentPart], stop: asyncio.Event) -> None:
    """As the segmenter has it, too."""
    await SegmenterApp(KafkaClients.of(settings), topics.group("segmenter"), step, StageOptions()).run(stop)


async def on_aiokafka(settings: StoreSettings, topics: Topics, step: Step[DocumentPart], stop: asyncio.Event) -> None:
    """The loop as translator and sink have it, with a record a round."""
    # Who joins a group before the broker knows of its topics has no partitions until the metadata is read again.
    kafka = KafkaClients.of(settings)
    await wait_for_topics(kafka, topics, settings.start_timeout, stop)
    consumer = kafka.group_consumer(topics.group("segmenter"))
    await run_stages(stop, Stage(consumer, step, StageOptions(round_size=1)))


Runner = Callable[..., Coroutine[Any, Any, None]]


@pytest.fixture(params=[on_faust, on_aiokafka])
def runner(request: pytest.FixtureRequest) -> Runner:
    """Whatever reads records and commits them."""
    found: Runner = request.param
    return found


@asynccontextmanager
async def running(
    runner: Runner,
    settings: StoreSettings,
    topics: Topics,
    publisher: Any,
    handler: Callable[..., Any] = one_event,
    read: Callable[[Record], DocumentPart] = document_of,
) -> AsyncIterator[asyncio.Task[None]]:
    stop = asyncio.Event()
    step = Step(
        "segmenter",
        events=dict.fromkeys((topics.documents, topics.documents_bulk), read),
        handler=in_chunks(Parts(handler)),
        publisher=publisher,
        dead_letters=topics.dead_letters,
    )
    task = asyncio.create_task(runner(settings, topics, step, stop))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.gather(task, return_exceptions=True)


async def submit(publisher: Publisher, topics: Topics, *texts: str) -> None:
    await publisher.publish(
        [Outgoing(topics.documents, encode(DocumentPart(text=text, id=text)), text.encode()) for text in texts]
    )


async def parts(settings: StoreSettings, topics: Topics, count: int) -> list[bytes]:
    records = await read(KafkaClients.of(settings), topics.parts, topics[topics.parts].partitions, count)
    return sorted(record.value for record in records)


async def same_key(publisher: Publisher, topics: Topics, *values: bytes) -> None:
    """Put records one behind the other on one partition."""
    await publisher.publish([Outgoing(topics.documents, value, b"k") for value in values])


def documents(*texts: str) -> list[bytes]:
    return [encode(DocumentPart(text=text, id=text)) for text in texts]
