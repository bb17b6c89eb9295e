"""What a part in the store says: its sentences, and its text with their translations."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.events import SegmentedPart
from store.driver import Entry
from store.layout import PLAIN, Layout, layouts

Partial = Literal["source", "skip"]


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
    low: int = 0
    medium: int = 0
    high: int = 0


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


def rebuild(entry: Entry, missing: Partial) -> Iterator[str]:
    """Yield the translated text of a part in pieces: what is outside the spans as it is, each span as its translation."""
    text, translations = entry["text"], entry["translations"]
    position = 0
    for index, (start, end) in enumerate(_spans(entry)):
        yield text[position:start]
        translation = translations.get(str(index))
        if translation is not None:
            yield translation["text"]
        elif missing == "source":
            yield text[start:end]
        position = end
    yield text[position:]


def pieces_of(entry: Entry) -> Iterator[tuple[str, str | None]]:
    """Yield source and translation of each sentence, and what stands between them with None."""
    text, position = entry["text"], 0
    for index, (start, end) in enumerate(_spans(entry)):
        yield text[position:start], None
        yield text[start:end], entry["translations"].get(str(index), {}).get("text")
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
    )


def lists_of(entry: Entry, name: str) -> Iterator[list[Any]]:
    """Yield for each of the pieces a list that its translation has under a name."""
    for index in range(len(entry["spans"]) // 2):
        yield []
        yield entry["translations"].get(str(index), {}).get(name, [])
    yield []


def sentences_of(entry: Entry, offset: int) -> Iterator[StoredSentence]:
    """Yield the sentences of a part that begins at the code point `offset` of its document."""
    placed = layouts(entry["text"], entry["spans"])
    for index, (start, end) in enumerate(_spans(entry)):
        made = entry["translations"].get(str(index), {})
        yield StoredSentence(
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
            layout=placed[index],
        )
