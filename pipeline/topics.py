"""The topics of the pipeline: the table from which they are created, documented and read."""

from collections.abc import Iterator
from dataclasses import dataclass

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

PART_LIMIT = 64 * 1024
"""Size of a part in bytes of UTF-8; longer texts are cut (`pipeline.parts`)."""

RECORD_LIMIT = 4 * 1024 * 1024
"""Size of a record in bytes. JSON writes a control character as six bytes and a span as up to twelve, so a part of
64 KiB can become 1 MiB; a sender may put a whole document of that size into one record as well."""

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

    @property
    def config(self) -> dict[str, str]:
        """Topic settings in Kafka's own names."""
        policy = {"cleanup.policy": "compact,delete"} if self.compacted else {}
        return policy | {"retention.ms": str(self.retention_ms), "max.message.bytes": str(RECORD_LIMIT)}


# 32 partitions of sentences: that many translators can share the work of one document.
_TABLE = (
    Topic("documents", DocumentPart, "document", ("api", "producer", "anybody"), ("segmenter",), 8, 7 * _DAY,
          "Documents, and the first parts of long ones. Public: one line of JSON makes a document."),
    Topic("documents.bulk", DocumentPart, "document", ("api", "producer", "anybody"), ("segmenter",), 8, 7 * _DAY,
          "Later parts of long documents. Public, as `documents`."),
    Topic("parts", SegmentedPart, "document", ("segmenter",), ("sink",), 8, 7 * _DAY,
          "Each part's text with the places of its sentences."),
    Topic("sentences.interactive", Sentence, "document", ("segmenter",), ("translator",), 32, 7 * _DAY,
          "The first sentences of each document: they go before everything in `sentences.bulk`."),
    Topic("sentences.bulk", Sentence, "document", ("segmenter",), ("translator",), 32, 7 * _DAY,
          "All other sentences."),
    Topic("translations", Translation, "document", ("translator",), ("sink", "anybody"), 8, 7 * _DAY,
          "Each sentence's translation. Public: others may consume it."),
    Topic("documents.completed", DocumentCompleted, "document", ("sink",), ("api", "anybody"), 8, 7 * _DAY,
          "Every document that is done or cancelled. Public, as CloudEvents: nobody has to ask again and again."),
    Topic("translators", TranslatorStatus, "translator", ("translator",), ("api", "segmenter"), 1, _DAY,
          "Which translators run, and which pairs of languages they offer.", compacted=True),
    Topic("control", Control, "document", ("api", "anybody"), ("api", "segmenter", "translator", "sink"), 1, 7 * _DAY,
          "Documents that nobody should work on any more. Public: one line of JSON cancels a document.", compacted=True),
    Topic("dead-letters", None, "as it was", ("segmenter", "translator", "sink"), ("sink", "people"), 1, 30 * _DAY,
          "Records that could not be used: the original key, bytes and headers, and why (`pipeline.dead_letters`)."),
)  # fmt: skip


class Topics:
    """The table under a prefix, so that several pipelines can share one Kafka."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self._table = {topic.name: topic for topic in _TABLE}
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
        return self._table[full_name.removeprefix(self.prefix)]

    def read_by(self) -> dict[str, list[str]]:
        """Return the consumer groups of the pipeline with the topics that each reads."""
        return {
            self.group("segmenter"): [self.documents, self.documents_bulk],
            self.group("translator.interactive"): [self.sentences_interactive],
            self.group("translator.bulk"): [self.sentences_bulk],
            self.group("sink"): [self.parts, self.translations, self.control],
            self.group("sink.dead-letters"): [self.dead_letters],
        }

    def group(self, service: str) -> str:
        """Name of the consumer group of a service."""
        return f"{self.prefix}{service}"
