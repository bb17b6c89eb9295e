"""Facts of a sentence: given to the model as it knows them, mended in its translation, and missed where they are lost."""

import pytest

from tests.conftest import MODELS
from translator.engines.vocabulary import Encoder
from translator.facts import Facts
from translator.models.folder import find_models

FACTS = Facts("de-AT", "en-GB")


@pytest.mark.parametrize(
    ("source", "usual"),
    [
        ("Um 9 Uhr beginnt der Kurs.", "Um 9:00 beginnt der Kurs."),
        ("Von 8 bis 12.30 Uhr und ab 14 Uhr.", "Von 8:00 bis 12:30 und ab 14:00."),
        ("Sa 9–13 Uhr, Mo 8:00–18:00 Uhr", "Sa 9:00–13:00, Mo 8:00–18:00"),
        ("Der Zug fährt um 0.15 Uhr.", "Der Zug fährt um 0:15."),
        ("Um 7 Uhr 30 klingelt es.", "Um 7:30 klingelt es."),
        ("Um 8 Uhr abends und um 3 Uhr nachmittags.", "Um 20:00 und um 15:00."),
        ("Um 11 Uhr nachts, um 12 Uhr nachts, um 2 Uhr nachts.", "Um 23:00, um 0:00, um 2:00."),
        ("Um 06:30:15 Uhr startete er.", "Um 06:30:15 startete er."),
        ("Wir treffen uns um halb acht.", "Wir treffen uns um 7:30."),
        ("Um halb eins und um Viertel vor eins.", "Um 12:30 und um 12:45."),
        ("Gegen halb 8 Uhr abends, Viertel nach zehn.", "Gegen 19:30, 10:15."),
        ("Ein halb leeres Glas, halb drei Viertel.", "Ein halb leeres Glas, 2:30 Viertel."),
        ("halb Mensch, halb ein Tier", "halb Mensch, halb ein Tier"),
        ("Die Uhr schlägt um 25 Uhr 99.", "Die Uhr schlägt um 25 Uhr 99."),
        ("Er gilt bis 31.12.2025.", "Er gilt bis 31. Dezember 2025."),
        ("Vom 1. bis 3.5.2024, am 03. 05. 2024", "Vom 1. bis 3. Mai 2024, am 3. Mai 2024"),
        ("Die Sitzung am 3.5. fällt aus.", "Die Sitzung am 3. Mai fällt aus."),
        ("01.02.2003", "01.02.2003"),
        ("Kapitel 3.5. beschreibt Version 1.4.2024.", "Kapitel 3.5. beschreibt Version 1.4.2024."),
        ("Am 31.31.2025 um 12.30 war nichts.", "Am 31.31.2025 um 12.30 war nichts."),
    ],
)
def test_times_and_dates_are_written_as_models_know_them(source: str, usual: str) -> None:
    assert FACTS.usual(source) == usual
    assert Facts("fr", "en").usual(source) == source


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("Von 4.812 blieben 1.907.", "Of 4.812, 1,907 stayed.", "Of 4,812, 1,907 stayed."),
        ("Es kostet 59,38 €.", "It costs 59,38 €.", "It costs 59.38 €."),
        ("Es kostet 1.234,50 €.", "It costs 1.234.50 €.", "It costs 1,234.50 €."),
        ("Das Haus kostet 850'000 Franken.", "The house costs 850.000 francs.", "The house costs 850,000 francs."),
        ("Es kostet 1'250 Franken.", "It costs 1'250 francs.", "It costs 1,250 francs."),
        ("Version 2.14.3", "version 2.14.3", "version 2.14.3"),
        ("Es stand 1:4.", "It was 1.4.", "It was 1:4."),
        ("Im Maßstab 1:250.000", "At a scale of 1:250.000", "At a scale of 1:250,000"),
        ("Im Jahr 2018", "In 2.018", "In 2018"),
        ("3,5 oder 35 Punkte", "3.5 or 35 points", "3.5 or 35 points"),
        ("Um 9:00 beginnt er.", "He starts at 9 p.m.", "He starts at 9:00."),
        ("Um 15:00 endet er.", "It ends at 15 p.m. sharp.", "It ends at 15:00 sharp."),
        ("Um 22:47 und um 8:00.", "At 10:47 and at 8 a.m.", "At 22:47 and at 8 a.m."),
        ("Der 44. Präsident hieß anders.", "The 44 President was different.", "The 44th President was different."),
        ("Am 2. Tag.", "On the 2th day.", "On the 2nd day."),
        ("Beim 111. und beim 113. Mal", "the 111th and the 113rd time", "the 111th and the 113th time"),
        ("Es war am 3. Tag, dem 3. Mai.", "It was on the 3 day, on 3 May.", "It was on the 3 day, on 3 May."),
        ("Er kam um 14. Heute ist er da.", "He came at 14. Today he is here.", "He came at 14. Today he is here."),
        ("Ludwig XIV. war König.", "Ludwig XIV. was King.", "Ludwig XIV was King."),
        ("Er wiegt 80 kg.", "He weighs 80.", "He weighs 80 kg."),
        ("Die Rechnung über 1.234,50 € ist offen.", "The bill of 1,234.50 is open.", "The bill of 1,234.50 € is open."),
        ("Es sind 5 Prozent.", "It is 5.", "It is 5%."),
        ("Er hat 80 Pfund.", "He has 80 people.", "He has 80 people."),
    ],
)
def test_facts_are_written_in_the_target_s_way(source: str, translation: str, expected: str) -> None:
    assert FACTS.mended(source, translation) == expected
    assert FACTS.mended(source, expected) == expected


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("1.234,50 Euro", "1,234.50 euros"),
        ("1.234,50 Euro", "1234.5 euros"),
        ("am 5. März 2024", "on March 5, 2024"),
        ("5 Hunde, 2 Katzen und 1 Maus", "five dogs, two cats and a mouse"),
        ("-7 Grad", "minus 7 degrees"),
        ("in den Jahren 1990-1995", "from 1990 to 1995"),
        ("12 Stück", "a dozen"),
        ("Um 12:00 und um 0:00.", "At noon and at midnight."),
        ("Um acht Uhr", "at eight"),
        ("um 15:00", "at 3 p.m."),
        ("12 % der 80 kg", "12 percent of the 80 kilos"),
        ("3 Mio. Euro", "3 million euros"),
        ("10.000 Leute", "ten thousand people"),
        ("zwei Drittel, die beiden dritten Plätze", "two thirds, both third places"),
        ("1½ Tassen, 20 m²", "1½ cups, 20 square metres"),
        ("am Dienstag, dem 3. Mai", "on Tuesday, 3 May"),
        ("Fehler 0x80070005, Blatt A4, der 20er", "error 0x80070005, A4 sheet, the 20s"),
        ("der 8. Platz", "the eighth place"),
        ("Der Zug ging um sieben Uhr.", "The train left at seven o'clock."),
        ("Er kam um vier Uhr, sie um zwei.", "He came at four o'clock, she at two."),
    ],
)
def test_facts_may_be_said_in_other_words(source: str, translation: str) -> None:
    assert FACTS.lost(source, translation) == []


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("1.234,50 Euro", "1,234 euros"),
        ("2,5 Liter", "2 liters"),
        ("10.000.000.000", "10,0000,000"),
        ("1:250.000", "1.250,000"),
        ("5 % mehr", "many more"),
        ("5 Hunde", "dogs"),
        ("2 Katzen", "cats"),
        ("-7 Grad", "7 degrees"),
        ("Es waren minus 12 Grad.", "They were 12 degrees."),
        ("1. Einleitung", "1duction"),
        ("Um 9:00 beginnt er.", "He begins at 9 p.m."),
        ("Um 8:00 und um 9:00.", "At 8 o'clock."),
        ("80 kg", "80 pounds"),
        ("3 Millionen", "3 billion"),
        ("5 Euro", "5 dollars"),
        ("1½ Tassen", "11⁄2 cups"),
        ("am 4. November 1986", "on the 4th 1986"),
        ("am Dienstag", "on Thursday"),
        ("siebzehn Leute", "seventy people"),
        ("der sechste Mann", "the man"),
        ("Raum B12", "room B13"),
        ("drei Leute", "3 people out of 40"),
        ("120 m²", "120 m"),
        ("§ 5", "5"),
        ("a² + b² = c²", "a² + b² c²"),
    ],
)
def test_lost_facts_are_seen(source: str, translation: str) -> None:
    assert FACTS.lost(source, translation)


