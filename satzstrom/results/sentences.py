"""Sentences with their translations, wherever they are told."""

from datetime import datetime
from typing import Literal

import msgspec

Level = Literal["high", "medium", "low"]
"""How far a translation can be relied on."""
Version = Literal["corrected", "machine"]
"""A translation as people have corrected it, or as the machine made it."""


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


class SentenceLayout(msgspec.Struct, frozen=True):
    """How a sentence stands in its text; its translation stands there alike."""

    paragraph: int
    """Index of the sentence in its part with which its paragraph begins."""
    kind: Literal["prose", "lines", "heading"]
    line: bool
    """Whether it begins a line within its paragraph."""
    above: str
    """What stands on lines of its own before it and is not translated, such as a rule."""
    before: str
    """What stands on its line before it and is not translated, such as the mark of a list."""
    level: int
    """Of headings, from 1; else 0."""


class SentenceTerm(msgspec.Struct, frozen=True):
    """A term of a glossary that stands in a sentence; `kept`: whether the translation has it, None while there is none."""

    source: str
    target: str
    kept: bool | None


class Sentence(_Judged, frozen=True, kw_only=True):
    """A sentence; `translation` is None while it is not there, `span` counts code points of the source."""

    source: str
    translation: str | None
    span: tuple[int, int]
    alternatives: list[str] = []
    """Other translations, the best first, if the document asked for them."""
    terms: list[SentenceTerm] = []
    """Terms of the document's glossary that stand in it."""
    layout: SentenceLayout | None = None
    """None from older releases."""


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


class Chapter(msgspec.Struct, frozen=True):
    """A heading; `sentence` counts the sentences of the document before it, `level` is 1 for the highest."""

    position: str
    sentence: int
    level: int
    source: str
    translation: str | None


class Outline(msgspec.Struct, frozen=True):
    """The chapters of a document as far as it is there; not `complete`: lower ones of more than 1,000 are left out."""

    items: list[Chapter]
    complete: bool


class Translation(msgspec.Struct, frozen=True):
    """A text that was translated at once; `model` is None where nothing needed one."""

    source: str
    detected: str | None
    """With `auto`: the language of its beginning."""
    target: str
    model: str | None
    text: str
    sentences: list[Sentence]


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
    name: str | None = None
    """What the document is called; None from older releases, as the languages."""
    source: str | None = None
    target: str | None = None


class HitPage(msgspec.Struct, frozen=True):
    """Hits, and where the next page begins; it may be empty and not be the last."""

    items: list[Hit]
    next: str | None
