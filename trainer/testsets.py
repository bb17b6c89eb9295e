"""Test sets: sentences with good translations."""

from pathlib import Path

from pipeline.errors import SetupError
from trainer.pairs import Languages, Pair
from trainer.plan import TestSet
from trainer.reading import read_pairs


def parse(text: str) -> TestSet:
    """Read `NAME=PAIRS.tsv` (or .tmx), or `NAME=SOURCES:TRANSLATIONS`. Raises `SetupError`."""
    name, equals, files = text.partition("=")
    found = files.split(":")
    if not equals or not name or not all(found) or len(found) > 2:
        raise SetupError(f"--test {text}: write NAME=PAIRS.tsv, NAME=PAIRS.tmx, or NAME=SOURCES:TRANSLATIONS")
    return TestSet(name, found)


def read_test(test: TestSet, languages: Languages) -> list[Pair]:
    """Return the pairs of a test set. Raises `SetupError`."""
    paths = [Path(file) for file in test.files]
    if len(paths) == 1:
        pairs = list(read_pairs(paths[0], languages))
    else:
        sources, targets = (_lines(path) for path in paths)
        if len(sources) != len(targets):
            raise SetupError(
                f"{paths[0]} has {len(sources)} lines and {paths[1]} has {len(targets)}; they must be as many"
            )
        pairs = [Pair(source, target, test.name) for source, target in zip(sources, targets, strict=True)]
    if not pairs:
        raise SetupError(f"the test set {test.name} has no pair of {languages.source} and {languages.target}")
    return pairs


def _lines(path: Path) -> list[str]:
    try:
        # Not splitlines: it would break lines at characters that stand inside of sentences.
        return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
