"""Which sentences a segmented part has, and where each of them is sent.

Whoever sends sentences uses this: the segmenter, and the API for those that were lost on their way. So a sentence is the
same each time it is sent, and goes to the same partition.
"""

import asyncio
import logging
import zlib
from collections.abc import Iterator, Mapping

from aiokafka.errors import KafkaError

from pipeline.backoff import describe
from pipeline.events import SegmentedPart, Sentence, encode
from pipeline.partitions import LOOK_EVERY
from pipeline.publisher import Outgoing, Publisher
from pipeline.terms import Terms
from pipeline.topics import Topics
from pipeline.tracing import Headers

logger = logging.getLogger(__name__)

FIRST_SENTENCES = 32
"""So many sentences of each document go before all other documents' later ones: about a page. A note is done at once,
and of a book there is something to read at once."""


def sentences_of(part: SegmentedPart) -> Iterator[Sentence]:
    """Yield the sentences of a part in their order: the same ones, however often it is asked."""
    terms = Terms(part.terms)
    places = iter(part.spans)
    for index, (start, end) in enumerate(zip(places, places, strict=True)):
        text = part.text[start:end]
        yield Sentence(
            document=part.document,
            part=part.part,
            index=index,
            revision=part.revision,
            text=text,
            source=part.detected or part.source,
            target=part.target,
            model=part.model,
            detected=part.detected is not None,
            terms=terms.within(text) if terms else {},
            alternatives=part.alternatives,
        )


async def keep_counted(publisher: Publisher, counts: dict[str, int]) -> None:
    """Keep the number of partitions of each topic in `counts` as it is, until cancelled."""
    while True:
        for topic in counts:
            try:
                counts[topic] = await publisher.partitions(topic)
            except KafkaError as error:
                # Those that there were are still there.
                logger.warning("cannot see how many partitions %s has (%s)", topic, describe(error))
        await asyncio.sleep(LOOK_EVERY)


class Lanes:
    """Deals sentences to the partitions of the two topics of sentences."""

    def __init__(self, topics: Topics, partitions: Mapping[str, int]) -> None:
        """`partitions`: how many partitions each of the two topics has; it may change (`keep_counted`)."""
        self._topics = topics
        self._partitions = partitions

    def deal(self, part: SegmentedPart, headers: Headers = ()) -> Iterator[Outgoing]:
        """Yield a record for each sentence of a part, in their order; dealt to partitions in turn, like cards.

        By key, chance would give some partitions twice as many as others, and the last translator would keep the
        document waiting. Nothing depends on which partition a sentence is in.
        """
        first = FIRST_SENTENCES if part.priority == "normal" and part.part == 0 else 0
        if part.priority == "high":
            first = len(part.spans)
        offset = zlib.crc32(f"{part.document}/{part.part}".encode())
        for sentence in sentences_of(part):
            topic = self._topics.sentences_interactive if sentence.index < first else self._topics.sentences_bulk
            partition = (offset + sentence.index) % self._partitions[topic]
            yield Outgoing(topic, encode(sentence), part.document.encode(), partition, headers)
