"""What a part in the store says: its sentences, and its text with their translations."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pipeline.alignment import followed, pack, unpack
from pipeline.events import Remembered, SegmentedPart
from pipeline.term_hits import TermHit, term_hits
from pipeline.terms import Terms
from store.driver import Entry
from store.layout import PLAIN, Layout, layouts

Partial = Literal["source", "skip"]
Version = Literal["corrected", "machine"]
"""What counts as the translation of a sentence: what a person made of it, or what the machine did."""


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part that is there, and how far it is."""

    part: int
    revision: str
    characters: int
    total: int
    translated: int
    suspect: int
    failed: int
    remembered: int = 0
    low: int = 0
    medium: int = 0
    high: int = 0
    corrected: int = 0
    approved: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What people have made of a sentence at some moment; `text` None: the machine's."""

    text: str | None
    approved: bool
    comment: str | None
    by: str | None
    """Name or id of the key of who did so; None where there are no keys."""
    at: datetime
    version: int
    """Counts the changes of the sentence from 1."""


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """A sentence with its translation, if it has one yet. The span counts code points of the whole document."""

    part: int
    index: int
    source: str
    span: tuple[int, int]
    translation: str | None
    flags: list[str]
    suspect: list[str]
    failed: bool
    confidence: int | None = None
    """How far the translation can be relied on; None where that is not known."""
    alternatives: tuple[str, ...] = ()
    """Other translations, the best first, if they were asked for."""
    layout: Layout = PLAIN
    machine: str | None = None
    """The machine's translation, where a person has given another."""
    change: Change | None = None
    """The last of what people did to it, if anybody did."""
    terms: tuple[TermHit, ...] = ()
    """Terms of a glossary that stand in it."""
    memory: Remembered | None = None
    """That it comes from memory, and how it was found there."""

    @property
    def missed(self) -> bool:
        """Whether its translation lacks a term, and nobody has corrected or approved it."""
        settled = self.change is not None and (self.change.text is not None or self.change.approved)
        return not settled and any(term.kept is False for term in self.terms)


@dataclass(frozen=True, slots=True)
class TranslatedPart:
    """A part in pieces: source and translation of each sentence, and what stands between them with None."""

    part: int
    detected: str | None
    pieces: list[tuple[str, str | None]]
    alternatives: list[list[str]]
    """For each piece other translations, the best first."""
    alignments: list[list[int]]
    """For each piece what `Translation.alignment` says."""


def _spans(entry: Entry) -> Iterator[tuple[int, int]]:
    places = iter(entry["spans"])
    return zip(places, places, strict=True)


def translation_of(entry: Entry, index: int, version: Version = "corrected") -> Entry:
    """Return what counts as the translation of a sentence, as translations are stored; empty while there is none.

    Of what a person has corrected or approved nothing is doubtful any more. Links between words go over to a corrected text
    with the words that stayed.
    """
    made: Entry = entry["translations"].get(str(index), {})
    change = entry.get("corrections", {}).get(str(index))
    if version == "machine" or change is None or (change["text"] is None and not change["approved"]):
        return made
    text = change["text"]
    if text is None or text == made.get("text"):
        return {name: value for name, value in made.items() if name not in _DOUBTS}
    links = followed(unpack(made.get("alignment", [])), made.get("text", ""), text)
    return {"text": text} | ({"alignment": pack(links)} if links else {})


# Sentences of a part that are handled in one go: a part may have ten thousand, which take a third of a second.
_AT_ONCE = 300
# What is known against a translation, or how much for it.
_DOUBTS = ("suspect", "failed", "confidence")


def rebuild(entry: Entry, missing: Partial, version: Version = "corrected") -> Iterator[str]:
    """Yield the translated text of a part in pieces: what is outside the spans as it is, each span as its translation."""
    text = entry["text"]
    position = 0
    for index, (start, end) in enumerate(_spans(entry)):
        yield text[position:start]
        translation = translation_of(entry, index, version)
        if translation:
            yield translation["text"]
        elif missing == "source":
            yield text[start:end]
        position = end
    yield text[position:]


