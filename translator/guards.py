"""What can be seen to be wrong with a translation without understanding it.

Small models fail in a few ways: they stop too early, go round in circles, leave words out, copy the source, or change
numbers. Each reason here is a word in `suspect` of the sentence's translation (docs/fidelity.md).
"""

import re
from collections.abc import Sequence

from translator import repetition
from translator.engines import Hypothesis
from translator.facts import Facts
from translator.kept.masks import missing
from translator.writing import dashes, quotes
from translator.writing.scripts import as_in_an_alphabet

_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w+")
# Few words are the same in German and English ("in", "so"): of 2,000 sentences of the test sets two have two of them that
# are a quarter of their words in small letters.
_SMALL_WORDS, _COPIED_WORDS, _COPIED_SHARE = 4, 2, 0.25
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("»", "«"), ("\u203a", "\u2039"))
_BRACKET = re.compile(r"[()\[\]{}»«\u203a\u2039]")
# A list: five items or more, of three words at most on average. Other sentences lose commas on the way into English.
_LIST, _ITEM, _BEGINNING = 5, 3, 5
# "1. … 2. … 3. …" or "a) … b) … c) …" in one sentence; two may be a date and an ordinal.
_MARKER = re.compile(r"(?<!\S)(?:\d{1,2}[.)]|[a-z]\))(?=\s)")
_MARKERS = 3
_SEPARATORS = (",", ";", "/", " - ", " \u2013 ")
# Two semicolons may well become a comma and a word.
_CLAUSES = 3
_CLAUSE_END = re.compile(r"[;.!?:]")
# What cannot be the end.
_OPEN = re.compile(r"[,:;(\u2013-]\s*$")
_SEPARATOR = re.compile(r"(?:(?<!\s)\s++)?[,;/]\s+|(?<=[^\W\d])/(?=[^\W\d])|\s[-–]\s")
# Translations from German into English have 0.7 to 1.4 times the characters of their source; of 10,000 sentences of the
# test sets none that is right lies outside these bounds. Very short sentences vary more and are left alone.
_SHORTEST, _LONGEST, _MIN_CHARACTERS = 0.4, 2.5, 40
# Longer ones vary less: of 706 translations of them 8 had less than this, and each had left something out.
_LONG, _SHORT = 80, 0.6
# Of 2,000 ordinary sentences 11 of more than a few words lost half of their length, and 26 a third where the model was none
# too sure of itself: all but one had left something out.
_WORDS, _HALF, _THIRD, _DOUBTFUL = 20, 0.5, 0.65, -0.8
# "Hallo Welt!" that is "Hello!": of the same sentences one of two or three words became so short, and had lost one.
_GREETING, _FEW = 8, (2, 3)
# The mean log-probability of tokens. Of 2,000 ordinary sentences 44 were made again because the first try was wrong, and had
# less than the mean of all; hardly one of them can be understood. To be unsure at once is a matter of confidence.
_UNSURE = -0.7

UNSURE = "unsure"
# Of the sentences of two books, a law and the news, a search that makes repetition dear mended four of five of those that
# go round, and one of six that had lost something; in pieces one of two of these is right.
_SEARCHING = frozenset(("capped", "empty", "kept", "length", "repetition"))
_SPLITTING = frozenset(("capped", "copy", "empty", "kept", "length", "numbers", "repetition"))


def reasons(source: str, hypothesis: Hypothesis, facts: Facts, *, again: bool = False) -> list[str]:
    """Return why a reader should check this translation; nothing if it looks right.

    `again`: it was made because the first one was wrong, so that the model has to be surer of it.
    """
    text, score = hypothesis.text, hypothesis.score
    if not text.strip():
        return ["empty"] if _LETTER.search(source) else []
    items = _items(source)
    # How long they are, and which signs they have, can only be compared in scripts that are alike.
    long_source, long_text = as_in_an_alphabet(source), as_in_an_alphabet(text)
    found = {
        "capped": hypothesis.capped,
        "repetition": _goes_round(source, text, items) or repetition.echoes(source, text),
        "short": _is_short(long_source, long_text, score)
        or _lost_items(long_source, long_text, _items(long_source))
        or _lost_clauses(long_source, long_text)
        or _lost_brackets(long_source, long_text)
        or dashes.lost(long_source, long_text),
        "length": len(long_source) >= _MIN_CHARACTERS
        and not _SHORTEST <= len(long_text) / len(long_source) <= _LONGEST,
        # What could not be read when a file was decoded is a letter of a word.
        "kept": missing(source, text) or text.count("\ufffd") < source.count("\ufffd"),
        "quotes": quotes.differ(source, text),
        "copy": _is_copy(source, text) or _is_half_copied(items, text),
        "numbers": bool(facts.lost(source, text)),
        UNSURE: again and score is not None and score < _UNSURE,
    }
    return [*(reason for reason, is_so in found.items() if is_so), *hypothesis.doubts]


