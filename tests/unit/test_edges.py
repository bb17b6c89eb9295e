"""What stands before the first word of a text and behind its last one."""

import pytest

from translator.writing import edges

# What this vocabulary knows with a capital only takes two tokens without it.
NAMES = {"german", "monday"}


def length(text: str) -> int:
    return 1 + (text in NAMES)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Jetzt kaufen!", "Jetzt kaufen!"),
        ("Wirklich?!", "Wirklich?"),
        ("Vorname:", "Vorname:"),
        ("Gewicht: 75 kg", "Gewicht: 75 kg."),
        ("Wird geladen …", "Wird geladen."),
        ("ein Glas Milch;", "ein Glas Milch;"),
        ("„Der Zauberberg“", "Der Zauberberg."),
        ("„Wer ist da?“", "Wer ist da?"),
        ("„Wir gehen heute.", "Wir gehen heute."),
        ("Und du?“", "Und du?"),
        ("— Kommst du mit?", "Kommst du mit?"),
        ("(siehe Anhang)", "siehe Anhang."),
        ("Es ist weg.*", "Es ist weg."),
        ("Er rief: „Halt!“", 'Er rief: "Halt!"'),
        ("„Ja“, sagte er", '"Ja", sagte er.'),
        ("(a) oder (b)", "(a) oder (b)."),
        ("« Zurück", "Zurück."),
    ],
)
def test_a_model_gets_a_sentence_without_its_edges(text: str, shown: str) -> None:
    assert edges.take_off(text, "en").text == shown


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("Jetzt kaufen!", "Buy now.", "Buy now!"),
        ("Wirklich?!", "Really?", "Really?!"),
        ("Gut.", "Good!", "Good."),
        ("Gewicht: 75 kg", "weight: 75 kg.", "Weight: 75 kg"),
        ("Wird geladen …", "Loading.", "Loading …"),
        ("Wird geladen...", "Loading...", "Loading..."),
        ("frische Milch;", "Fresh milk.", "fresh milk;"),
        ("„Der Zauberberg“", "The magic mountain.", "“The magic mountain”"),
        ("»Wer ist da?«", "Who is there?", "“Who is there?”"),
        ("„Wir gehen heute.", "We go today.", "“We go today."),
        ("Und du?“", "And you?", "And you?”"),
        ("— Kommst du mit?", "Are you coming?", "— Are you coming?"),
        ("(siehe Anhang)", "See appendix.", "(see appendix)"),
        ("[Musik]", "Music.", "[Music]"),
        ("Es ist weg.*", "It is gone.", "It is gone.*"),
        ("Es ist weg.²", "It is gone.", "It is gone.²"),
        ("Er rief: „Halt!“", 'He cried, "Stop."', "He cried, “Stop!”"),
        ("Sie hat 3 m³.", "It has 3 m3.", "It has 3 m3."),
        ("² Ebenda.", "Ibid.", "² Ibid."),
        ("Sie nannte es „Glück“.", 'She called it "luck."', "She called it “luck”."),
        ("« Kommst du ? »", "Are you coming?", "“Are you coming?”"),
        ("Beginn um 7 Uhr abends", "Start at 7 p.m.", "Start at 7 p.m."),
        ("Beginnt es um 7 Uhr?", "Does it start at 7 p.m.?", "Does it start at 7 p.m.?"),
        ("deutsch", "German.", "German"),
        ("montags zu", "Monday closed.", "Monday closed"),
        ("ich nicht", "I don't.", "I don't"),
        ("ich bin's", "I'm it.", "I'm it"),
        ("Ich … weiß", "I ... know.", "I … know"),
        ("Ich – nein – du", "I - no  - you.", "I – no – you"),
        ("Er wiegt 80 kg", "It weighs 80 kgg.", "It weighs 80 kg"),
        ("Band III", "Volume IIII.", "Volume III"),
        ("Im See", "In the sea.", "In the sea"),
        ("OK", "Ok.", "OK"),
        ("3 Eier", "3 eggs.", "3 eggs"),
        ("Äpfel", "apples.", "Apples"),
        ("Mein iPhone", "iPhone of mine.", "iPhone of mine"),
        ("Ja", "", ""),
    ],
)
def test_the_edges_of_the_source_come_back(source: str, translation: str, expected: str) -> None:
    assert edges.put_back(edges.take_off(source, "en"), translation, length) == expected


@pytest.mark.parametrize("text", ["…", "– –", "„“", "?", "(", "***", '"', "( ) – »«"])
def test_a_text_that_is_nothing_but_edges_is_its_own_core(text: str) -> None:
    assert edges.take_off(text, "en").core == text
