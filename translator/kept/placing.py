"""Marks back into a translated sentence: each at the words that were made from those at which it stood."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.alignment import Span, corresponding, words
from translator.attention import Attention
from translator.kept.masks import Masked
from translator.kept.names import CODE

# No sentence has more; what has is a list or hostile, and the time must not grow with marks times words.
_MOST_WORDS, _MOST_MARKS = 800, 100
_NOISE = 0.01
# A word at the edge of a stretch belongs to it if a third of it was made from it.
_SHARE = 1 / 3

_BEFORE, _AFTER = 1, 0
# Languages write them in different ways.
_QUOTES = frozenset("\"'“”„‚‘’«»\u2039\u203a")


@dataclass(frozen=True, slots=True)
class _Sides:
    """A source and its translation, their words, and how much of each word was made from which."""

    source: str
    target: str
    source_words: list[Span]
    target_words: list[Span]
    made_of: list[dict[int, float]]


def place(translation: str, masked: Masked, attentions: Sequence[Attention | None]) -> str:
    """Return the translation of a masked text with the characters of its marks.

    Each is there once, and stretches stay nested. `attentions` are those of the pieces of the text, in order; without one
    words are taken to stand as far into the translation as into the source.
    """
    if not masked.places:
        return translation
    source_words, target_words = words(masked.text), words(translation)
    sides = _Sides(masked.text, translation, source_words, target_words, [])
    if not any(map(str.isalnum, translation)):
        return translation + "".join(character for _, character in masked.places)
    source_texts = [masked.text[start:end] for start, end in source_words]
    target_texts = [translation[start:end] for start, end in target_words]
    sides.made_of.extend(_links(source_texts, target_texts, attentions))
    short = len(masked.places) <= _MOST_MARKS and max(len(source_words), len(target_words)) <= _MOST_WORDS
    aligned = _aligned(sides, masked) if short else None
    return _inserted(translation, aligned or _in_order(sides, masked))


def _links(source: list[str], target: list[str], attentions: Sequence[Attention | None]) -> list[dict[int, float]]:
    """Return for each word of the translation how much of it was made from which words of the source."""
    seen = [one for one in attentions if one is not None]
    made_of = _seen(source, target, seen) if len(seen) == len(attentions) else []
    if not any(made_of):
        steps = (len(source) - 1) / max(1, len(target) - 1)
        made_of = [{round(number * steps): 1.0} for number in range(len(target))]
    # Names stand for the same on both sides.
    for number, word in enumerate(target[:_MOST_WORDS]):
        if CODE.fullmatch(word) and source.count(word) == target.count(word) == 1:
            made_of[number] = {source.index(word): 1.0}
    return made_of


def _seen(source: list[str], target: list[str], attentions: Sequence[Attention]) -> list[dict[int, float]]:
    made_of: list[dict[int, float]] = [{} for _ in target]
    read: list[str] = []
    written: list[str] = []
    rows: list[dict[int, float]] = []
    for one in attentions:
        rows += (
            {len(read) + place: weight for place, weight in enumerate(row) if weight > _NOISE} for row in one.weights
        )
        read += (one.source[start:end] for start, end in words(one.source))
        written += (one.target[start:end] for start, end in words(one.target))
    of_source, of_target = _same(read, source), _same(written, target)
    for number, row in enumerate(rows):
        if number in of_target:
            mine = made_of[of_target[number]]
            for place, weight in row.items():
                if place in of_source:
                    mine[of_source[place]] = mine.get(of_source[place], 0.0) + weight
    return made_of


def _same(own: list[str], whole: list[str]) -> dict[int, int]:
    """Return which word of a text each word of its pieces is."""
    ranges = corresponding([one.casefold() for one in own], [one.casefold() for one in whole])
    return {number: first for number, (first, last) in enumerate(ranges) if first < last}


def _aligned(sides: _Sides, masked: Masked) -> list[tuple[int, int, int, str]] | None:
    """Return where each mark goes (position, side, number, character), by alignment; None if stretches would cross."""
    at = {character: position for position, character in masked.places}
    order = {character: number for number, (_, character) in enumerate(masked.places)}
    closing: set[str] = set()
    spans: dict[str, Span] = {}
    found: list[tuple[int, int, int, str]] = []
    # From the inside to the outside.
    for start, character in reversed(masked.places):
        partner = masked.marks[character].partner
        if partner is None or partner not in at:
            continue
        span = _stretch(sides, start, at[partner])
        if span is None:
            continue
        closing.add(partner)
        within = [one for other, one in spans.items() if order[character] < order[other] < order[partner]]
        first, last = min([span[0], *(one[0] for one in within)]), max([span[1], *(one[1] for one in within)])
        spans[character] = first, last
        found += ((first, _BEFORE, order[character], character), (last, _AFTER, order[partner], partner))
    # A stretch around a mere sign stands at one place, with all that is in it.
    point, until = (0, _AFTER), -1
    for position, character in masked.places:
        if character not in spans and character not in closing:
            if order[character] > until:
                point, until = _point(sides, position), order.get(masked.marks[character].partner or "", -1)
            found.append((*point, order[character], character))
    found.sort()
    opened: list[str] = []
    for _, _, _, character in found:
        if character in spans:
            opened.append(character)
        elif character in closing and masked.marks[opened.pop()].partner != character:
            return None
    return found


def _in_order(sides: _Sides, masked: Masked) -> list[tuple[int, int, int, str]]:
    """Return where each mark goes, in the order in which they stood: as far into the translation as into the source."""
    starts, ends = [start for start, _ in sides.target_words], [end for _, end in sides.target_words]
    found: list[tuple[int, int, int, str]] = []
    last = 0
    for number, (position, character) in enumerate(masked.places):
        kind = masked.marks[character].kind
        edges = starts if kind == "open" else ends
        aim = round(position * len(sides.target) / max(1, len(sides.source)))
        # A stretch has a word.
        first = bisect_left(edges, last + (kind == "close"))
        chosen = max(first, min(bisect_left(edges, aim), len(edges) - 1))
        last = 0 if position == 0 else edges[chosen] if chosen < len(edges) else len(sides.target)
        found.append((last, 0, number, character))
    return found


def _stretch(sides: _Sides, start: int, end: int) -> Span | None:
    """Return the part of the translation that was made from a part of the source; None if that has no words."""
    source, target = sides.source, sides.target
    mine = {number for number, (first, last) in enumerate(sides.source_words) if first < end and last > start}
    lettered = {number for number in mine if _has_letter(sides, number)}
    if not lettered:
        return None
    if not any(map(str.isalnum, source[:start])) and not any(map(str.isalnum, source[end:])):
        return _all(sides, start, end)
    inner = source[start:end].strip()
    if target.count(inner) == 1 and any(map(str.isalnum, inner)):
        first = target.index(inner)
        if (first, first + len(inner)) in _bounds(sides):
            return first, first + len(inner)
    run = _with_signs(sides, mine - lettered, _best_run(sides, lettered))
    first, last = sides.target_words[run[0]][0], sides.target_words[run[-1]][1]
    return first, last


def _best_run(sides: _Sides, mine: set[int]) -> list[int]:
    """Return the numbers of those words of the translation that were made from some of the source, without larger gaps."""
    mass = [sum(weight for place, weight in made.items() if place in mine) for made in sides.made_of]
    best = [max(made, key=made.__getitem__) if made else -1 for made in sides.made_of]
    runs: list[list[int]] = []
    for number, place in enumerate(best):
        if place in mine:
            if runs and number - runs[-1][-1] <= 2:
                runs[-1] += range(runs[-1][-1] + 1, number + 1)
            else:
                runs.append([number])
    words_only = [
        number
        for number, (start, end) in enumerate(sides.target_words)
        if any(map(str.isalnum, sides.target[start:end]))
    ]
    # Where its words were left out, a full stop may have been made from them.
    runs = [run for run in runs if not set(words_only).isdisjoint(run)]
    if not runs:
        if any(mass):
            return [max(words_only, key=mass.__getitem__)]
        share = min(mine) / max(1, len(sides.source_words) - 1)
        return [words_only[round(share * (len(words_only) - 1))]]
    run = max(runs, key=lambda one: sum(mass[number] for number in one))
    while len(run) > 1 and not _counts(sides, run[0], mass):
        run = run[1:]
    while len(run) > 1 and not _counts(sides, run[-1], mass):
        run = run[:-1]
    return run


def _with_signs(sides: _Sides, signs: set[int], run: list[int]) -> list[int]:
    """Return a run with those words beside it that are signs of the same part of the source: "€", quotation marks."""
    written = {sides.source[slice(*sides.source_words[number])] for number in signs}
    if written & _QUOTES:
        written |= _QUOTES
    while run[-1] + 1 < len(sides.target_words) and _written(sides, run[-1] + 1) in written:
        run = [*run, run[-1] + 1]
    while run[0] > 0 and _written(sides, run[0] - 1) in written:
        run = [run[0] - 1, *run]
    return run


def _written(sides: _Sides, number: int) -> str:
    start, end = sides.target_words[number]
    return sides.target[start:end]


def _counts(sides: _Sides, number: int, mass: Sequence[float]) -> bool:
    start, end = sides.target_words[number]
    return mass[number] >= _SHARE and any(map(str.isalnum, sides.target[start:end]))


def _all(sides: _Sides, start: int, end: int) -> Span:
    """Return all of the translation, without signs at its edges that stood outside in the source."""
    target = sides.target
    first, last = 0, len(target)
    for _ in sides.source[:start].strip():
        if _is_sign(target[first]):
            first += 1
    for _ in sides.source[end:].strip():
        if last - first > 1 and _is_sign(target[last - 1]):
            last -= 1
    first += len(target[first:last]) - len(target[first:last].lstrip())
    last -= len(target[first:last]) - len(target[first:last].rstrip())
    return first, last


def _point(sides: _Sides, position: int) -> tuple[int, int]:
    """Return where a mark at one place of the source goes, and on which side of what may stand there, too."""
    source, target = sides.source, sides.target
    if not any(map(str.isalnum, source[:position])):
        return (0 if not source[:position].strip() else _all(sides, position, len(source))[0]), _BEFORE
    if position == len(source):
        return len(target), _AFTER
    if not any(map(str.isalnum, source[position:])):
        return _all(sides, 0, position)[1], _AFTER
    behind = not source[position - 1].isspace()
    lettered = [number for number in range(len(sides.source_words)) if _has_letter(sides, number)]
    if behind:
        word = max(number for number in lettered if sides.source_words[number][0] < position)
        end = sides.target_words[_made_from(sides, word)][1]
        # A sign between the word and the mark stays before the mark.
        signs = source[sides.source_words[word][1] : position].strip()
        while signs and end < len(target) and _is_sign(target[end]):
            signs, end = signs[1:], end + 1
        return end, _AFTER
    word = min(number for number in lettered if sides.source_words[number][1] > position)
    return sides.target_words[_made_from(sides, word)][0], _BEFORE


def _made_from(sides: _Sides, word: int) -> int:
    """Return which word of the translation was made from a word of the source most."""
    return _best_run(sides, {word})[-1]


def _has_letter(sides: _Sides, number: int) -> bool:
    start, end = sides.source_words[number]
    return any(map(str.isalnum, sides.source[start:end]))


def _bounds(sides: _Sides) -> set[Span]:
    """Return all stretches from the beginning of a word to the end of one that are as long as a few words."""
    found: set[Span] = set()
    for number, (start, _) in enumerate(sides.target_words):
        found.update((start, end) for _, end in sides.target_words[number : number + 8])
    return found


def _is_sign(character: str) -> bool:
    return not character.isalnum() and not character.isspace()


def _inserted(translation: str, places: Sequence[tuple[int, int, int, str]]) -> str:
    at: dict[int, list[str]] = defaultdict(list)
    for position, _, _, character in places:
        at[position].append(character)
    out: list[str] = []
    last = 0
    for position in sorted(at):
        out += (translation[last:position], *at[position])
        last = position
    return "".join((*out, translation[last:]))
