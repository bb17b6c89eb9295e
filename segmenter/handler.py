"""One document part in; the segmented part and its sentences out."""

import zlib
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from pipeline import languages, metadata, tracing
from pipeline.cancellations import Cancellations
from pipeline.detection import AUTO, Detector
from pipeline.errors import PartTooLargeError
from pipeline.events import PART_LIMIT, DocumentPart, SegmentedPart, Sentence, encode
from pipeline.metrics import SENTENCES
from pipeline.parts import cut
from pipeline.publisher import Outgoing
from pipeline.records import Record
from pipeline.revisions import revision
from pipeline.roster import Roster
from pipeline.terms import Terms
from pipeline.topics import Topics
from pipeline.tracing import Headers
from segmenter.splitter import Splitter

FIRST_SENTENCES = 32
"""So many sentences of each document go before all other documents' later ones: about a page. A note is done at once,
and of a book there is something to read at once."""


class Handler:
    """Splits parts into sentences. The same record always gives the same events, or none once its document is cancelled."""

    def __init__(
        self,
        splitter: Splitter,
        detector: Detector,
        roster: Roster,
        cancelled: Cancellations,
        topics: Topics,
        partitions: Mapping[str, int],
    ) -> None:
        """`partitions`: how many partitions each of the two topics of sentences has."""
        self._splitter = splitter
        self._detector = detector
        self._roster = roster
        self._cancelled = cancelled
        self._topics = topics
        self._partitions = partitions

    def __call__(self, event: DocumentPart, record: Record) -> Iterator[Outgoing]:
        """Yield the events of one document part, or of several where a whole document came in one record.

        Raises `InputError` for a part that cannot be used; then nothing of it is used.
        """
        languages.check(event.target)
        metadata.check(event.metadata)
        if event.source == AUTO:
            self._roster.check_target(event.target)
        else:
            languages.check(event.source)
            self._roster.check(event.source, event.target, event.model)
        document = event.id or _id_of(record)
        with tracing.span("segment", record.headers, document=document, part=event.part):
            yield from self._split(event, document, record)

    def _split(self, event: DocumentPart, document: str, record: Record) -> Iterator[Outgoing]:
        headers = tracing.headers()
        terms = Terms(event.terms)
        for part in _cut(event, document):
            if document in self._cancelled:
                return
            detected = self._detector.detect(part.text, part.candidates).language if part.source == AUTO else None
            language = detected or part.source
            # What is in the wanted language already is no work for a model: without sentences it is copied.
            done = detected is not None and languages.same(detected, part.target)
            spans = [] if done else self._splitter.spans(part.text, language)
            digest = revision(part)
            sentences = [
                Sentence(
                    document=document,
                    part=part.part,
                    index=index,
                    revision=digest,
                    text=part.text[start:end],
                    source=language,
                    target=part.target,
                    model=part.model,
                    detected=detected is not None,
                    terms=terms.within(part.text[start:end]) if terms else {},
                    alternatives=part.alternatives,
                )
                for index, (start, end) in enumerate(spans)
            ]
            segmented = SegmentedPart(
                document=document,
                part=part.part,
                last=part.last,
                revision=digest,
                text=part.text,
                spans=[place for span in spans for place in span],
                source=part.source,
                target=part.target,
                model=part.model,
                metadata=part.metadata,
                # Kafka's -1 says that there is no time.
                created=max(0, record.timestamp),
                detected=detected,
            )
            SENTENCES.labels("segmented", language, part.target).inc(len(sentences))
            yield Outgoing(self._topics.parts, encode(segmented), document.encode(), headers=headers)
            yield from self._deal(part, document, sentences, headers)

    def _deal(
        self, part: DocumentPart, document: str, sentences: Sequence[Sentence], headers: Headers
    ) -> Iterator[Outgoing]:
        """Deal sentences to partitions in turn, like cards.

        By key, chance would give some partitions twice as many as others, and the last translator would keep the
        document waiting. Nothing depends on which partition a sentence is in.
        """
        first = FIRST_SENTENCES if part.priority == "normal" and part.part == 0 else 0
        if part.priority == "high":
            first = len(sentences)
        offset = zlib.crc32(f"{document}/{part.part}".encode())
        for sentence in sentences:
            topic = self._topics.sentences_interactive if sentence.index < first else self._topics.sentences_bulk
            partition = (offset + sentence.index) % self._partitions[topic]
            yield Outgoing(topic, encode(sentence), document.encode(), partition, headers)


def _cut(event: DocumentPart, document: str) -> list[DocumentPart]:
    """Cut a whole document that came in one record into parts of the usual size."""
    size = len(event.text.encode())
    if size <= PART_LIMIT:
        return [event]
    if event.part or not event.last:
        raise PartTooLargeError(document, event.part, size, PART_LIMIT)
    texts = cut(event.text)
    return [replace(event, text=text, part=number, last=number == len(texts) - 1) for number, text in enumerate(texts)]


def _id_of(record: Record) -> str:
    """Return the id of a document that came without one: a record that is delivered twice is the same document."""
    return f"{record.topic.lstrip('._-')}-{record.partition}-{record.offset}-{record.timestamp:x}"[-128:]
