"""What holds for every kind of file, on every test document of the kind."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from formats.document import SEPARATOR, Notes, Options, Piece, Translated
from formats.joining import by_text
from formats.table import kind_of
from pipeline.alignment import Link, words

FOLDER = Path(__file__).parents[2] / "data" / "formats"
EXPECTED: dict[str, dict[str, Any]] = {
    line["file"]: line for line in map(json.loads, (FOLDER / "expected.jsonl").read_text(encoding="utf-8").splitlines())
}
OPTIONS = Options(source="de", target="en")
GOOD = [
    name
    for name in EXPECTED
    # A picture of a page has no texts; tests of its reader say what is said of it.
    if not name.startswith("bad/")
    and name != "pdf/03-scan.pdf"
    and (kind := kind_of(name)) is not None
    and not kind.is_text
]

BESIDE = ("po/", "xliff/")
"""Kinds that have translations beside the texts, and no text is without one then; they have tests of their own."""

# All but names of what is kept.
_WORD = re.compile(r"(?<!\{)\b[^\W_]+\b(?!\})")


def texts_of(name: str, content: bytes, notes: Notes | None = None) -> list[str]:
    kind = kind_of(name)
    assert kind is not None
    return list(kind.reader().read(io.BytesIO(content), OPTIONS, notes or Notes()))


def written(name: str, content: bytes, translated: Iterator[Translated]) -> bytes:
    kind = kind_of(name)
    assert kind is not None
    return b"".join(kind.reader().write(io.BytesIO(content), translated, OPTIONS))


def in_capitals(text: str) -> Translated:
    """Return a text whose translation has the same words in the same order, so that a reader can find each."""
    loud = _WORD.sub(lambda found: found.group().upper(), text)
    links = [Link(one, other, 1.0) for one, other in zip(words(text), words(loud), strict=False)]
    return Translated([Piece(text, loud, links)])


def plain(text: str) -> str:
    return " ".join(text.split())


def lines(texts: list[str]) -> list[str]:
    return sorted(plain(line) for text in texts for line in text.split("\n"))


# What is given back as another kind is never what it was: tests of its reader say what is written then.
SAME = [name for name in GOOD if (kind := kind_of(name)) is not None and not kind.outputs]


@pytest.mark.parametrize("name", SAME)
def test_with_its_own_texts_a_file_comes_back_byte_for_byte(name: str) -> None:
    content = (FOLDER / name).read_bytes()
    texts = texts_of(name, content)
    whole = [Piece(SEPARATOR.join(texts), None)] if texts else []
    assert written(name, content, by_text(texts, whole)) == content
    assert written(name, content, (Translated([Piece(text, text)]) for text in texts)) == content


@pytest.mark.parametrize("name", GOOD)
def test_texts_are_what_people_read(name: str) -> None:
    texts = texts_of(name, (FOLDER / name).read_bytes())
    assert not [text for text in texts if text != text.strip() or not text or "\n\n" in text]
    found = [plain(text) for text in texts]
    about = EXPECTED[name]
    wanted = about.get("translate", ())
    assert not [text for text in wanted if not any(plain(text) in one for one in found)]
    # A placeholder in a text is kept by whoever translates it.
    kept = [text for text in about.get("keep", ()) if not any(text in one for one in wanted)]
    assert not [text for text in kept if any(plain(text) in one for one in found)]


@pytest.mark.parametrize("name", [name for name in SAME if not name.startswith(BESIDE)])
def test_each_translation_is_in_the_file_that_is_written(name: str) -> None:
    content = (FOLDER / name).read_bytes()
    texts = texts_of(name, content)
    loud = written(name, content, map(in_capitals, texts))
    # Whether a line goes on in the next one is seen by its small letter, which it has no more.
    assert lines(texts_of(name, loud)) == lines([in_capitals(text).text for text in texts])
