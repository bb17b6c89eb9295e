"""One document part in; the segmented part and its sentences out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from pipeline import languages, metadata, tracing
from pipeline.cancellations import Cancellations
from pipeline.detection import AUTO, Detector
from pipeline.errors import PartTooLargeError
from pipeline.events import PART_LIMIT, DocumentPart, SegmentedPart, Splitting, Translation, encode
from pipeline.lanes import Lanes
from pipeline.metrics import PAIRS, SENTENCES
from pipeline.parts import cut
from pipeline.publisher import Outgoing
from pipeline.records import Record
from pipeline.revisions import revision
from pipeline.roster import PAIR_KEPT, Roster
from pipeline.terms import Terms
from pipeline.topics import Topics
from pipeline.tracing import Headers
from segmenter.splitter import Splitter


@dataclass(frozen=True, slots=True)
class Segmented:
    """A part whose sentences are found; `memory`: whose memory may have translations of them, as in a `DocumentPart`."""

    part: SegmentedPart
    memory: str | None
    headers: Headers


class Handler:
    """Splits parts into sentences, and deals them; those that are in a memory have their translation at once.

    The same record always gives the same part and sentences, or none once its document is cancelled. Which of them come from
    the memory may differ; a sentence is never left out, and of two translations the first that is stored counts.
    """

    def __init__(
        self,
        splitter: Splitter,
        detector: Detector,
        roster: Roster,
        cancelled: Cancellations,
        topics: Topics,
        lanes: Lanes,
    ) -> None:
        self._splitter = splitter
        self._detector = detector
        self._roster = roster
        self._cancelled = cancelled
        self._topics = topics
        self._lanes = lanes

    def split(self, event: DocumentPart, record: Record) -> Iterator[Segmented]:
        """Yield the events of one document part, or of several where a whole document came in one record.

        Raises `InputError` for a part that cannot be used; then nothing of it is used.
        """
        languages.check(event.target)
        metadata.check(event.metadata)
        if event.source == AUTO:
            self._roster.check_target(event.target)
        else:
            languages.check(event.source)
            # A model that was there when the document began may have been upgraded before its last part.
            self._roster.check(event.source, event.target, event.model, kept=PAIR_KEPT)
        document = event.id or _id_of(record)
        with tracing.span("segment", record.headers, document=document, part=event.part):
            yield from self._split(event, document, record)

    def deal(self, one: Segmented, found: Sequence[Translation] = ()) -> Iterator[Outgoing]:
        """Yield what is sent of a part; `found`: translations of its sentences that are there already."""
        part, headers = one.part, one.headers
        document = part.document.encode()
        yield Outgoing(self._topics.parts, encode(part), document, headers=headers)
        for made in found:
            yield Outgoing(self._topics.translations, encode(made), document, headers=headers)
        yield from self._lanes.deal(part, headers, without={made.index for made in found})

    def _split(self, event: DocumentPart, document: str, record: Record) -> Iterator[Segmented]:
        headers = tracing.headers()
        by_language: dict[str, Terms] = {}
        for part in _cut(event, document):
            if document in self._cancelled:
                return
            detected = self._detector.detect(part.text, part.candidates).language if part.source == AUTO else None
            language = detected or part.source
            # What is in the wanted language already is no work for a model: without sentences it is copied.
            done = self._roster.copies(language, part.target)
            splitting: Splitting = "segments" if part.segments else part.splitting
            spans = [] if done else self._splitter.spans(part.text, language, splitting)
            terms = by_language.get(language) or by_language.setdefault(language, Terms(event.terms, language))
            within = terms.within_each(part.text[start:end] for start, end in spans) if terms else {}
            segmented = SegmentedPart(
                document=document,
                part=part.part,
                last=part.last,
                revision=revision(part),
                text=part.text,
                spans=[place for span in spans for place in span],
                source=part.source,
                target=part.target,
                model=part.model,
                metadata=part.metadata,
                # Kafka's -1 says that there is no time.
                created=max(0, record.timestamp),
                detected=detected,
                priority=part.priority,
                urgent=part.urgent,
                terms=within,
                alternatives=part.alternatives,
                align=part.align,
                pinned=_pin(part.pins, language),
                headings=part.headings,
            )
            SENTENCES.labels("segmented", *PAIRS.labels(language, part.target)).inc(len(spans))
            yield Segmented(segmented, event.memory, headers)


def _cut(event: DocumentPart, document: str) -> list[DocumentPart]:
    """Cut a whole document that came in one record into parts of the usual size."""
    size = len(event.text.encode())
    if size <= PART_LIMIT:
        return [event]
    if event.part or not event.last:
        raise PartTooLargeError(document, event.part, size, PART_LIMIT)
    texts = cut(event.text)
    # Where headings are is said of parts only.
    whole = replace(event, headings=None)
    return [replace(whole, text=text, part=number, last=number == len(texts) - 1) for number, text in enumerate(texts)]


def _pin(pins: Mapping[str, str], language: str) -> str | None:
    """Return the model for a text in a language: that of the nearest of its varieties; None if there is none."""
    near = [(far, one) for one in pins if (far := languages.distance(one, language)) is not None]
    return pins[min(near)[1]] if near else None


def _id_of(record: Record) -> str:
    """Return the id of a document that came without one: a record that is delivered twice is the same document."""
    return f"{record.topic.lstrip('._-')}-{record.partition}-{record.offset}-{record.timestamp:x}"[-128:]
