"""What documents are called."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.exports.names import disposition, file_disposition
from pipeline.naming import first_words, name_of
from tests.unit.documents import DOCUMENT


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Guten Tag. Wie geht es Ihnen?", "Guten Tag. Wie geht es Ihnen?"),
        ("\ufeff\r\n\r\n  DIE VERWANDLUNG\r\n\r\nvon Franz Kafka", "DIE VERWANDLUNG"),
        ("# Anleitung\n\nSchritt eins.", "Anleitung"),
        ("> Am Montag schrieb er:", "Am Montag schrieb er:"),
        ("---\n***\n„Komm“, sagte er.", "„Komm“, sagte er."),
        ("Guten Tag, " * 7, "Guten Tag, " * 5 + "Guten…"),
        ("Donaudampfschifffahrtsgesellschaft" * 3, ("Donaudampfschifffahrtsgesellschaft" * 3)[:60] + "…"),
        ("彼は走る。" * 30, ("彼は走る。" * 30)[:60] + "…"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("Tab\tund\u00a0mehr", "Tab und mehr"),
        ("12. Mai", "12. Mai"),
        ("", ""),
        ("… !!! …", ""),
        ("👩‍👩‍👧 Familie", "👩‍👩‍👧 Familie"),
        ("(Anhang) Zahlen", "(Anhang) Zahlen"),
    ],
)  # fmt: skip
def test_a_text_is_called_by_its_first_words(text: str, name: str) -> None:
    assert first_words(text) == name


@given(some.text(max_size=300))
def test_first_words_are_short_and_show(text: str) -> None:
    name = first_words(text)
    assert len(name) <= 61
    assert "\n" not in name
    assert all(letter.isprintable() or letter in "\u200c\u200d" for letter in name)
    assert name == name.strip()


@pytest.mark.parametrize(
    ("metadata", "beginning", "name"),
    [
        ({"title": "Ein Titel", "filename": "a.txt"}, "Worte", "Ein Titel"),
        ({"filename": "a.txt"}, "Worte", "a.txt"),
        ({"title": " \u200b ", "filename": ""}, "Worte", "Worte"),
        ({"title": 5, "filename": ["x"]}, "Worte", "Worte"),
        ({}, "", "d"),
    ],
)
def test_a_document_is_called_by_title_then_file_then_words_then_id(
    metadata: dict[str, Any], beginning: str, name: str
) -> None:
    assert name_of(metadata, beginning, "d") == name


@pytest.mark.parametrize(
    ("metadata", "beginning", "text", "file"),
    [
        ({"filename": "brief.docx"}, "Liebe Oma", "brief.en.txt", "brief_en.docx"),
        # A title may come with the suffix or without it.
        ({"filename": "brief.docx", "title": "An Oma"}, "", "An Oma.en.txt", "An Oma_en.docx"),
        ({"filename": "brief.docx", "title": "An Oma.docx"}, "", "An Oma.en.txt", "An Oma_en.docx"),
        ({}, "Guten Tag, liebe Oma…", "Guten Tag_ liebe Oma.en.txt", "Guten Tag_ liebe Oma_en.txt"),
        ({}, "", "d.en.txt", "d_en.txt"),
        ({"title": "../../etc/passwd"}, "", "_.._etc_passwd.en.txt", "_.._etc_passwd_en.txt"),
        ({"title": "Band 1. Teil 2"}, "", "Band 1. Teil 2.en.txt", "Band 1. Teil 2_en.txt"),
    ],
)
def test_downloads_are_named_after_the_document(metadata: dict[str, Any], beginning: str, text: str, file: str) -> None:
    document = replace(DOCUMENT, metadata=metadata, beginning=beginning)
    assert f'filename="{text}"' in disposition(document, "txt")
    assert f'filename="{file}"' in file_disposition(document, ".txt")
