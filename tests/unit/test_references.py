"""References to law and to pictures are written in English, those with abbreviations stay."""

import pytest

from translator.kept import masks, references


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("In Artikel 72 Absatz 3 Satz 1 steht es.", ["Article 72 paragraph 3 sentence 1"]),
        ("§ 19 Absatz 1 Nummer 2 Buchstabe b gilt.", ["§ 19 paragraph 1 number 2 letter b"]),
        ("Siehe Abbildung 4.2b und Abbildung 5.", ["Figure 4.2b", "Figure 5"]),
        ("Artikel 5 ist kurz, Satz 3 auch.", []),
        ("Die Abbildung ist schön, Nummer 3 nicht.", []),
    ],
)
def test_references_are_written_in_english(text: str, written: list[str]) -> None:
    assert list(references.mask(masks.mask(text)).kept.values()) == written


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Nach Art. 5 Abs. 1 Satz 2 GG gilt es.", ["Art. 5 Abs. 1 Satz 2 GG"]),
        ("Die §§ 280 Abs. 1, 241 Abs. 2 BGB.", ["§§ 280 Abs. 1, 241 Abs. 2 BGB"]),
        ("Art. 6 Abs. 1 lit. f DSGVO, § 31 SGB XII", ["Art. 6 Abs. 1 lit. f DSGVO", "§ 31 SGB XII"]),
        ("§ 5 gilt nicht, Art. 12 auch nicht.", []),
    ],
)
def test_references_with_abbreviations_stay(text: str, kept: list[str]) -> None:
    assert list(masks.mask(text).kept.values()) == kept
