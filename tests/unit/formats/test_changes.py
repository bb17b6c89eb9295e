"""How far is looked for a first change, and what is kept meanwhile."""

from collections.abc import Iterator

import pytest

from formats.changes import changes
from formats.document import Piece, Translated


def same(text: str) -> Translated:
    return Translated([Piece(text, None)])


OTHER = Translated([Piece("eins", "one")])


@pytest.mark.parametrize("before", [0, 1, 100])
def test_a_change_is_found_and_nothing_is_left_out(before: int) -> None:
    given = [same("x")] * before + [OTHER, same("y")]
    named, texts = changes(iter(given))
    assert named
    assert list(texts) == given


def test_without_a_change_all_is_there() -> None:
    given = [same(str(number)) for number in range(5000)]
    named, texts = changes(iter(given))
    assert not named
    assert list(texts) == given


@pytest.mark.parametrize(("size", "most"), [(1, 2000), (50_000, 8)])
def test_what_is_kept_is_bounded_by_texts_and_by_characters(size: int, most: int) -> None:
    taken = [0]

    def texts() -> Iterator[Translated]:
        for _ in range(10_000):
            taken[0] += 1
            yield same("x" * size)

    changes(texts())
    assert taken[0] == most