def test_of_languages_whose_words_are_not_known_figures_and_signs_are() -> None:
    french = Facts("de", "fr")
    assert french.mended("Es kostet 59,38 €.", "Cela coûte 59,38 €.") == "Cela coûte 59,38 €."
    assert french.lost("Um 14:30, 59,38 €, 3 Hunde", "À 14h30, 59,38 €, trois chiens") == []
    assert french.lost("59,38 €", "59,83 €")
    assert Facts("it", "en").mended("Costa 1.234,50 €.", "It costs 1.234,50 €.") == "It costs 1,234.50 €."


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1.250", "1,250"),
        ("12.345,67 EUR", "12,345.67 EUR"),
        ("1.000 | 2,5", "1,000 | 2.5"),
        ("192.168.100.200, 030.123.456, 2.14.3, 12:30", "192.168.100.200, 030.123.456, 2.14.3, 12:30"),
    ],
)
def test_amounts_alone_are_written_in_the_target_s_way(text: str, written: str) -> None:
    assert FACTS.alone(text) == written
    assert Facts("de", "fr").alone(text) == text


@pytest.mark.parametrize("text", ["120 m² und 3 µm", "1½ von 3¾", "CO₂ im 1ª-Zustand¹", "10⁻³"])
def test_signs_reach_the_model_as_they_are(text: str) -> None:
    (model,) = find_models(MODELS, "ctranslate2")
    pieces = Encoder(model)(text)
    assert "".join(pieces[:-1]).replace("\u2581", " ").strip() == text


