"""How like sentences are, what they share, and what is different."""

import random
import re

import pytest

from pipeline.memory import grams
from pipeline.memory.digests import Keyring, normal
from pipeline.memory.likeness import LONGEST, difference, likest

WORDS = tuple(
    re.findall(
        r"\w+",
        "der die das und in von zu den mit sich Vertrag Mieter Kündigungsfrist Vermieter Wohnung zahlt endet 12 30",
    )
)


def test_sentences_that_differ_in_few_words_show_a_pair_in_common() -> None:
    chance = random.Random(1)
    for _ in range(3000):
        words = chance.choices(WORDS, k=chance.randint(2, 40))
        changed = list(words)
        for _ in range(chance.randint(1, max(1, len(words) // 4))):
            place = chance.randrange(len(changed))
            kind = chance.randrange(3)
            if kind == 0:
                changed[place] = chance.choice(["Nachbar", "Garten", "ist"])
            elif kind == 1 and len(changed) * 4 > len(words) * 3 + 4:
                del changed[place]
            else:
                changed.insert(place, "nicht")
            if sum(a != b for a, b in zip(words, changed, strict=False)) > len(words):
                break
        if abs(len(words) - len(changed)) > grams.allowed(min(len(words), len(changed))):
            continue
        one, other = (grams.shown(" ".join(text)) for text in (words, changed))
        assert set(one[0]) & set(other[0]), (words, changed)
        least, most = grams.sizes(len(changed))
        assert least <= len(words) <= most, (len(words), len(changed))


def test_a_sentence_shows_few_pairs_the_seldom_ones_first() -> None:
    pairs, size = grams.shown("Der Mieter zahlt die in der Anlage genannten Betriebskosten am 3. des Monats.")
    assert size == 13
    assert len(pairs) == 2 * grams.allowed(13) + 1
    assert pairs[0] == "genannte betriebs"
    assert "in der" not in pairs
    assert grams.shown("…") == ([], 0)
    assert grams.shown("wort " * 2000)[0] == []
    assert grams.words("第3条") == ["第", "0", "条"]


def test_what_is_found_is_of_one_memory() -> None:
    text = "Der Mieter zahlt die Miete."
    shown = [
        set(Keyring(owner, "de", target).shown(text)[0]) for owner, target in (("a", "en"), ("b", "en"), ("a", "fr"))
    ]
    assert not shown[0] & shown[1]
    assert not shown[0] & shown[2]
    assert set(Keyring("a", "de-AT", "en-US").shown(text)[0]) == shown[0]


def test_likeness_is_the_share_of_characters_that_stay() -> None:
    others = [
        "Der Vertrag endet am 30. Juni.",
        "Der Vertrag  endet am\n31. Mai.",
        "Ganz etwas anderes.",
        "Der Vertrag endet am 31. Mai",
    ]
    found = likest("Der Vertrag endet am 31. Mai.", others, 75)
    assert found == [(100, 1), (97, 3), (87, 0)]
    assert likest("x" * (LONGEST + 1), ["x" * (LONGEST + 1)], 75) == []
    assert likest("x", ["x" * (LONGEST + 1)], 0)[0][0] < 5


def test_almost_the_same_is_not_the_same() -> None:
    text = "a" * 999
    assert likest(text + "b", [text + "c"], 75) == [(99, 0)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Ja.", "Ja.", [("same", "Ja.")]),
        (
            "Der Vertrag endet am 30. Juni.",
            "Der Vertrag endet nicht am 31. Juni.",
            [
                ("same", "Der Vertrag endet "), ("added", "nicht "), ("same", "am "), ("removed", "30"), ("added", "31"),
                ("same", ". Juni."),
            ],
        ),
        ("alt", "", [("removed", "alt")]),
        ("", "neu", [("added", "neu")]),
        ("1.000,50 €", "1.000,75 €", [("removed", "1.000,50 "), ("added", "1.000,75 "), ("same", "€")]),
        (" Ja.", "Ja.", [("removed", " "), ("same", "Ja.")]),
    ],
)  # fmt: skip
def test_a_difference_is_told_by_words(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    pieces = [tuple(piece) for piece in difference(before, after)]
    assert pieces == expected
    assert "".join(text for change, text in pieces if change != "removed") == after
    assert normal("".join(text for change, text in pieces if change != "added")) == normal(before)
