"""How many sentences there are, by what is known of them."""

import msgspec


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
