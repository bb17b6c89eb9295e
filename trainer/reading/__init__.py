"""Pairs of sentences from files: TSV and TMX, also compressed."""

from collections.abc import Iterator
from pathlib import Path

from formats.errors import DocumentError
from pipeline.errors import SetupError
from trainer.pairs import Languages, Pair
from trainer.reading.compression import opened, plain_name
from trainer.reading.tmx import read_tmx
from trainer.reading.tsv import read_tsv


def read_pairs(path: Path, languages: Languages) -> Iterator[Pair]:
    """Yield the pairs of a file, told by its name: `.tsv`, `.txt`, `.tmx`, and the same with `.gz` or `.xz` behind it.

    Raises `SetupError` that names the file, and the line where that is known.
    """
    name = plain_name(path)
    readers = {".tsv": read_tsv, ".txt": read_tsv, ".tmx": read_tmx}
    suffix = Path(name).suffix.lower()
    if suffix not in readers:
        raise SetupError(
            f"{path}: pairs are read from .tsv and .tmx files, also .gz and .xz; rename it, or export it so"
        )
    try:
        with opened(path) as file:
            yield from readers[suffix](file, languages, Path(name).stem)
    except (DocumentError, OSError, EOFError, ValueError) as error:
        raise SetupError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
