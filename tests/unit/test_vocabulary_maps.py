"""The maps that benchmarks make: which pieces may come of which."""

import numpy as np
import pytest

from benchmarks import mapping


def test_what_stands_beside_each_other_most_often_belongs_together() -> None:
    """Piece 0 stands with 3, 1 with 4, and 2, which stands everywhere, with 5."""
    sides = [([0, 2], [3, 5]), ([1, 2], [4, 5]), ([2], [5]), ([0, 1], [3, 4])]
    counts = mapping.aligned([(np.array(source), np.array(target)) for source, target in sides], 6)
    assert counts.argmax(1)[:3].tolist() == [3, 4, 5]
    assert counts.sum() == np.float32(7)


def test_a_map_has_what_comes_of_a_piece_the_piece_itself_and_all_single_characters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mapping, "_ALWAYS", 1)
    monkeypatch.setattr(mapping, "_OF_EACH", 2)
    monkeypatch.setattr(mapping, "_BACK", 1)
    names = ["\u2581the", "\u2581house", "\u2581Haus", "x", "\u2581x", "\u2581never"]
    counts = np.zeros((6, 6), np.float32)
    counts[2, 1] = 5
    lines = list(mapping._lines(counts, np.array([9, 1, 1, 1, 1, 0]), names))
    assert lines[0] == "\t\u2581the x \u2581x"
    assert "\u2581Haus\t\u2581house \u2581Haus" in lines
    assert "\u2581never\t\u2581never" in lines