def may_be_searched_again(source: str, text: str, found: Sequence[str]) -> bool:
    """Whether another search is worth its time, for these reasons."""
    return not _SEARCHING.isdisjoint(_severe(source, text, found))


def may_be_split(source: str, text: str, found: Sequence[str]) -> bool:
    """Whether a translation in smaller pieces may be better, for these reasons; what is only somewhat short is marked.

    Pieces of a short sentence say less than the whole did: of twelve of the Tatoeba test set that had become much shorter
    four were right, and one was better in pieces.
    """
    return not _SPLITTING.isdisjoint(_severe(source, text, found)) or (
        "short" in found and _is_cut(as_in_an_alphabet(source), as_in_an_alphabet(text))
    )


def _severe(source: str, text: str, found: Sequence[str]) -> set[str]:
    """Return the reasons without that of words which only echo."""
    only_echoes = "repetition" in found and not _goes_round(source, text, _items(source))
    return set(found) - ({"repetition"} if only_echoes else set())


def _is_copy(source: str, text: str) -> bool:
    """Whether many of the ordinary words of the source stand in the translation as they were.

    Only words in small letters count: names, titles and abbreviations may well stay.
    """
    words = _WORD.findall(source)
    copied = set(words).intersection(_WORD.findall(text))
    if len(copied) < _COPIED_WORDS:
        return False
    small = [word for word in words if len(word) > 1 and word.islower() and word.isalpha()]
    copied.intersection_update(small)
    return (
        len(small) >= _SMALL_WORDS
        and len(copied) >= _COPIED_WORDS
        and sum(word in copied for word in small) >= _COPIED_SHARE * len(small)
    )


def _is_half_copied(items: list[str], text: str) -> bool:
    """Whether of the items of a list some are translated, and some stand there as they were."""
    if not items:
        return False
    different = set(items)
    return 0 < len(different.intersection(_items(text))) <= len(different) / 2


def _is_short(source: str, text: str, score: float | None) -> bool:
    """Whether a sentence has become much shorter, ends before its last part, or names beside names were dropped."""
    share = len(text) / len(source)
    if len(source) >= _WORDS and (share < _HALF or (share < _THIRD and score is not None and score < _DOUBTFUL)):
        return True
    if _is_cut(source, text):
        return True
    if _OPEN.search(text) and not _OPEN.search(source):
        return True
    words, left = _WORD.findall(source) or [""], _WORD.findall(text)
    if len(source) >= _GREETING and len(words) in _FEW and len(left) < len(words) and share < _SHORT:
        return True
    return words[-1] not in left and len(left) < len(words) and set(left) <= set(words)


def _is_cut(source: str, text: str) -> bool:
    return len(source) >= _LONG and len(text) < _SHORT * len(source)


def _lost_brackets(source: str, text: str) -> bool:
    """Whether brackets were lost, or brackets or quotation marks that had each their other half have lost it."""
    if not _BRACKET.search(source):
        return False
    if any(text.count(bracket) < source.count(bracket) for bracket in "([{"):
        return True
    return _is_balanced(source) and not _is_balanced(text)


def _is_balanced(text: str) -> bool:
    return all(text.count(opening) == text.count(closing) for opening, closing in _PAIRS)


def _goes_round(source: str, text: str, items: list[str]) -> bool:
    """Whether words follow each other too often, or the items of a list do."""
    return repetition.differs(source, text) or (bool(items) and _doubled(_items(text)) > _doubled(items))


def _doubled(items: list[str]) -> int:
    """Return how many items begin as another one does: loops in lists vary their ends ("physics, physiists")."""
    return len(items) - len({item.casefold()[:_BEGINNING] for item in items})


def _lost_clauses(source: str, text: str) -> bool:
    """Whether of several clauses between semicolons one is not there, as another sentence or part of one either."""
    clauses = source.count(";")
    return clauses >= _CLAUSES and len(_CLAUSE_END.findall(text.rstrip(" .;"))) < clauses


def _lost_items(source: str, text: str, items: list[str]) -> bool:
    """Whether a list has fewer items than its source, or has lost one of their numbers."""
    markers = _MARKER.findall(source) if source.count(".") + source.count(")") >= _MARKERS else ()
    if len(markers) >= _MARKERS and set(markers) - set(_MARKER.findall(text)):
        return True
    return bool(items) and len(_SEPARATOR.split(text.strip(" .,;"))) < len(items)


def _items(text: str) -> list[str]:
    """Return the items of a sentence that is a list of short ones, and nothing for any other sentence."""
    if sum(map(text.count, _SEPARATORS)) < _LIST - 1:
        return []
    items = [item.strip() for item in _SEPARATOR.split(text.strip(" .,;"))]
    if len(items) < _LIST or sum(len(item.split()) for item in items) > _ITEM * len(items) or not all(items):
        return []
    return items