def test_ligatures_reach_the_model_as_letters() -> None:
    (model,) = find_models(MODELS, "ctranslate2")
    assert Encoder(model)("Oﬃziere ﬁnden") == Encoder(model)("Offiziere finden")


@pytest.mark.parametrize(
    ("source", "usual"),
    [
        ("Die Miete beträgt 1.150,- € kalt.", "Die Miete beträgt 1.150 € kalt."),
        ("Zu zahlen sind EUR 1.250.000,-- sofort.", "Zu zahlen sind EUR 1.250.000 sofort."),
        ("Es kostet 1'499.– Franken, 5,— Euro.", "Es kostet 1'499 Franken, 5 Euro."),
        ("Nur 19 €/Monat oder 2 € / Stück.", "Nur 19 € pro Monat oder 2 € pro Stück."),
        ("Er fuhr 50 km/h, von 5,-10 war keine Rede.", "Er fuhr 50 km/h, von 5,-10 war keine Rede."),
    ],
)
def test_amounts_are_written_as_models_know_them(source: str, usual: str) -> None:
    assert FACTS.usual(source) == usual


@pytest.mark.parametrize(
    ("source", "translation", "mended"),
    [
        ("Frau X1 traf Herrn X2.", "Ms X1 met Mrs X2.", "Ms X1 met Mr X2."),
        ("Frau X1 kam.", "Mrs X1 came.", "Mrs X1 came."),
        ("Fräulein X1 kam.", "Fräulein X1 came.", "Miss X1 came."),
        ("Herr X1 kam.", "X1 came.", "X1 came."),
    ],
)
def test_people_keep_their_titles(source: str, translation: str, mended: str) -> None:
    assert FACTS.mended(source, translation) == mended


@pytest.mark.parametrize(
    ("source", "translation", "mended"),
    [
        ("1. Tag", "1 day", "1st day"),
        ("1. Einleitung", "1. Introduction", "1. Introduction"),
        ("1 Tag", "1 day", "1 day"),
        ("Bild: © Koch", "Image:© Koch", "Image: © Koch"),
        ("©Koch 2024", "©Koch 2024", "©Koch 2024"),
        ("Seite 9–18", "Page 9-18", "Page 9–18"),
        ("Tel. 030-12, 9–18 Uhr", "Phone 030-12, 9-18", "Phone 030-12, 9-18"),
    ],
)
def test_signs_and_first_ordinals_stay(source: str, translation: str, mended: str) -> None:
    assert FACTS.mended(source, translation) == mended


@pytest.mark.parametrize(
    ("source", "translation", "is_lost"),
    [
        ("Die 60er und 70er Jahre", "The 60s and 70 years", True),
        ("Die 60er und 70er Jahre", "The sixties and seventies", False),
        ("In den 1920er Jahren", "In the 1920s", False),
        ("Es gilt F = m.", "It is F m.", True),
        ("Nur nicht aufgeben!", "Never give up!", False),
        ("Nicht nur er kam.", "He came as well as others.", False),
        ("Kommst du nicht mit?", "Are you coming?", False),
        ("Warum gehen wir?", "Why don't we go?", False),
        ("Er kommt ohne Hut.", "He comes without a hat.", False),
        ("Unter 18 Jahren frei", "18 years free", True),
        ("Bis 18 Uhr", "18:00", True),
        ("Dienstag, Donnerstag", "Tuesday, Tuesday, Thursday", True),
    ],
)
def test_what_turns_a_fact_round_is_missed(source: str, translation: str, *, is_lost: bool) -> None:
    assert bool(FACTS.lost(source, translation)) == is_lost
