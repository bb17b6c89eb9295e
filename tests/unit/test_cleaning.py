"""Which pairs are trained on."""

from collections import Counter

import pytest

from pipeline.detection import Detector
from trainer.cleaning import Cleaner, teller
from trainer.pairs import Languages, Pair

LANGUAGES = Languages("de", "en")


def reasons(*pairs: tuple[str, str], cleaner: Cleaner | None = None) -> Counter[str]:
    cleaner = cleaner or Cleaner(LANGUAGES)
    list(cleaner.clean(Pair(source, target, "p") for source, target in pairs))
    return cleaner.dropped


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        (("", "Yes."), "empty"),
        (("Ja.", " \u00a0"), "empty"),
        (("x" * 1001, "y" * 900), "long"),
        (("Das ist ein Haus.", "This is a house, and it has many rooms, and a garden, and a cellar."), "ratio"),
        (("Das kostet f\ufffdnf Euro.", "That is five euros."), "broken"),
        (("Alles ist so, wie es gestern war.", "Alles ist so, wie es gestern war."), "copied"),
    ],
)
def test_what_teaches_nothing_is_left_out(pair: tuple[str, str], reason: str) -> None:
    assert reasons(pair) == {reason: 1}


@pytest.mark.parametrize(
    "pair",
    [
        ("Ja.", "Yes, I do."),
        ("Berlin", "Berlin"),
        ("Franz Kafka, Prag", "Franz Kafka, Prag"),
        ("2024", "2024"),
        ("Nö", "No way, José"),
    ],
)
def test_short_pairs_and_names_are_kept(pair: tuple[str, str]) -> None:
    assert not reasons(pair)


def test_spaces_are_made_one_and_parts_counted() -> None:
    cleaner = Cleaner(LANGUAGES)
    assert list(cleaner.clean([Pair(" Guten\u00a0 Tag. ", "Good\tday.", "p")])) == [
        Pair("Guten Tag.", "Good day.", "p")
    ]
    assert cleaner.kept == {"p": 1}


def test_duplicates_but_for_case_spaces_and_punctuation() -> None:
    found = reasons(
        ("Guten Tag!", "Hello!"), ("guten  Tag", "hello"), ("Guten Tag!", "Good day!"), ("Ｇuten Tag", "HELLO …")
    )
    assert found == {"duplicate": 2}


def test_two_that_are_only_signs_are_not_the_same() -> None:
    assert not reasons(("…", "..."), ("?!", "?!"))


def test_no_sentence_of_a_test_set_is_trained_on() -> None:
    cleaner = Cleaner(LANGUAGES, ["Der Hund läuft durch den Wald.", "The dog runs through the woods.", "Ja.", "Yes."])
    found = reasons(
        ("Der Hund läuft durch den Wald", "A dog is running in the forest."),
        ("Ein Hund rennt durch den Wald.", "The dog runs through the woods!"),
        ("Ja!", "Yes!"),
        ("Ja.", "Sure."),
        cleaner=cleaner,
    )
    assert found == {"test": 3}, "a short sentence alone says nothing"


def test_another_language_is_left_out_only_if_it_is_certain() -> None:
    tells = {"Il fait très beau aujourd'hui, mais il fera froid demain.": ("fr", 0.99)}
    cleaner = Cleaner(LANGUAGES, (), lambda text: tells.get(text, ("nl", 0.6)))
    pairs = [
        ("Il fait très beau aujourd'hui, mais il fera froid demain.", "It is very fine today, but will be cold."),
        (
            "Heute ist es sehr schön, aber morgen wird es kalt werden.",
            "Il fait très beau aujourd'hui, mais il fera froid demain.",
        ),
        (
            "Heute ist es sehr schön, aber morgen wird es sehr kalt.",
            "It is very fine today, but it will be cold tomorrow.",
        ),
    ]
    assert reasons(*pairs, cleaner=cleaner) == {"language": 2}


def test_the_real_model_tells_real_sentences() -> None:
    cleaner = Cleaner(LANGUAGES, (), teller())
    pairs = [
        (
            "Als Gregor Samsa eines Morgens erwachte, lag er auf dem Rücken.",
            "When Gregor Samsa woke one morning, he lay on his back.",
        ),
        (
            "Le petit chat noir dormait sur la chaise devant la fenêtre.",
            "The little black cat slept on the chair by the window.",
        ),
        (
            "Die kleine schwarze Katze schlief auf dem Stuhl am Fenster.",
            "Le petit chat noir dormait sur la chaise devant la fenêtre.",
        ),
    ]
    assert reasons(*pairs, cleaner=cleaner) == {"language": 2}
    assert Detector().rank(pairs[0][0])[0].language == "de"


def test_a_chinese_sentence_may_be_much_shorter() -> None:
    pair = ("今天天气很好。", "The weather is very fine today, isn't it?")
    assert reasons(pair) == {"ratio": 1}
    assert not reasons(pair, cleaner=Cleaner(Languages("zh", "en")))
