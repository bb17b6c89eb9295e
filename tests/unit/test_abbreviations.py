"""German abbreviations."""

import pytest

from translator.writing.abbreviations import write_out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das gilt z.B. hier.", "Das gilt zum Beispiel hier."),
        ("Das gilt z.\u00a0B. hier.", "Das gilt zum Beispiel hier."),
        ("Z. B. hier.", "Zum Beispiel hier."),
        (
            "Das gilt lt. h. M. auch i. S. d. § 13 BGB.",
            "Das gilt laut herrschender Meinung auch im Sinne des § 13 BGB.",
        ),
        ("Hunde, Katzen u. Ä.", "Hunde, Katzen und Ähnliches."),
        ("(vgl. S. 12 ff.)", "(siehe Seite 12 und folgende.)"),
        ("Abb. 3 und Tab. 4", "Abbildung 3 und Tabelle 4"),
        ("Mo.–Fr. ab 9 Uhr", "Montag bis Freitag ab 9 Uhr"),
        ("im 19. Jh. war es so", "im 19. Jahrhundert war es so"),
        ("§ 5 Abs. 2 Nr. 3 BGB", "§ 5 Abs. 2 Nr. 3 BGB"),
        ("So. Das war alles.", "So. Das war alles."),
        ("Max. Müller", "Max. Müller"),
        ("max. 5 Personen", "bis zu 5 Personen"),
        ("Herr S. kommt.", "Herr S. kommt."),
        ("a.z. B.", "a.z. B."),
    ],
)
def test_what_a_model_does_not_know_is_written_out(text: str, expected: str) -> None:
    assert write_out(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mo, Di u. Do 8–12 Uhr", "Montag, Dienstag und Donnerstag 8–12 Uhr"),
        ("Mo.–Fr.: geöffnet", "Montag bis Freitag: geöffnet"),
        ("Di. und Do. vormittags", "Dienstag und Donnerstag vormittags"),
        ("So oder So", "So oder So"),
        ("So geht das, Do it yourself", "So geht das, Do it yourself"),
        ("Hr. Koch und Fr. Berg", "Herr Koch und Frau Berg"),
        ("Mo. bis Fr. Termine", "Montag bis Freitag Termine"),
        ("Kundennr. 4711", "Kundennummer 4711"),
    ],
)
def test_days_titles_and_numbers_are_written_out(text: str, expected: str) -> None:
    assert write_out(text) == expected
