"""Inflected forms of terms: of a word as a glossary has it, all that a text may have in its place."""

from collections.abc import Callable
from typing import NamedTuple

from pipeline.inflection import german


class Inflection(NamedTuple):
    """How the words of a language change."""

    forms: Callable[[str], frozenset[str]]
    """Every form of a word, itself included."""
    key: Callable[[str], str]
    """What all forms of a word share, but for the few in `forms` that begin otherwise; other words may have it, too."""


_BY_LANGUAGE = {"de": Inflection(german.forms, german.key)}


def of(language: str) -> Inflection | None:
    """Return how a language's words change; None where only their own form is known."""
    return _BY_LANGUAGE.get(language.partition("-")[0].lower())
