"""Where sentences begin inside of the blocks that `blocks.py` found: what the model guessed, corrected.

A boundary is the position of the first character of a sentence, in code points. The text is that of the layout: as long as
the document's, without the marks of quoted mail. Line breaks are left in it; inside of a block each is a space to a reader.
Boundaries between blocks say nothing: the splitter asks for those inside of each block only.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable

from segmenter.abbreviations import ABBREVIATIONS, AFTER_ORDINAL, ENUMERATION_ENDS, OPENERS

_URL = re.compile(r"(?:https?://|www\.)[^\s<>„“\"»«]+")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+")
_BREAKS = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
# After a line that ends as sentences do, unless the next one begins with a small letter.
_LINE_END = re.compile(rf"(?<=[.!?…:])[^\S{_BREAKS}]*[{_BREAKS}]\s*(?=\S)")
_BREAK = re.compile(rf"[{_BREAKS}]")
_SPACE = re.compile(r"\s*")
_CLOSING = ",;.!?)]}…%"
_OPENING = '„»«"“‚([¿¡'
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
        self._urls = [match.span() for match in _URL.finditer(text)]
        if "@" in text:
            self._urls = sorted(self._urls + [match.span() for match in _EMAIL.finditer(text)])

    def find(self, guesses: Iterable[int]) -> list[int]:
        """Return the boundaries of the text."""
        places = {place for guess in guesses if (place := self._settle(guess)) is not None}
        places |= set(self._after_ended_lines())
        places |= set(self._after_missed_stops())
        places |= set(self._after_urls())
        places |= {match.end() for match in _IDEOGRAPHIC_STOP.finditer(self._text)}
        places = {place for place in places if not self._continues_quotation(place)}
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
        end = self._end_of_word_before(place)
        breaks = any(map(_BREAK.match, text[end:place]))
        if not breaks and self._is_abbreviation(place):
            return None
        before = text[max(0, end - 2) : end]
        if before.endswith((",", ";", "--", " -", " –", " —")) or (breaks and not before.endswith(_ENDS_SENTENCE)):
            return None
        return place

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

    def _after_ended_lines(self) -> Iterable[int]:
        """Yield line starts after a full stop: writers who wrap by hand begin a sentence on a new line."""
        for match in _LINE_END.finditer(self._text):
            word = self._word_before(match.end())
            if not self._text[match.end()].islower() and word not in ABBREVIATIONS and not _ORDINAL.fullmatch(word):
                yield match.end()

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
