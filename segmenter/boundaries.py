"""Where sentences begin: what the model found, corrected by what a reader sees in the layout.

A boundary is the position of the first character of a sentence, in code points.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable

from segmenter.abbreviations import ABBREVIATIONS, AFTER_ORDINAL, ENUMERATION_ENDS, OPENERS
from segmenter.lines import Lines

_URL = re.compile(r"(?:https?://|www\.)[^\s<>„“\"»«]+")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+")
_LINE_BREAK = re.compile(r"\r?\n[^\S\n]*(?=\S)")
# Between two cells. Possessive, so that empty cells at the end of a row are looked at once.
_TAB = re.compile(r"(?<=\S)(?= *+\t)[ \t]++(?=\S)")
_BULLETS = "-*•–—‣▪☐✓·"
# What stands before an item: a number, a letter in brackets, a Roman number, a bullet, a Markdown heading or quotation;
# not the day of a date.
MARKER = re.compile(
    rf"""(?mx)^[^\S\n]*
    (?:(?:\(?\d{{1,3}}[.)](?![^\S\n]+(?:{"|".join(AFTER_ORDINAL)})\b)
         |\d{{1,3}}(?:\.\d{{1,3}})+[.)]?
         |\(?[a-zA-Z]\)
         |[IVX]{{1,4}}\.
         |\#{{1,6}}|>|[{_BULLETS}])
       [^\S\n]+(?=\S)){{1,3}}"""
)
_SPACE = re.compile(r"\s*")
_CLOSING = ",;.!?)]}…%"
_OPENING = '„»«"“‚([¿¡'
_ENDS_LINE = (".", "!", "?", ":", ";", "“", '"', ")", "…")
_ENDS_SENTENCE = (".", "!", "?", "…", ":", '"', "“", "”", "«", "»", "'", ")")
_ORDINAL = re.compile(r"\d{1,2}\.|[IVX]{1,5}\.")
_INITIAL = re.compile(r"[A-ZÄÖÜ]\.(?:-[A-ZÄÖÜ]\.)?")
_AFTER_ORDINAL = re.compile(rf"(?:{'|'.join(AFTER_ORDINAL)})\b")
_FULL_STOP = re.compile(r"(?<=[.!?])([\"“”«»)]?)[ \u00a0]+(?=[„\"»“(]?([A-ZÄÖÜ]\w*))")
_WORD_BEFORE_STOP = re.compile(r"[a-zäöüß]{3}[.!?]$|[!?]$")
_IDEOGRAPHIC_STOP = re.compile(r"[。！？]+[」』”）]*\s*(?=\S)")  # noqa: RUF001 (full-width punctuation is meant)
_QUOTED_QUESTION = re.compile(r"[!?…][\"“”«»'][ \u00a0]+$")


class Boundaries:
    """Corrects the boundaries that a model guessed in one text. `find` returns them sorted, without repetition."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = Lines(text)
        self._urls = [match.span() for match in _URL.finditer(text)]
        if "@" in text:
            self._urls = sorted(self._urls + [match.span() for match in _EMAIL.finditer(text)])
        markers = [match.span() for match in MARKER.finditer(text)]
        # Where an item begins, marker included, and where its text begins.
        self._items = {start + _indent(text, start): end for start, end in markers}

    def find(self, guesses: Iterable[int]) -> list[int]:
        """Return the boundaries of the text, the first sentence's included."""
        places = {place for guess in guesses if (place := self._settle(guess)) is not None}
        places |= set(self._line_starts())
        places |= set(self._after_missed_stops())
        places |= set(self._after_urls())
        places |= {match.end() for match in _TAB.finditer(self._text)}
        places |= {match.end() for match in _IDEOGRAPHIC_STOP.finditer(self._text)}
        places -= set(self._items.values())
        places = {place for place in places if not self._continues_quotation(place)}
        places.add(_indent(self._text, 0))
        return sorted(places)

    def _settle(self, guess: int) -> int | None:
        """Move a guess to where a reader would put it; None if no sentence can begin there."""
        text = self._text
        place = guess + _indent(text, guess)
        if not 0 < place < len(text) or self._is_inside_url(place):
            return None
        # Without white space only punctuation before a capital letter or a quotation mark ends a sentence.
        if not text[place - 1].isspace() and not (
            text[place - 1] in '.!?…"“”»:)' and (text[place].isupper() or text[place] in '„"»«')
        ):
            return None
        # An opening mark that was left at the end of the sentence before belongs to this one.
        while place > 1 and text[place - 1] in _OPENING and text[place - 2].isspace():
            place -= 1
        # Closing punctuation belongs to the sentence before.
        if text[place] in _CLOSING and not text.startswith((",,", "..."), place):
            return None
        breaks = text.count("\n", self._end_of_word_before(place), place)
        if breaks == 0 and self._is_abbreviation(place):
            return None
        if breaks < 2 and self._goes_on(place, breaks):
            return None
        return place

    def _goes_on(self, place: int, breaks: int) -> bool:
        """Whether the text before `place` shows that its sentence is not over."""
        end = self._end_of_word_before(place)
        before = self._text[max(0, end - 2) : end]
        if before.endswith((",", ";", "--", " -", " –", " —")) and place not in self._items:
            return True
        return breaks == 1 and self._lines.is_wrapped(place) and not before.endswith(_ENDS_SENTENCE)

    def _is_inside_url(self, place: int) -> bool:
        found = bisect_left(self._urls, (place, 0)) - 1
        return found >= 0 and place < self._urls[found][1]

    def _is_abbreviation(self, place: int) -> bool:
        """Whether the full stop before `place` belongs to an abbreviation, an initial or an ordinal number."""
        word = self._word_before(place)
        after = self._text[place]
        if word in ABBREVIATIONS:
            return True
        if _INITIAL.fullmatch(word):
            return after.isupper()
        return bool(_ORDINAL.fullmatch(word)) and (
            after.islower() or _AFTER_ORDINAL.match(self._text, place) is not None
        )

    def _line_starts(self) -> Iterable[int]:
        """Yield line starts at which a reader sees something new: paragraphs, items, headings, lines after a full stop."""
        text = self._text
        for match in _LINE_BREAK.finditer(text):
            place = match.end()
            line = self._lines.before(place)
            if not line.strip() or "\t" in line.lstrip():
                yield place  # after a blank line, or after a row of a table
            elif place in self._items:
                if text[place] in _BULLETS or line.endswith(_ENDS_LINE) or len(line) < 50:
                    yield place
            elif line.endswith((".", "!", "?", "…", ":")):
                word = line.rsplit(maxsplit=1)[-1]
                if not text[place].islower() and word not in ABBREVIATIONS and not _ORDINAL.fullmatch(word):
                    yield place
            elif _in_capitals(line) and not _in_capitals(text[place : place + 200].partition("\n")[0]):
                yield place

    def _after_missed_stops(self) -> Iterable[int]:
        """Yield places after a full stop that the model missed: the next word has its capital from a new sentence only."""
        for match in _FULL_STOP.finditer(self._text):
            if match[2] not in OPENERS:
                continue
            word = self._word_before(match.end()).rstrip('"“”«»)')
            if word in ENUMERATION_ENDS or (
                word not in ABBREVIATIONS and _WORD_BEFORE_STOP.search(word) and not match[1]
            ):
                yield match.end()

    def _after_urls(self) -> Iterable[int]:
        """Yield places after an address that took the full stop of its sentence with it."""
        for _, end in self._urls:
            gap = _indent(self._text, end)
            if self._text[end - 1] in ".!?" and gap and self._text[end + gap : end + gap + 1].isupper():
                yield end + gap

    def _continues_quotation(self, place: int) -> bool:
        """Whether the text goes on in lower case after a quoted question: »Wohin?« fragte er."""
        return self._text[place : place + 1].islower() and bool(
            _QUOTED_QUESTION.search(self._text, max(0, place - 6), place)
        )

    def _word_before(self, place: int) -> str:
        end = self._end_of_word_before(place)
        words = self._text[max(0, end - 60) : end].split()
        return words[-1].lstrip('(„"»«‚') if words else ""

    def _end_of_word_before(self, place: int) -> int:
        """Return where the white space before `place` begins; 60 characters of it are looked at."""
        return max(0, place - 60) + len(self._text[max(0, place - 60) : place].rstrip())


def _indent(text: str, start: int) -> int:
    """Return how many characters of white space stand at `start`."""
    match = _SPACE.match(text, start)
    return match.end() - start if match else 0


def _in_capitals(line: str) -> bool:
    line = line.strip()
    return line == line.upper() and re.search("[A-ZÄÖÜ]{3}", line) is not None
