"""The translation memory."""

from datetime import datetime
from typing import Literal

import msgspec


class UnitPlace(msgspec.Struct, frozen=True):
    """The sentence that a unit was made of; its document may be gone."""

    document: str
    part: int
    index: int


class MemoryUnit(msgspec.Struct, frozen=True):
    """A sentence with its translation, as the translation memory has it."""

    id: str
    source: str
    target: str
    text: str
    translation: str
    origin: Literal["person", "machine"]
    by: str | None
    """Who made it: a key's name, or what a TMX file says."""
    at: datetime
    place: UnitPlace | None
    model: str | None
    """Of a machine's: the model and its revision."""


class MemoryPage(msgspec.Struct, frozen=True):
    """Units, the newest first, and where the next page begins."""

    items: list[MemoryUnit]
    next: str | None


class MemoryPair(msgspec.Struct, frozen=True):
    """How many units of a pair of languages there are."""

    source: str
    target: str
    origin: Literal["person", "machine"]
    units: int


class MemoryCounts(msgspec.Struct, frozen=True):
    """How many units a memory has of people and of models, and by pair of languages."""

    person: int
    machine: int
    pairs: list[MemoryPair]


class Removed(msgspec.Struct, frozen=True):
    """How many units are gone."""

    deleted: int


class DifferencePiece(msgspec.Struct, frozen=True):
    """Words that are the same in a unit and a sentence, or only in the one (`removed`) or the other (`added`)."""

    change: Literal["same", "added", "removed"]
    text: str


class MemoryMatch(msgspec.Struct, frozen=True):
    """A unit that is like a sentence: `likeness` in percent of its characters, and how its text becomes the sentence."""

    unit: MemoryUnit
    likeness: int
    difference: list[DifferencePiece]


class MemoryMatches(msgspec.Struct, frozen=True):
    """Units that are like a sentence, the most like first."""

    items: list[MemoryMatch]


class MemoryImport(msgspec.Struct, frozen=True):
    """What became of the units of a file; `skipped` by reason."""

    imported: int
    known: int
    skipped: dict[str, int]
