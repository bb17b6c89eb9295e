"""Which sentences a segmented part has, and where each of them is sent.

Whoever sends sentences uses this: the segmenter, and the API for those that were lost on their way. So a sentence is the
same each time it is sent, and goes to the same partition.
"""

import zlib
from collections.abc import Container, Iterator
from itertools import accumulate

from pipeline.events import CURRENT, DocumentPart, SegmentedPart, Sentence, encode
from pipeline.publisher import Outgoing
from pipeline.roster import Roster
from pipeline.terms import Terms
from pipeline.topics import Topics
from pipeline.tracing import Headers

FIRST_SENTENCES = 32
FIRST_CHARACTERS = 4_000
"""So many sentences of each document go before all other documents' later ones, as long as they have no more characters than
this: about a page. A note is done at once, and of a book there is something to read at once."""

URGENT_CHARACTERS = 20_000
"""So many characters of a document with priority high go before others, if its sender is not trusted with more."""


def urgent_characters(part: DocumentPart) -> int:
    """Return how many characters of a part go before other documents' later ones, at most."""
    if part.priority == "high" and part.urgent is None:
        return len(part.text)
    if part.priority == "low" or part.part > 0:
        return 0
    return min(len(part.text), FIRST_CHARACTERS if part.priority == "normal" else part.urgent or 0)


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
            model=part.model if part.model != CURRENT else None,
            pinned=part.pinned,
            detected=part.detected is not None,
            terms=terms.within(text) if terms else {},
            alternatives=part.alternatives,
            align=part.align,
        )


class Lanes:
    """Deals sentences to the partitions of the topics of sentences."""

    def __init__(self, topics: Topics, roster: Roster) -> None:
        self._topics = topics
        self._roster = roster

    def deal(self, part: SegmentedPart, headers: Headers = (), *, without: Container[int] = ()) -> Iterator[Outgoing]:
        """Yield a record for each sentence of a part, in their order; dealt to partitions in turn, like cards.

        `without`: indexes of sentences that need no translator. The others go where they would without that.

        By key, chance would give some partitions twice as many as others, and the last translator would keep the
        document waiting. Nothing depends on which partition a sentence is in. They go to the topic of their pair of
        languages, or, while nobody is known who reads one, to that which all translators read.
        """
        first = _urgent(part)
        language = part.detected or part.source
        interactive, bulk = (
            self._roster.topic(lane, language, part.target)
            for lane in (self._topics.sentences_interactive, self._topics.sentences_bulk)
        )
        offset = zlib.crc32(f"{part.document}/{part.part}".encode())
        for sentence in sentences_of(part):
            if sentence.index in without:
                continue
            topic = interactive if sentence.index < first else bulk
            turn = offset + sentence.index
            yield Outgoing(topic, encode(sentence), part.document.encode(), headers=headers, turn=turn)


def _urgent(part: SegmentedPart) -> int:
    """Return how many sentences of a part go before others: by their characters, because long ones take long."""
    if part.priority == "high" and part.urgent is None:
        return len(part.spans) // 2
    if part.priority == "low" or part.part > 0:
        return 0
    lengths = [end - start for start, end in zip(part.spans[::2], part.spans[1::2], strict=True)]
    if part.priority == "normal":
        lengths = lengths[:FIRST_SENTENCES]
    limit = part.urgent if part.priority == "high" else FIRST_CHARACTERS
    return sum(reached <= (limit or 0) for reached in accumulate(lengths))
