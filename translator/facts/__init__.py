"""Facts: what a sentence says that can be looked up. Numbers, times, dates, measures, signs, codes.

A model is given them as it knows them (`usual`), what it left in the source's form is written in the target's (`mended`),
and what is not there in any form is told (`lost`).
"""

from translator.facts import amounts, checking, clock, dates, mending

_COMMA_DECIMALS = frozenset(
    (
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "es",
        "fi",
        "fr",
        "hr",
        "hu",
        "it",
        "nb",
        "nl",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sl",
        "sv",
        "tr",
        "uk",
    )
)
_POINT_DECIMALS = frozenset(["en", "he", "hi", "ja", "ko", "th", "zh"])


class Facts:
    """The facts of sentences from one language into another.

    The words of German and English are known; of other languages figures and signs are.
    """

    def __init__(self, source: str, target: str) -> None:
        """`source`, `target`: codes of languages, with script or region or without."""
        source, target = source.partition("-")[0], target.partition("-")[0]
        self._german, self._english = source == "de", target == "en"
        self._comma = source in _COMMA_DECIMALS
        self._swaps = self._comma and target in _POINT_DECIMALS

    def usual(self, text: str) -> str:
        """Return a source with its times, dates and amounts as models know them: `8:30`, `1. April 2024`, `50 €`."""
        # A date alone, in a column of a table, stays as it is.
        return amounts.usual(clock.usual(dates.usual(text))) if self._german and any(map(str.isalpha, text)) else text

    def alone(self, text: str) -> str:
        """Return a text that no model needs to see, with its amounts as the target's language writes them."""
        return mending.alone(text) if self._swaps else text

    def mended(self, source: str, translation: str) -> str:
        """Return a translation with facts that the model left in the source's form, or half changed, as they should be."""
        if self._german and self._english:
            return mending.mended(source, translation)
        return mending.swapped(source, translation) if self._swaps else translation

    def lost(self, source: str, translation: str) -> list[str]:
        """Return the facts of the source that the translation does not have, and numbers that it has made up."""
        return checking.lost(source, translation, comma=self._comma, german=self._german, english=self._english)
