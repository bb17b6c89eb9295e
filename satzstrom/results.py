"""What the API answers, as types."""

from datetime import datetime
from typing import Any, Literal

import msgspec

Level = Literal["high", "medium", "low"]
"""How far a translation can be relied on."""
Version = Literal["corrected", "machine"]
"""A translation as people have corrected it, or as the machine made it."""


class LevelCounts(msgspec.Struct, frozen=True):
    """Translations by how far they can be relied on."""

    high: int = 0
    medium: int = 0
    low: int = 0


class SentenceCounts(msgspec.Struct, frozen=True):
    """Sentences of a document."""

    total: int
    translated: int
    suspect: int = 0
    failed: int = 0
    remembered: int = 0
    """Translations that come from the translation memory."""
    corrected: int = 0
    """With a text that a person gave."""
    approved: int = 0
    missed: int = 0
    """Whose translation lacks a term of the glossary; none that a person has corrected or approved."""
    confidence: LevelCounts = LevelCounts()
    """Of those that say how far they can be relied on."""


class Status(msgspec.Struct, frozen=True):
    """A document as it stands now."""

    id: str
    state: str
    source: str
    target: str
    model: str | None
    characters: int
    sentences: SentenceCounts
    progress: float
    eta_seconds: float | None
    created: datetime
    finished: datetime | None
    metadata: dict[str, Any] = {}
    reason: str | None = None
    """Why the upload broke off."""
    encoding: str | None = None
    """What its bytes were read as."""
    pivot: str | None = None
    """Language by way of which it is translated, where no model does it directly."""
    format: str | None = None
    """The kind of file that it came as; None: as text."""
    read: int | None = None
    """How many paragraphs, cells or cues were read of its file."""
    left: dict[str, int] = {}
    """How many things in its file were left alone, by reason."""
    warnings: list[str] = []
    """What its sender should know of its file."""

    edits: int = 0
    """How often people have changed something of its translation."""
    name: str | None = None
    """What people call it: its title, its file's name, or its first words; None from older releases."""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "cancelled", "incomplete")

    @property
    def called(self) -> str:
        """What people call it; empty if nothing is known."""
        named = self.name or self.metadata.get("title") or self.metadata.get("filename")
        return named if isinstance(named, str) else ""


class StatusPage(msgspec.Struct, frozen=True):
    """Documents, and where the next page begins."""

    items: list[Status]
    next: str | None


class Part(msgspec.Struct, frozen=True):
    """A part of a document that is there; `revision` as `pipeline.revisions` makes it."""

    part: int
    revision: str
    characters: int
    sentences: SentenceCounts


class PartPage(msgspec.Struct, frozen=True):
    """Parts, what their document was begun with, and where the next page begins."""

    source: str
    target: str
    model: str | None
    items: list[Part]
    next: int | None


class DeadLetter(msgspec.Struct, frozen=True):
    """A record that could not be used, and why; `value` is there when one is asked for."""

    id: str
    at: datetime
    service: str
    stage: str
    reason: str
    message: str
    document: str | None
    topic: str
    replayed: datetime | None
    value: str | None = None
    value_base64: str = ""


class DeadLetterPage(msgspec.Struct, frozen=True):
    """Dead letters, and where the next page begins."""

    items: list[DeadLetter]
    next: str | None


class _Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a translation, wherever it is told."""

    position: str
    flags: list[str]
    suspect: list[str]
    failed: bool
    confidence: int | None = None
    """How far the translation can be relied on, from 0 to 100; None where that is not known."""
    level: Level | None = None
    reason: str | None = None
    """Why it has its confidence, in words."""
    memory: str | None = None
    """That it comes from the translation memory: context, exact, numbers or repeat."""
    machine: str | None = None
    """The machine's translation, where a person has given another."""
    corrected: bool = False
    approved: bool = False
    comment: str | None = None
    changed_by: str | None = None
    """Name of the key of whoever changed it last."""
    changed_at: datetime | None = None
    version: int = 0
    """How often people have changed it."""


