"""Pairs from TMX, the form of translation memories."""

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from formats.text.catalogues.tmx import Segment, TmxReader
from trainer.pairs import Languages, Pair

_PIECE = 1 << 16


def read_tmx(file: BinaryIO, languages: Languages, part: str) -> Iterator[Pair]:
    """Yield the pairs of all units that have both languages, while the file is read; other languages are left out.

    `de-AT` serves `de` where a unit has no plain `de`. A segment that is longer than any sentence is left out. Raises
    `DocumentError` as `formats.text.catalogues.tmx.TmxReader` does, `ValueError` if there is no unit.
    """
    reader = TmxReader()
    units = False
    while True:
        piece = file.read(_PIECE)
        for unit in reader.feed(piece, last=not piece):
            units = True
            source = _chosen(unit.segments, languages.source, languages.matches_source)
            target = _chosen(unit.segments, languages.target, languages.matches_target)
            if source is not None and target is not None:
                yield Pair(source, target, part)
        if not piece:
            break
    if not units:
        raise ValueError("there is no unit (<tu>) in it; is it a TMX file?")


def _chosen(segments: Sequence[Segment], wanted: str, matches: Callable[[str], bool]) -> str | None:
    there = [(one.language, " ".join(one.text.split())) for one in segments if not one.too_long]
    exact = [text for language, text in there if language.lower().replace("_", "-") == wanted.lower()]
    near = [text for language, text in there if matches(language)]
    return next(iter(exact or near), None)
