"""What a model looked at while it made each word: its attention, by words instead of the model's own pieces."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.alignment import Span, words


@dataclass(frozen=True, slots=True)
class Attention:
    """How much of each word of a translation was made from each word of its source.

    Words are those of `pipeline.alignment.words`; a sign of punctuation is one of its own. Names that stand for what is
    kept (X1) are words like any other.
    """

    source: str
    """The sentence as the model read it; its tokens may write some characters in another way than the text given to it."""
    target: str
    """The translation as the model wrote it, before anything was done to it."""
    weights: tuple[tuple[float, ...], ...]
    """A row for each word of `target` with a number, 0 to 1, for each word of `source`.

    A row's sum is at most 1; what is missing went to the end mark.
    """

    def made_of(self) -> list[int | None]:
        """Return for each word of `target` the number of the word of `source` that it was made from most."""
        return [largest(row) for row in self.weights]

    def became(self) -> list[int | None]:
        """Return for each word of `source` the number of the word of `target` that was made from it most."""
        return [largest([row[place] for row in self.weights]) for place in range(len(words(self.source)))]

    def coverage(self) -> list[float]:
        """Return for each word of `source` how much was made from it, in words of `target`.

        A word that was left out has little more than nothing; so may have one that the translation needs no word for
        (an article), and most signs.
        """
        return [sum(row[place] for row in self.weights) for place in range(len(words(self.source)))]


def from_pieces(source: Sequence[str], target: Sequence[str], rows: Sequence[Sequence[float]]) -> Attention:
    """Return the attention by words from one by pieces.

    Joined, the pieces are the texts, but for space at their beginnings and ends; marks that are no text are empty. `rows`
    has a row for each piece of the target with a number for each piece of the source; of a word's pieces the numbers are
    added up in the source, and the mean is taken in the target.
    """
    source_text, source_words = _by_words(source)
    target_text, target_words = _by_words(target)
    weights = []
    for pieces in target_words:
        # A word has a piece, and none is shared out here: a piece with two words counts for each.
        mine = [rows[piece] for piece, _ in pieces]
        weights.append(
            tuple(
                round(sum(row[piece] * share for row in mine for piece, share in parts) / len(mine), 4)
                for parts in source_words
            )
        )
    return Attention(source_text, target_text, tuple(weights))


def joined(parts: Sequence[Attention]) -> Attention:
    """Return the attention of texts that were translated each alone, as one; between them is a space."""
    sizes = [len(words(part.source)) for part in parts]
    total, before = sum(sizes), 0
    rows: list[tuple[float, ...]] = []
    for part, size in zip(parts, sizes, strict=True):
        rows += [(0.0,) * before + row + (0.0,) * (total - before - size) for row in part.weights]
        before += size
    return Attention(" ".join(part.source for part in parts), " ".join(part.target for part in parts), tuple(rows))


def of_itself(text: str) -> Attention:
    """Return the attention of a text that stays as it is."""
    count = len(words(text))
    return Attention(text, text, tuple(tuple(float(row == place) for place in range(count)) for row in range(count)))


def _by_words(pieces: Sequence[str]) -> tuple[str, list[list[tuple[int, float]]]]:
    """Return the text of the pieces, and for each of its words its pieces, with the share of each that is the word's."""
    text = "".join(pieces)
    margin = len(text) - len(text.lstrip())
    text = text.strip()
    spans: list[Span] = []
    position = -margin
    for piece in pieces:
        spans.append((position, position + len(piece)))
        position += len(piece)
    found: list[list[tuple[int, float]]] = []
    first = 0
    for start, end in words(text):
        while spans[first][1] <= start:
            first += 1
        mine = []
        for number in range(first, len(spans)):
            left, right = spans[number]
            if left >= end:
                break
            if right > left:
                length = len(text[max(0, left) : right].strip()) or 1
                mine.append((number, (min(right, end) - max(left, start)) / length))
        found.append(mine)
    return text, found


def largest(numbers: Sequence[float]) -> int | None:
    """Return the place of the largest number, the first of equal ones; None if all are 0."""
    best = max(range(len(numbers)), key=numbers.__getitem__, default=None)
    return best if best is not None and numbers[best] > 0 else None