def pieces_of(entry: Entry, version: Version = "corrected") -> Iterator[tuple[str, str | None]]:
    """Yield source and translation of each sentence, and what stands between them with None."""
    text, position = entry["text"], 0
    for index, (start, end) in enumerate(_spans(entry)):
        yield text[position:start], None
        yield text[start:end], translation_of(entry, index, version).get("text")
        position = end
    yield text[position:], None


def segmented_of(entry: Entry, document: Entry) -> SegmentedPart:
    """Return a part as the segmenter made it, but for what its document alone says."""
    return SegmentedPart(
        document=entry["document"],
        part=entry["part"],
        last=entry["part"] + 1 == document.get("parts"),
        revision=entry["revision"],
        text=entry["text"],
        spans=entry["spans"],
        source=document["source"],
        target=document["target"],
        model=document.get("model"),
        detected=entry.get("detected"),
        priority=entry.get("priority", "normal"),
        terms=dict(entry.get("terms", ())),
        alternatives=entry.get("alternatives", 0),
        align=entry.get("align", False),
        pinned=entry.get("pinned"),
        headings=entry.get("headings"),
    )


def lists_of(entry: Entry, name: str, version: Version = "corrected") -> Iterator[list[Any]]:
    """Yield for each of the pieces a list that its translation has under a name."""
    for index in range(len(entry["spans"]) // 2):
        yield []
        yield translation_of(entry, index, version).get(name, [])
    yield []


def sentences_of(entry: Entry, offset: int, version: Version = "corrected") -> Iterator[StoredSentence]:
    """Yield the sentences of a part that begins at the code point `offset` of its document."""
    placed, terms = layouts(entry["text"], entry["spans"], entry.get("headings")), Terms(dict(entry.get("terms", ())))
    for index in range(len(entry["spans"]) // 2):
        yield sentence_of(entry, index, offset, version, placed[index], terms)


async def sentences_beside(entry: Entry, offset: int, version: Version = "corrected") -> list[StoredSentence]:
    """Return what `sentences_of` yields; of a long part it is made in a thread, so that others need not wait for it."""
    if len(entry["spans"]) <= 2 * _AT_ONCE:
        return list(sentences_of(entry, offset, version))
    return await asyncio.to_thread(lambda: list(sentences_of(entry, offset, version)))


async def in_slices(sentences: Sequence[StoredSentence]) -> AsyncIterator[Sequence[StoredSentence]]:
    """Yield the sentences of a part some paragraphs at a time; others have their turn in between."""
    start = 0
    for end, sentence in enumerate(sentences):
        if end - start >= _AT_ONCE and sentence.index == sentence.layout.paragraph:
            yield sentences[start:end]
            await asyncio.sleep(0)
            start = end
    yield sentences[start:]


def sentence_of(
    entry: Entry,
    index: int,
    offset: int,
    version: Version = "corrected",
    layout: Layout | None = None,
    terms: Terms | None = None,
) -> StoredSentence:
    """Return one sentence of a part that begins at the code point `offset` of its document.

    `layout` and `terms` (of its part) if they are known.
    """
    terms = terms if terms is not None else Terms(dict(entry.get("terms", ())))
    start, end = entry["spans"][2 * index : 2 * index + 2]
    made = translation_of(entry, index, version)
    change = entry.get("corrections", {}).get(str(index)) if version == "corrected" else None
    corrected = change is not None and change["text"] is not None
    return StoredSentence(
        part=entry["part"],
        index=index,
        source=entry["text"][start:end],
        span=(offset + start, offset + end),
        translation=made.get("text"),
        flags=made.get("flags", []),
        suspect=made.get("suspect", []),
        failed=made.get("failed", False),
        confidence=made.get("confidence"),
        alternatives=tuple(made.get("alternatives", ())),
        layout=layout or layouts(entry["text"], entry["spans"], entry.get("headings"))[index],
        machine=entry["translations"].get(str(index), {}).get("text") if corrected else None,
        # What a person has changed since comes from nowhere else.
        memory=None if corrected else made.get("memory"),
        change=change_of(change) if change is not None else None,
        terms=term_hits(terms, entry["text"][start:end], made.get("text")) if terms else (),
    )


def change_of(entry: Entry) -> Change:
    """Return a change as it is stored."""
    return Change(*(entry[name] for name in ("text", "approved", "comment", "by", "at", "version")))
