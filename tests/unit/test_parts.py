"""Text into parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parts import PartCutter, cut
from tests.texts import CORNER_CASES, generated


@pytest.mark.parametrize("name", CORNER_CASES)
def test_parts_joined_are_the_text(name: str) -> None:
    text = CORNER_CASES[name]
    parts = cut(text)
    assert "".join(parts) == text
    assert all(len(part.encode()) <= 64 * 1024 for part in parts)


@given(st.lists(generated), st.integers(min_value=8, max_value=200))
def test_pieces_of_any_size_give_the_same_text(pieces: list[str], limit: int) -> None:
    cutter = PartCutter(limit)
    parts = [part for piece in pieces for part in cutter.feed(piece)] + cutter.finish()
    assert "".join(parts) == "".join(pieces)
    assert all(len(part.encode()) <= limit for part in parts)
    assert all(parts[:-1]), "only the last part may be empty"


def test_parts_end_at_paragraphs() -> None:
    paragraph = "Ein Satz.\nNoch einer, der weitergeht\nund endet.\n\n"
    for part in cut(paragraph * 4000)[:-1]:
        assert part.endswith("endet.\n\n")


def test_without_paragraphs_parts_end_with_sentences() -> None:
    for part in cut("Dies ist ein Satz ohne Zeilenumbruch. " * 5000)[:-1]:
        assert part.endswith("Zeilenumbruch. ")


@pytest.mark.parametrize("pair", ["\r\n", "e\u0301", "👍🏽", "a\u200db"])
@pytest.mark.parametrize("filler", range(3))
def test_what_a_reader_sees_as_one_character_is_not_parted(pair: str, filler: int) -> None:
    place = 0
    for part in cut("x" * filler + pair * 30_000)[:-1]:
        place += len(part)
        assert (place - filler) % len(pair) == 0


@pytest.mark.parametrize("fence", ["```", "~~~~", "   ```"])
def test_program_text_goes_to_the_next_part_rather_than_into_two(fence: str) -> None:
    prose = "Ein Absatz mit einem Satz.\n\n" * 60
    code = f"{fence}python\n" + "wert = 1\n\n" * 60 + f"{fence}\n"
    text = (prose + code) * 10
    for part in cut(text, limit=4000):
        assert sum(line.strip() == fence.strip() for line in part.splitlines()) == part.count("python")


def test_a_fence_that_is_longer_than_a_part_is_cut() -> None:
    parts = cut("```\n" + "wert = 1\n\n" * 1000, limit=2000)
    assert max(map(len, parts)) > 1000