class Sentence(_Judged, frozen=True, kw_only=True):
    """A sentence; `translation` is None while it is not there, `span` counts code points of the source."""

    source: str
    translation: str | None
    span: tuple[int, int]


class LiveSentence(_Judged, frozen=True, kw_only=True):
    """A sentence's translation as it is made."""

    translation: str


class EditedSentence(_Judged, frozen=True, kw_only=True):
    """A sentence as it is after people have changed it; `translation` is None where it had none yet."""

    translation: str | None


class Earlier(msgspec.Struct, frozen=True):
    """What people had made of a sentence at some time; `text` None: the machine's counted."""

    text: str | None
    approved: bool
    comment: str | None
    by: str | None
    at: datetime
    version: int


class SentenceHistory(Sentence, frozen=True, kw_only=True):
    """A sentence with up to 20 states that it had before, the last of them last."""

    history: list[Earlier] = []


class SentencePage(msgspec.Struct, frozen=True):
    """Sentences, and where the next page begins."""

    items: list[Sentence]
    next: str | None


class Context(msgspec.Struct, frozen=True):
    """An excerpt around a match; `matches` are start and end in `text`, in code points."""

    side: Literal["source", "translation"]
    text: str
    matches: list[tuple[int, int]]


class Hit(msgspec.Struct, frozen=True):
    """A sentence that a search found, and on which side."""

    document: str
    sentence: Sentence
    matched: list[Literal["source", "translation"]]
    contexts: list[Context]


class HitPage(msgspec.Struct, frozen=True):
    """Hits, and where the next page begins; it may be empty and not be the last."""

    items: list[Hit]
    next: str | None


class BatchProblem(msgspec.Struct, frozen=True):
    """Why a file of a batch was not taken."""

    type: str
    detail: str


class BatchDocument(msgspec.Struct, frozen=True):
    """A file of a batch; `state` is None if no document was made of it."""

    position: int
    id: str
    filename: str | None
    state: str | None
    progress: float
    problem: BatchProblem | None


class Batch(msgspec.Struct, frozen=True):
    """A batch as it stands now."""

    id: str
    state: Literal["receiving", "translating", "done", "incomplete"]
    created: datetime
    states: dict[str, int]
    refused: int
    characters: int
    sentences: SentenceCounts
    progress: float
    documents: list[BatchDocument]

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "incomplete")


class CallbackSecret(msgspec.Struct, frozen=True):
    """A secret that callbacks are signed with, as Standard Webhooks writes it; `until` when that ends, if it does."""

    secret: str
    until: datetime | None


class CallbackSecretList(msgspec.Struct, frozen=True):
    """The one that stays, and for a while the one before."""

    items: list[CallbackSecret]


class GlossaryPair(msgspec.Struct, frozen=True):
    """A pair of languages that a glossary has."""

    source: str
    target: str
    entries: int


class Glossary(msgspec.Struct, frozen=True):
    """A glossary without its entries; its `version` is another one after every change."""

    id: str
    name: str
    version: str
    created: datetime
    pairs: list[GlossaryPair]
    entries: int


class GlossaryList(msgspec.Struct, frozen=True):
    """All glossaries, oldest first."""

    items: list[Glossary]


class LeftOutLine(msgspec.Struct, frozen=True):
    """A line of a file that was not used."""

    line: int
    reason: str


class GlossaryImport(Glossary, frozen=True):
    """A glossary after a file was read into it."""

    repeated: int = 0
    """Lines that say again what another one says."""
    left_out: list[LeftOutLine] = []
    """With `lenient`: the first of those that cannot be used."""
    left_out_count: int = 0


class MemoryImport(msgspec.Struct, frozen=True):
    """What became of the units of a file; `skipped` by reason."""

    imported: int
    known: int
    skipped: dict[str, int]
