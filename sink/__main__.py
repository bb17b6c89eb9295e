"""Runs the sink: python -m sink."""

import asyncio
from functools import partial

from pipeline import service
from pipeline.background import Work, background
from pipeline.events import Control, SegmentedPart, Translation
from pipeline.following import follow
from pipeline.kafka import KafkaClients
from pipeline.records import public_reader, reader
from pipeline.roster import Roster
from pipeline.settings import StoreSettings
from pipeline.stage import Stage, StageOptions, run_stages
from pipeline.startup import start_publisher, wait_for_topics
from pipeline.step import Step, at_once
from pipeline.topics import Topics
from sink.handler import DeadLetterHandler, DeadLetterRecord, Handler
from sink.indexer import work_off
from store.collections import Collections, connect
from store.dead_letters import DeadLetterStore
from store.documents.lifecycle import DocumentLifecycle
from store.schema import Schema
from store.writing.backlog import Backlog, PartWork
from store.writing.indexing import SearchIndex
from store.writing.remembering import MachineMemory
from store.writing.writer import DocumentWriter


async def run(settings: StoreSettings, stop: asyncio.Event) -> None:
    """Put the sink together and run it until `stop` is set."""
    topics = Topics(settings.topic_prefix)
    kafka = KafkaClients.of(settings)
    async with await connect(settings, stop) as collections:
        await _run(settings, stop, topics, kafka, collections)


async def _run(
    settings: StoreSettings, stop: asyncio.Event, topics: Topics, kafka: KafkaClients, collections: Collections
) -> None:
    await wait_for_topics(kafka, topics, settings.start_timeout, stop)
    publisher = await start_publisher(kafka, settings.start_timeout, stop)
    # Parts are up to 1 MiB; eight partitions of them and eight of translations stay below 16 MiB.
    documents: Step[SegmentedPart | Translation | Control] = Step(
        "sink",
        events={
            topics.parts: reader(SegmentedPart),
            topics.translations: reader(Translation),
            topics.control: public_reader(Control),
        },
        handler=at_once(
            Handler(
                DocumentWriter(collections, remembers=settings.memory == "all"), DocumentLifecycle(collections), topics
            )
        ),
        publisher=publisher,
        dead_letters=topics.dead_letters,
    )
    letters: Step[DeadLetterRecord] = Step(
        "sink",
        events={topics.dead_letters: DeadLetterRecord.of},
        handler=at_once(DeadLetterHandler(DeadLetterStore(collections))),
        publisher=publisher,
        dead_letters=topics.dead_letters,
    )
    stages = (
        Stage(
            kafka.group_consumer(topics.group("sink"), fetch_bytes=1024 * 1024),
            documents,
            StageOptions(round_size=2000, round_bytes=8 * 1024 * 1024),
        ),
        Stage(
            kafka.group_consumer(topics.group("sink.dead-letters"), fetch_bytes=1024 * 1024),
            letters,
            StageOptions(round_size=50, round_bytes=8 * 1024 * 1024),
        ),
    )
    beside: dict[str, Work] = {
        "keeping the schema": Schema(collections).keep,
        # They say which languages may be labels of metrics.
        "following translators": partial(follow, kafka, topics.translators, Roster(settings.model_kept).add),
    }
    after: dict[str, PartWork] = {}
    if settings.search:
        after["making documents searchable"] = SearchIndex(collections)
    if settings.memory == "all":
        after["remembering sentences"] = MachineMemory(collections)
    beside |= {what: partial(work_off, Backlog(collections, work), what) for what, work in after.items()}
    try:
        async with background(beside):
            await run_stages(stop, *stages)
    finally:
        await publisher.stop()


def main() -> None:
    """Read the settings and run."""
    service.main("sink", StoreSettings, run)


if __name__ == "__main__":
    main()
