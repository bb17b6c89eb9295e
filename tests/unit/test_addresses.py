"""Streets, towns, firms, authors and telephones stay as they are; what only looks like one does not."""

import pytest

from translator.kept import addresses, masks


def _kept(text: str) -> list[str]:
    return list(addresses.mask(masks.mask(text), english=True).kept.values())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Bäckerei Sommer GmbH & Co. KG", ["Bäckerei Sommer GmbH & Co. KG"]),
        ("Die Müller AG und die Sonnenschein GmbH fusionieren.", ["Müller AG", "Sonnenschein GmbH"]),
        ("Seit 1998 gibt es die Firma Huber & Söhne KG in Linz.", ["Huber & Söhne KG"]),
        ("Sie wohnt in der Hauptstraße 12a, 3. Stock, 80331 München.", ["Hauptstraße 12a", "80331 München"]),
        ("Potsdamer Platz 1, 12345 Musterstadt", ["Potsdamer Platz 1", "12345 Musterstadt"]),
        ("An der Alten Brücke 17 b", ["An der Alten Brücke 17 b"]),
        ("1070 Wien", ["1070 Wien"]),
        ("Berg, T., u. Klein, S. (2019): Vom Wasser", ["Berg, T.", "Klein, S."]),
        ("Fax: 0221 / 12 34 56 - 99", ["0221 / 12 34 56 - 99"]),
        ("Nürnberg", ["Nuremberg"]),
        ("Bonn:", ["Bonn"]),
    ],
)
def test_what_is_looked_up_is_kept(text: str, kept: list[str]) -> None:
    assert _kept(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "Eine GmbH hat Vorteile.",
        "20000 Menschen kamen.",
        "Die Straße 5 ist gesperrt.",
        "Bahnsteig 3 und Parkplatz 12",
        "Der Umweg 5 km lang",
        "Essen",
        "Frau Müller, A. sagte das nicht.",
        "Im Jahr 1945 Berlin zu sehen war schwer.",
    ],
)
def test_what_only_looks_like_one_is_translated(text: str) -> None:
    assert _kept(text) == []
