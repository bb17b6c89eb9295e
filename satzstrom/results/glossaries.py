"""Glossaries and their terms."""

from datetime import datetime

import msgspec


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


class Entry(msgspec.Struct, frozen=True):
    """A term of a glossary and its translation."""

    source: str
    target: str
    term: str
    translation: str


class EntryPage(msgspec.Struct, frozen=True):
    """Entries in alphabetical order, how many there are in all, and where the next page begins."""

    items: list[Entry]
    total: int
    next: str | None
