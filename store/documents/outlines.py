"""What a document is made of: its chapters, as their headings say."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from store.collections import part_id
from store.documents.numbered import Numbered, NumberedChapters
from store.driver import Collection, Entry
from store.layout import Layout, layouts

MOST = 1000
"""Chapters that are told of a document; of more the highest ones."""
_CHAPTER = 2
"""The level of a chapter that has a number only."""
_JOINED = 3
"""Headings one below the other that are one, as a title page has them, or a number and a name; not where files tell."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A paragraph, or several, over what follows."""

    part: int
    index: int
    """Of its first sentence in its part."""
    sentence: int
    """How many sentences of the document are before it."""
    level: int
    source: str
    translation: str | None
    """None while a sentence of it is not translated."""


@dataclass(slots=True)
class _Found:
    part: int
    level: int
    sentence: int
    index: int
    paragraphs: list[tuple[range, str]]
    """For each paragraph its sentences and its text."""
    number: str = ""
    """What stands over it, and is no sentence."""


async def outline(parts: Collection, document: str) -> tuple[list[Heading], bool]:
    """Return a document's headings in the order of the text, and whether these are all. Memory is bounded by `MOST`."""
    found: list[_Found] = []
    numbers = NumberedChapters()
    count = before = 0
    async for entry in _texts(parts, document):
        # In a thread: a part may have ten thousand sentences.
        placed, new = await asyncio.to_thread(_looked_at, entry, before)
        if "headings" not in entry:
            numbers.add(entry["part"], entry["text"], entry["spans"], [one.level for one in placed], before)
        before += len(placed)
        count += len(new)
        found = _highest([*found, *new])
    numbered = _numbered(found, numbers.found)
    count += len(numbered)
    found = sorted(_highest([*found, *numbered]), key=lambda one: one.sentence)
    made = await _translations(parts, document, found)
    return [_heading(one, made.get(one.part, {})) for one in found], count <= MOST


def _looked_at(entry: Entry, before: int) -> tuple[list[Layout], list[_Found]]:
    """Return how the sentences of a part stand there, and its headings; `before`: sentences before it."""
    placed = layouts(entry["text"], entry["spans"], entry.get("headings"))
    return placed, list(_headings(entry, placed, before))


def _highest(found: Sequence[_Found]) -> list[_Found]:
    """Return the highest, and of a level those that come first."""
    return nsmallest(MOST, found, key=lambda one: (one.level, one.sentence))


def _numbered(found: Sequence[_Found], numbers: Sequence[Numbered]) -> list[_Found]:
    """Return the numbers that are chapters of their own; those over a heading become part of that."""
    named = {one.sentence: one for one in found}
    alone: list[_Found] = []
    for one in numbers:
        if one.sentence in named:
            named[one.sentence].number = one.words
        else:
            alone.append(_Found(one.part, _CHAPTER, one.sentence, one.index, [], one.words))
    return alone


def _headings(entry: Entry, placed: Sequence[Layout], before: int) -> Iterable[_Found]:
    text, spans, told = entry["text"], entry["spans"], entry.get("headings")
    running: _Found | None = None
    index = 0
    while index < len(placed):
        first, level = index, placed[index].level
        while index < len(placed) and placed[index].paragraph == placed[first].paragraph:
            index += 1
        if not level:
            if running:
                yield running
            running = None
            continue
        words = " ".join(f"{placed[first].before} {text[spans[2 * first] : spans[2 * index - 1]]}".lstrip("# ").split())
        paragraph = (range(first, index), words)
        if running and told is None and running.level == level and len(running.paragraphs) < _JOINED:
            running.paragraphs.append(paragraph)
            continue
        if running:
            yield running
        running = _Found(entry["part"], level, before + first, first, [paragraph])
    if running:
        yield running


def _heading(found: _Found, made: dict[int, str]) -> Heading:
    indexes = [index for sentences, _ in found.paragraphs for index in sentences]
    translated = [" ".join(made.get(index, "") for index in sentences) for sentences, _ in found.paragraphs]
    number = [found.number] if found.number else []
    return Heading(
        part=found.part,
        index=found.index,
        sentence=found.sentence,
        level=found.level,
        source=" · ".join([*number, *(words for _, words in found.paragraphs)]),
        translation=" · ".join([*number, *translated]) if all(index in made for index in indexes) else None,
    )


async def _texts(parts: Collection, document: str) -> AsyncIterator[Entry]:
    wanted = {"_id": {"$gte": part_id(document, 0), "$lt": f"{document}0"}, "text": {"$exists": True}}
    async for entry in (
        parts.find(wanted, {"part": 1, "text": 1, "spans": 1, "headings": 1}).sort("_id", 1).batch_size(16)
    ):
        yield entry


async def _translations(parts: Collection, document: str, found: Sequence[_Found]) -> dict[int, dict[int, str]]:
    """Return the translations of headings by part and index; of other sentences nothing is read."""
    wanted: dict[int, list[int]] = {}
    for one in found:
        if one.paragraphs:
            wanted.setdefault(one.part, []).extend(index for sentences, _ in one.paragraphs for index in sentences)
    made: dict[int, dict[int, str]] = {}
    for part, indexes in wanted.items():
        fields = {f"translations.{index}.text": 1 for index in indexes}
        entry = await parts.find_one({"_id": part_id(document, part)}, {"_id": 0, **fields})
        made[part] = {int(index): one["text"] for index, one in (entry or {}).get("translations", {}).items()}
    return made
