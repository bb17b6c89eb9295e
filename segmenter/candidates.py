"""Places where a sentence may begin.

Few places in a text are candidates: after punctuation that can end a sentence, and before a word with a capital letter that
is written small as a rule, where somebody left the full stop out. Only they are looked at any closer.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from segmenter.abbreviations import kind_of

_CLOSING = "\"“”»«\u203a\u2039’‘'\u00b4`)\\]}*_"
_PICTURES = "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u200d\ufe0f"
# A full stop or the like, what closes behind it, then pictures, smileys, numbers of notes; then white space or, where
# somebody forgot it, a word with a capital letter. Possessive, and begun at the first of several only, so that a run of
# whatever is read once.
_STOP = re.compile(
    rf"""(?x)
    (?: (?P<stop>[.!?…](?<![.!?…].)[.!?…]*+ | :(?=[^\S\n]*+\n)
          | [{_PICTURES}](?<![{_PICTURES}].)[{_PICTURES}]*+(?=[)\]"“»]?\s))
        (?P<closing>[{_CLOSING}]*+(?:[\ \xa0\u202f][»”](?!\S))?+)
        (?:</[a-zA-Z][\w:-]{{0,20}}>|\[/[a-z]{{1,10}}\]){{0,6}}+
        (?P<behind>(?:(?:\ ?(?:[{_PICTURES}]++ | [:;]-?[)(DP](?!\w) | [¹²³⁰⁴-⁹]++
          | \[\d{{1,3}}(?:[,–-]\ ?\d{{1,3}}){{0,5}}+\]
        )){{1,4}}+[{_CLOSING}]*+)?+)
        (?: (?P<gap>\s++)(?=\S) | (?<=[a-zß-ÿ]{{2}}[.!?…])(?=[„"»“(‚]?[A-ZÀ-Þ][a-zß-ÿ\ ]) )
      | [。！？](?<![。！？].)[。！？]*+[」』”）]*+\s*+(?=\S) )"""  # noqa: RUF001 (full-width punctuation is meant)
)
_CAPITAL = re.compile(r"\s([A-ZÀ-Þ][a-zß-ÿ]*+)(?=[\s,])")
# What never begins a sentence: closing marks, and a dash with a small letter behind it.
_GOES_ON = re.compile(r"[,;!?)\]}…%:]|\.(?!\.\.)|[-–—]{1,4}\ {1,8}[a-zäöüß]")
# A word with one of these is an address or a file, and a full stop in it is a part of it.
_INSIDE_ADDRESS = re.compile(r"[@/\\#_.:]")
# Kinds of abbreviations that a sentence goes on behind, and the characters of one that are looked at.
_BEFORE_SMALL, _LONGEST = ("title", "numbered", "within"), 30
# Characters of a run of white space that are kept.
_GAP = 8


class Candidate(NamedTuple):
    """A place where a sentence may begin.

    `place` is that of its first character; `end` is where the word before ends, `stop` what ends it (empty if nothing
    does), `closing` the marks that close behind that, `behind` whether pictures or notes follow, `gap` the white space.
    """

    place: int
    end: int
    stop: str
    closing: str
    behind: bool
    gap: str


def find(text: str, lexicon: Mapping[str, str], kinds: str) -> Iterator[Candidate]:
    """Yield the candidates of `text` in order.

    `kinds`: those of the words that begin one without a stop before them, by the first letter of what `lexicon` has for
    them; `?` is a word that it does not have.
    """
    unmarked = _without_stop(text, lexicon, kinds)
    missing = next(unmarked, None)
    for match in _STOP.finditer(text):
        place = match.end()
        while missing and missing.place < place:
            yield missing
            missing = next(unmarked, None)
        if missing and missing.place == place:
            missing = next(unmarked, None)
        stop, closing, behind, gap = match.groups("")
        # "Karl-Marx-Str. und", "Mitarb. im": an abbreviation before a small letter is no end.
        if stop == "." and text[place].islower() and _is_abbreviated(text, match.start()):
            continue
        # What was said goes on in small letters: »Wohin?« fragte er.
        if (closing and text[place].islower()) or ("\n" not in gap and _GOES_ON.match(text, place)):
            continue
        if not gap and stop and _INSIDE_ADDRESS.search(text[max(0, place - 40) : match.start()].rsplit(maxsplit=1)[-1]):
            continue
        yield Candidate(place, match.start(), stop or "。", closing, bool(behind), gap[:_GAP])
    if missing:
        yield missing
    yield from unmarked


def _is_abbreviated(text: str, end: int) -> bool:
    words = text[max(0, end - _LONGEST) : end].split()
    # "es" and "me" are words, too.
    return bool(words) and not words[-1].islower() and kind_of(words[-1].rpartition("-")[2].lower()) in _BEFORE_SMALL


def _without_stop(text: str, lexicon: Mapping[str, str], kinds: str) -> Iterator[Candidate]:
    for match in _CAPITAL.finditer(text):
        if lexicon.get(match[1].lower(), "?")[0] not in kinds:
            continue
        start = match.start()
        place = start + 1
        while start and text[start - 1].isspace() and place - start < _GAP:
            start -= 1
        before = text[start - 1 : start]
        if before.isalnum() or before in _CLOSING:
            closing = "" if before.isalnum() else before
            yield Candidate(place, start - len(closing), "", closing, False, text[start:place])
