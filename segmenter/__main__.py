"""Runs the segmenter: python -m segmenter."""

import sys

if __name__ == "__main__":
    # Where PyTorch is installed, spaCy imports it: a second and 400 MB that are of no use here.
    sys.modules["torch"] = None  # type: ignore[assignment]

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from pydantic import Field

from pipeline import service
from pipeline.background import background
from pipeline.cancellations import Cancellations
from pipeline.cloudevents import document_of
from pipeline.detection import Detector
from pipeline.following import follow
from pipeline.kafka import KafkaClients
from pipeline.lanes import Lanes
from pipeline.records import Record
from pipeline.roster import Roster
from pipeline.settings import StoreSettings
from pipeline.stage import StageOptions
from pipeline.startup import first_of, start_publisher, wait_for_topics
from pipeline.step import Step
from pipeline.topics import Topics
from segmenter.app import SegmenterApp
from segmenter.beginnings import Beginnings
from segmenter.chunks import Recall, in_chunks, nothing
from segmenter.handler import Handler
from segmenter.recall import MemoryRecall
from segmenter.splitter import BUNDLED, Splitter
from store.collections import open_collections
from store.memory.finding import MemoryFinder


class SegmenterSettings(StoreSettings):
    """Settings of the segmenter."""

    models: Path = Field(BUNDLED, description="Folder of the models.")


async def run(settings: SegmenterSettings, stop: asyncio.Event) -> None:
    """Put the segmenter together and run it until `stop` is set."""
    topics = Topics(settings.topic_prefix)
    splitter = Splitter(settings.models)
    kafka = KafkaClients.of(settings)
    await wait_for_topics(kafka, topics, settings.start_timeout, stop)
    publisher = await start_publisher(kafka, settings.start_timeout, stop)
    roster = Roster(settings.model_kept)
    known, begun = asyncio.Event(), asyncio.Event()
    cancelled = Cancellations()
    beginnings = Beginnings(roster, publisher, topics)

    def controlled(record: Record) -> None:
        cancelled.add(record)
        beginnings.add(record)

    following = {
        "following translators": partial(follow, kafka, topics.translators, roster.add, known.set),
        "following cancellations and beginnings": partial(follow, kafka, topics.control, controlled, begun.set),
    }
    async with AsyncExitStack() as opened:
        opened.push_async_callback(publisher.stop)
        recall: Recall = nothing
        if settings.memory != "off":
            collections = await opened.enter_async_context(open_collections(settings))
            recall = MemoryRecall(MemoryFinder(collections), machine=settings.memory == "all")
        split = Handler(splitter, Detector(), roster, cancelled, topics, Lanes(topics, roster))
        step = Step(
            "segmenter",
            events=dict.fromkeys((topics.documents, topics.documents_bulk), document_of),
            handler=in_chunks(split, beginnings.pins, recall),
            publisher=publisher,
            dead_letters=topics.dead_letters,
        )
        async with background(following):
            # Who knows only half of the translators refuses pairs of the other half.
            await first_of(known, stop)
            await first_of(begun, stop)
            await SegmenterApp(kafka, topics.group("segmenter"), step, StageOptions()).run(stop)


def main() -> None:
    """Read the settings and run."""
    service.main("segmenter", SegmenterSettings, run)


if __name__ == "__main__":
    main()
