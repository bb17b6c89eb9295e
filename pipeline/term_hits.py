"""Which terms of a glossary stand in a sentence, and whether its translation has what was to become of them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from pipeline.terms import Terms

# A person may have put the translation into the plural.
_INFLECTED = r"(?:e?s|e?n|'s|’s)?+"


class TermHit(NamedTuple):
    """A term in a sentence."""

    source: str
    """As it stands there."""
    target: str
    kept: bool | None
    """Whether the translation has it; None while there is none."""


def term_hits(terms: Terms, source: str, translation: str | None) -> tuple[TermHit, ...]:
    """Return the terms that stand in a sentence, in no order."""
    return tuple(
        TermHit(term, target, None if translation is None else _stands_in(target, translation))
        for term, target in terms.within(source).items()
    )


def missed(terms: Mapping[str, str], source: str, translation: str) -> int:
    """Return how many terms of a sentence its translation lacks; `terms`: those that stand in it, as they do."""
    return sum(hit.kept is False for hit in term_hits(Terms(terms), source, translation)) if terms else 0


def _stands_in(target: str, translation: str) -> bool:
    """Whether a translation has a term; whether it begins with a capital is the sentence's business."""
    line = " ".join(translation.split())
    first, rest = re.escape(target[:1]), re.escape(target[1:])
    return re.search(rf"(?<!\w)(?i:{first}){rest}{_INFLECTED}(?!\w)", line) is not None
