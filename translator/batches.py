"""Sentences into batches."""

from collections.abc import Hashable, Sequence

from translator.engines import Tokens


def cut(sentences: Sequence[Tokens], batch_tokens: int) -> list[list[int]]:
    """Return batches of positions in `sentences`, alike in length, of at most `batch_tokens` tokens with padding.

    The longest come first, so that no long batch is left for the end, when other workers have nothing to do. A sentence
    that is longer than a batch is a batch alone.
    """
    batches: list[list[int]] = []
    current: list[int] = []
    width = 0
    for position in sorted(range(len(sentences)), key=lambda place: len(sentences[place]), reverse=True):
        if current and width * (len(current) + 1) > batch_tokens:
            batches.append(current)
            current = []
        if not current:
            width = len(sentences[position])
        current.append(position)
    return [*batches, current] if current else batches


def dealt(batch: Sequence[int], count: int) -> list[list[int]]:
    """Return a batch, the longest first, as up to `count` batches that take about as long as each other."""
    return [list(batch[first::count]) for first in range(min(count, len(batch)))]


def cut_in_order(sentences: Sequence[Tokens], texts: Sequence[Hashable], batch_tokens: int) -> list[list[int]]:
    """Return batches of positions in their order, each of one text and of at most `batch_tokens` tokens together.

    For engines that read a batch as a text. A sentence that is longer than a batch is a batch alone.
    """
    batches: list[list[int]] = []
    size = 0
    for position, (tokens, text) in enumerate(zip(sentences, texts, strict=True)):
        size += len(tokens)
        if not batches or texts[batches[-1][0]] != text or size > batch_tokens:
            batches.append([])
            size = len(tokens)
        batches[-1].append(position)
    return batches
