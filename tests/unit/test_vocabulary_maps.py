"""Vocabulary maps: which pieces are weighed for a sentence, and the command that makes them."""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner

from pipeline.errors import SetupError
from translator import mapping
from translator.models.commands import app
from translator.models.folder import DEFAULT, read

WORDS = ("der", "die", "Haus", "Katze", "Katzen", "the", "house", "cat", "cats", "x", "y")


class Vocabulary:
    """One whose pieces are words, numbered in another order than the model lists them."""

    def id_to_piece(self, number: int) -> str:
        return ("<s>", *reversed(WORDS))[number]

    def get_piece_size(self) -> int:
        return len(WORDS) + 1

    def encode(self, texts: Iterable[str], out_type: type[int]) -> list[list[int]]:
        del out_type
        return [[len(WORDS) - WORDS.index(word) for word in text.split()] for text in texts]


def side(*texts: str) -> mapping.Side:
    return mapping.Side(Vocabulary(), WORDS, texts)


def lines_of(pairs: Sequence[tuple[str, str]], always: int, sources: int = 9) -> list[str]:
    source, target = (side(*texts) for texts in zip(*pairs, strict=True))
    return list(mapping.lines(source, target, always, sources))


PAIRS = [
    ("der Katze", "the cat"),
    ("die Katze", "the cat"),
    ("die Katzen", "the cats"),
    ("der Katzen", "the cats"),
    ("die Haus", "the house"),
    ("der", "the"),
    ("die", "the"),
]


def test_what_comes_often_is_always_weighed_and_the_rest_where_a_piece_stands_of_which_it_comes() -> None:
    always, *others = lines_of(PAIRS, always=1)
    assert always == "\tthe x y"
    found = dict(line.split("\t") for line in others)
    assert "cat" in found["Katze"].split()
    assert "cats" in found["Katzen"].split()
    assert "house" in found["Haus"].split()


def test_what_stands_in_all_sentences_explains_little() -> None:
    found = dict(line.split("\t") for line in lines_of(PAIRS, always=1, sources=1))
    assert found["Katze"] == "Katze cat"
    assert found["die"] == "die"


def test_a_piece_may_be_copied_and_what_never_came_is_weighed_only_then() -> None:
    always, *others = lines_of([("Haus Haus", "Haus")], always=9)
    assert always == "\tHaus x y"
    assert "Katze\tKatze" in others
    assert not any("cat" in line.split("\t")[1].split() for line in others if line.split("\t")[0] != "cat")


def test_texts_without_a_known_piece_are_passed_over() -> None:
    source = side("der", "", "die")
    pieces, texts = source.of([0, 1, 2])
    assert (pieces.tolist(), texts.tolist()) == ([0, 1], [0, 2])
    unlisted = mapping.Side(Vocabulary(), WORDS[:3], ["der Katze"])
    assert unlisted.of([0])[0].tolist() == [0]
    assert mapping.made_of(np.array([], int), np.array([], int), unlisted.counts) == []


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder of models with the bundled one, without its map."""
    shutil.copytree(DEFAULT / "de-en", tmp_path / "de-en")
    return tmp_path


def test_the_command_writes_a_map_beside_the_weights(model: Path, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("Die Katze schläft.\tThe cat is asleep.\nDas Haus ist alt.\tThe house is old.\n", encoding="utf-8")
    result = CliRunner().invoke(
        app, ["map", "de-en-tiny", str(pairs), "--models", str(model), "--always", "4", "--sources", "3"]
    )
    assert result.exit_code == 0, result.output
    assert "vocabulary_map" in result.output
    path = model / "de-en" / "ctranslate2" / mapping.FILE
    always, *others = path.read_text(encoding="utf-8").splitlines()
    assert "\u2581The" in always.split("\t")[1].split(" ")
    assert dict(line.split("\t") for line in others)["\u2581Haus"].split(" ")
    assert [one.name for one in path.parent.glob(".*")] == []
    assert not msgspec.json.decode((model / "de-en" / "model.json").read_bytes()).get("files")


def test_without_pairs_there_is_no_map(model: Path) -> None:
    with pytest.raises(SetupError, match="needs sentences"):
        mapping.write(read(model / "de-en" / "model.json"), [], 10, 1)
