"""Quotation marks: found, paired, shown to a model as it knows them, and written in the target's way."""

import pytest

from translator.writing import quotes


def through(text: str, target: str = "en") -> str:
    """Return a text as it is after a model that changes nothing."""
    marks = quotes.find(text)
    return quotes.write(quotes.plain(text, marks), marks, target)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("„Ja“, sagte er.", "“Ja”, sagte er."),
        ("»Ja«, sagte er.", "“Ja”, sagte er."),
        ("«Ja», sagte er.", "“Ja”, sagte er."),
        ("« Ja », sagte er.", "“Ja”, sagte er."),
        ("“Ja”, sagte er.", "“Ja”, sagte er."),
        ('„Ja", sagte er.', "“Ja”, sagte er."),
        (",,Ja'', sagte er.", "“Ja”, sagte er."),
        ("‚Ja‘, sagte er.", "‘Ja’, sagte er."),
        ("\u203aJa\u2039, sagte er.", "‘Ja’, sagte er."),
        ('"Ja", sagte er.', '"Ja", sagte er.'),
        ("'Ja', sagte er.", "'Ja', sagte er."),
        ("»Er rief: \u203aHalt!\u2039 und ging.«", "“Er rief: ‘Halt!’ und ging.”"),
        ("„Das Buch ‚Emil‘ ist gut“, sagte sie.", "“Das Buch ‘Emil’ ist gut”, sagte sie."),
        ("»Er rief: „Halt!“ und ging.«", "“Er rief: ‘Halt!’ und ging.”"),
        ("„Er rief „Halt!“, und ging", "“Er rief ‘Halt!’, und ging"),
        ("‚Das ›alte‹ Haus‘", "‘Das “alte” Haus’"),
        ("Er rief: „‚Halt!‘ hat er gesagt.“", "Er rief: “‘Halt!’ hat er gesagt.”"),
        ("„Wir gehen heute.", "“Wir gehen heute."),
        ("Wir bleiben hier.“", "Wir bleiben hier.”"),
        ("» Wir gehen heute.", "“Wir gehen heute."),
        ("(„Ja“)", "(“Ja”)"),
        ("„…und dann“", "“…und dann”"),
    ],
)
def test_marks_are_written_in_the_way_of_the_target(text: str, expected: str) -> None:
    assert through(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Geht’s dir gut? Hans’ Auto ist's nicht.",
        "'s ist kalt",
        'Ein 24"-Monitor und ein 27" Monitor',
        "Startseite » Produkte » Schuhe",
        "« Zurück",
        "Weiter »",
    ],
)
def test_apostrophes_inches_and_arrows_are_no_quotation_marks(text: str) -> None:
    assert not quotes.find(text)
    assert through(text) == text


def test_german_gets_its_own_marks_and_other_languages_those_of_the_source() -> None:
    assert through("“Yes,” he said, “‘no’”.", "de-AT") == "„Yes,“ he said, „‚no‘“."
    assert through("„Ja“, sagte er.", "fr") == "„Ja“, sagte er."


def test_a_model_sees_straight_marks_only() -> None:
    text = "« Ja », sagte er, »\u203anein\u2039, sagte sie«."
    assert quotes.plain(text, quotes.find(text)) == '"Ja", sagte er, ""nein", sagte sie".'


def test_lost_and_turned_marks_are_seen() -> None:
    source = '"Wo?", fragte er.'
    assert not quotes.differ(source, '"Where?" he asked.')
    assert not quotes.differ(source, "“Where?” he asked.")
    assert quotes.differ(source, 'Where?" he asked.')
    assert quotes.differ(source, 'Where? "he asked.')
    assert quotes.differ(source, "Where? he asked.")


def test_marks_without_their_other_half_are_left_out() -> None:
    marks = quotes.find("„Wo ist ‚er‘?“, fragte sie.")
    assert quotes.write('"Where is he? she asked.', marks, "en") == "Where is he? she asked."
    assert quotes.write('"Where is he?" she asked.', marks, "en") == "“Where is he?” she asked."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("„Komm.“ – „Gern.“ — „Gut.“", [("„Komm.“", " – "), ("„Gern.“", " — "), ("„Gut.“", "")]),
        ("„Wohin?“ „Nach Hause.“", [("„Wohin?“", " "), ("„Nach Hause.“", "")]),
        ("Kommst du? – Nein, heute nicht.", [("Kommst du?", " – "), ("Nein, heute nicht.", "")]),
        ("Heute nicht. – Schade.", [("Heute nicht.", " – "), ("Schade.", "")]),
        ("Mo. – Fr. geöffnet", [("Mo. – Fr. geöffnet", "")]),
        ("Vom 12. – 14. Mai", [("Vom 12. – 14. Mai", "")]),
        ("Das Haus – es war alt – stand da.", [("Das Haus – es war alt – stand da.", "")]),
        ("„Wohin?“ fragte er.", [("„Wohin?“ fragte er.", "")]),
        ("Start » Hilfe | Kontakt", [("Start", " » "), ("Hilfe", " | "), ("Kontakt", "")]),
        ("« Ja », sagte er", [("« Ja », sagte er", "")]),
    ],
)
def test_what_one_says_after_another_is_translated_on_its_own(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(quotes.turns(text)) == expected
