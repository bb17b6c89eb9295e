"""The topics of the pipeline: the table from which they are created, documented and read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline import languages
from pipeline.events import (
    Control,
    DocumentCompleted,
    DocumentPart,
    Event,
    SegmentedPart,
    Sentence,
    Translation,
    TranslatorStatus,
)

RECORD_LIMIT = 4 * 1024 * 1024
"""Size of a record in bytes. JSON writes a control character as six bytes and a span as up to twelve, so a part of
64 KiB can become 1 MiB; a sender may put a whole document of that size into one record as well."""

DEAD_LETTER_LIMIT = RECORD_LIMIT + 128 * 1024
"""Size of a dead letter in bytes: the record as it was and why it is there, in seven headers of at most 8 KiB."""

_DAY = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Topic:
    """One row of the table; of a compacted topic only the newest record of each key is kept."""

    name: str
    event: type[Event] | None
    key: str
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    partitions: int
    retention_ms: int
    summary: str
    compacted: bool = False
    record_limit: int = RECORD_LIMIT

    @property
    def config(self) -> dict[str, str]:
        """Topic settings in Kafka's own names."""
        policy = {"cleanup.policy": "compact,delete"} if self.compacted else {}
        return policy | {
            "retention.ms": str(self.retention_ms),
            "max.message.bytes": str(self.record_limit),
            # Retention goes by the time of the records. A sender's clock may stand in another century, and Kafka would
            # delete the record before it is read.
            "message.timestamp.type": "LogAppendTime",
        }


# 32 partitions of sentences: that many translators can share the work of one document.
TABLE = (
    Topic("documents", DocumentPart, "document", ("api", "producer", "anybody"), ("segmenter",), 8, 7 * _DAY,
          "Documents, and the first parts of long ones. Public: one line of JSON makes a document."),
    Topic("documents.bulk", DocumentPart, "document", ("api", "producer", "anybody"), ("segmenter",), 8, 7 * _DAY,
          "Later parts of long documents. Public, as `documents`."),
    Topic("parts", SegmentedPart, "document", ("segmenter",), ("sink",), 8, 7 * _DAY,
          "Each part's text with the places of its sentences."),
    Topic("sentences.interactive", Sentence, "document", ("segmenter",), ("translator",), 32, 7 * _DAY,
          "The first sentences of each document: they go before everything in `sentences.bulk`. Pairs of languages that "
          "a translator offers have a topic of their own each, alike in all: `sentences.interactive.de-en`."),
    Topic("sentences.bulk", Sentence, "document", ("segmenter",), ("translator",), 32, 7 * _DAY,
          "All other sentences; of pairs that a translator offers in a topic of their own each: `sentences.bulk.de-en`."),
    Topic("translations", Translation, "document", ("translator",), ("sink", "anybody"), 8, 7 * _DAY,
          "Each sentence's translation. Public: others may consume it."),
    Topic("documents.completed", DocumentCompleted, "document", ("sink",), ("api", "anybody"), 8, 7 * _DAY,
          "Every document that is done or cancelled. Public, as CloudEvents: nobody has to ask again and again."),
    Topic("translators", TranslatorStatus, "translator", ("translator",), ("api", "segmenter"), 1, _DAY,
          "Which translators run, and which pairs of languages they offer.", compacted=True),
    Topic("control", Control, "document", ("api", "segmenter", "anybody"), ("api", "segmenter", "translator", "sink"), 1,
          7 * _DAY,
          "Documents that nobody should work on any more, and with which models others began. Public: one line of JSON "
          "cancels a document, or has translators look for new models.", compacted=True),
    Topic("dead-letters", None, "as it was", ("segmenter", "translator", "sink"), ("sink", "people"), 1, 30 * _DAY,
          "Records that could not be used: the original key, bytes and headers, and why (`pipeline.dead_letters`).",
          record_limit=DEAD_LETTER_LIMIT),
)  # fmt: skip


def pair_topic(lane: str, source: str, target: str) -> str:
    """Return the topic of a lane for a pair of languages: varieties of a language (de-AT) share one."""
    return f"{lane}.{languages.primary(source)}-{languages.primary(target)}"


class Topics:
    """The table under a prefix, so that several pipelines can share one Kafka."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self._table = {topic.name: topic for topic in TABLE}
        self.documents = prefix + "documents"
        self.documents_bulk = prefix + "documents.bulk"
        self.parts = prefix + "parts"
        self.sentences_interactive = prefix + "sentences.interactive"
        self.sentences_bulk = prefix + "sentences.bulk"
        self.translations = prefix + "translations"
        self.documents_completed = prefix + "documents.completed"
        self.translators = prefix + "translators"
        self.control = prefix + "control"
        self.dead_letters = prefix + "dead-letters"

    def __iter__(self) -> Iterator[Topic]:
        return iter(self._table.values())

    def __getitem__(self, full_name: str) -> Topic:
        """Return the row of a topic; of a pair's topic that of its lane."""
        name = full_name.removeprefix(self.prefix)
        return self._table[self.lane(full_name).removeprefix(self.prefix) if name not in self._table else name]

    def lane(self, full_name: str) -> str:
        """Return the topic of sentences that stands for the lane of a topic of sentences. Raises `KeyError` for others."""
        for lane in (self.sentences_interactive, self.sentences_bulk):
            if full_name == lane or full_name.startswith(f"{lane}."):
                return lane
        raise KeyError(full_name)

    def of_pairs(self, lane: str, existing: Iterable[str]) -> list[str]:
        """Return which of the existing topics belong to one pair of languages in this lane."""
        return sorted(name for name in existing if name.startswith(f"{lane}."))

    def read_by(self, existing: Iterable[str] = ()) -> dict[str, list[str]]:
        """Return the consumer groups of the pipeline with the topics that each reads.

        `existing`: the names of Kafka's topics, those of pairs of languages among them.
        """
        names = list(existing)
        interactive, bulk = self.sentences_interactive, self.sentences_bulk
        return {
            self.group("segmenter"): [self.documents, self.documents_bulk],
            self.group("translator.interactive"): [interactive, *self.of_pairs(interactive, names)],
            self.group("translator.bulk"): [bulk, *self.of_pairs(bulk, names)],
            self.group("sink"): [self.parts, self.translations, self.control],
            self.group("sink.dead-letters"): [self.dead_letters],
        }

    def group(self, service: str) -> str:
        """Name of the consumer group of a service."""
        return f"{self.prefix}{service}"
