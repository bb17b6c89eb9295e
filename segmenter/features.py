"""What the model is told about a candidate: the words around it, their shape, and what stands between them.

The features and the tokens are part of the model: change them and it has to be trained again (`training/`).
"""

import re
from collections.abc import Mapping

from segmenter.abbreviations import kind_of
from segmenter.candidates import Candidate
from segmenter.names import is_given

_ROMAN = re.compile(r"[IVXLCDM]+")
_OPENING = "(„\"»«‚'“‘\u203a\u2039[¿¡*_"
_CLOSING = "\"“”»«\u203a\u2039’‘')]}*_,;%°€$"
_MARKS = re.compile(r"[^\w\s]{0,8}+\s?")
_WORD = re.compile(r"\w+(?:['’-]\w+)*+")
# Characters that are looked at on either side.
_BEFORE, _AFTER = 50, 60


def features(text: str, candidate: Candidate, lexicon: Mapping[str, str]) -> list[str]:
    """Return the features of a candidate.

    `lexicon` says of a word with one letter how it is written inside of a sentence, with a second how often it ends one.
    """
    stop = _kind_of_stop(candidate.stop)
    closing = candidate.closing[:2]
    gap = _kind_of_gap(candidate.gap)

    before = text[max(0, candidate.end - _BEFORE) : candidate.end]
    words = before.split()
    word, inner = _last(words[-1] if words else "")
    last = word.lower()
    shape = shape_of(word)
    earlier = words[-2].lstrip(_OPENING)[-20:] if len(words) > 1 else ""
    sooner = earlier.lower()
    shape_before = shape_of(earlier[:-1]) + earlier[-1] if earlier and not earlier[-1].isalnum() else shape_of(earlier)
    # The parts of `z. B.` belong together.
    abbreviation = (kind_of(sooner + last) if sooner[-1:] == "." else "") or kind_of(last)
    numbered = kind_of(sooner[:-1]) if sooner[-1:] == "." else ""
    known = lexicon.get(last, "?")
    usual, ends = known[0], known[1:]

    marks = _MARKS.match(text, candidate.place)
    opening = marks[0] if marks else ""
    begin = candidate.place + len(opening)
    opening = opening[:3]
    following = text[begin : begin + _AFTER].split(None, 2)
    found = _WORD.match(following[0]) if following else None
    second = following[1][:20] if len(following) > 1 else ""
    first = found[0][:25] if found else following[0][:3] if following else ""
    tail = following[0][found.end() : found.end() + 1] if found else ""
    next_word = first.lower()
    next_shape = shape_of(first)
    second_shape = shape_of(second.rstrip('.,;:!?"“”»«)'))
    case = next_shape + lexicon.get(next_word, "?")[0] if next_shape in _LETTERS else next_shape

    return [
        stop,
        f"{stop}|closing {closing}",
        f"{stop}|gap {gap}",
        f"gap {gap} {next_shape}",
        f"{stop}|behind {candidate.behind}",
        f"{stop}|last {last}",
        f"{stop}|shape {shape}",
        f"{stop}|length {min(len(word), 6)} {shape} {usual}",
        f"{stop}|inner {inner} {closing}",
        f"{stop}|ending {last[-3:]} {shape}",
        f"{stop}|before {sooner}",
        f"{stop}|shapes {shape_before} {shape}",
        f"words {sooner} {last}",
        f"{stop}|abbreviation {abbreviation} {case}",
        f"numbered {numbered} {shape} {case}",
        f"{stop}|next {next_word}",
        f"{stop}|case {case}",
        f"{stop}|tail {next_shape}{tail}",
        f"{stop}|opening {opening} {next_shape}",
        f"{stop}|next ending {next_word[-3:]} {next_shape}",
        f"second {second_shape} {case}",
        f"next two {next_word} {second.lower()}",
        f"{stop}|around {shape} {case}",
        f"{stop}|usual {usual} {shape} {case}",
        f"{stop}|last and case {last} {case}",
        f"{stop}|shape and next {shape} {next_word}",
        f"{stop}{closing}|case {case}",
        f"{stop}{closing}|next {next_word}",
        f"{stop}{closing}|opening {opening} {next_shape[:1]}",
        f"pair {last} {next_word}",
        f"shapes {shape_before} {shape} {case}",
        f"{stop}|gap {gap} {shape} {case}",
        f"around {shape} {case} {second_shape}",
        f"before {sooner} {shape} {next_shape}",
        f"{stop}|inner {inner} {case}",
        f"{stop}|small {before.islower()} {next_shape}",
        *([f"{stop}|ends {ends} {case}", f"{stop}|ends {ends} {next_shape}"] if ends else []),
        *([f"{stop}|named {shape} {case}", f"{stop}|named {shape} {next_word}"] if is_given(sooner) else []),
    ]


def shape_of(word: str) -> str:
    """Return the kind of a word: digits, one letter, capitals, Roman number and so on."""
    if not word:
        return "0"
    if word.isdigit():
        return f"d{len(word)}" if len(word) in (1, 2, 4) else "dn"
    if len(word) == 1:
        return "X" if word.isupper() else "x" if word.islower() else word
    if not word.isalpha():
        return _shape_of_mixed(word)
    if word.isupper():
        return "R" if _ROMAN.fullmatch(word) else "XX"
    # Names that begin with a small letter (eBay, macOS) stand where other names do.
    return "xx" if word.islower() else "Xx"


def _shape_of_mixed(word: str) -> str:
    if "." in word:
        return "1.2" if any(map(str.isdigit, word)) else "a.b"
    if word[-1].isdigit():
        return "w1"
    if word[-1].isalpha():
        return "1w" if word[0].isdigit() else "X-" if word[0].isupper() else "x-"
    return f"p{word[-1]}"


_LETTERS = frozenset(["X", "x", "Xx", "xx"])


def _last(word: str) -> tuple[str, str]:
    """Return the word before a stop without marks around it, and the mark that it ends with."""
    if not word or word[-1].isalnum():
        return word.lstrip(_OPENING)[-30:], ""
    return word.rstrip(_CLOSING).lstrip(_OPENING)[-30:] or word[-1], word[-1]


def _kind_of_stop(stop: str) -> str:
    if len(stop) < 2:
        return stop if stop in _STOPS else "☺"
    if stop[0] == ".":
        return ".." if len(stop) == 2 else "..."
    return "?!" if stop[0] in "!?" else stop[0] if stop[0] in _STOPS else "☺"


_STOPS = frozenset(["", ".", "!", "?", "…", ":", "。"])


def _kind_of_gap(gap: str) -> str:
    breaks = len(f"{gap}.".splitlines()) - 1
    return ("lines" if breaks > 1 else "line") if breaks else gap if len(gap) < 2 else "wide"
