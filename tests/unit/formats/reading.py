"""A document with translations, as tests of readers want it."""

import io
from collections.abc import Callable

from formats.document import Notes, Options, Piece, Translated
from formats.table import kind_of
from pipeline.alignment import Link, words

GERMAN_TO_ENGLISH = Options(source="de", target="en")


def texts_in(
    name: str, content: str | bytes, options: Options = GERMAN_TO_ENGLISH, notes: Notes | None = None
) -> list[str]:
    """Return the texts of a document."""
    kind = kind_of(name)
    assert kind is not None
    return list(kind.reader().read(_file(content), options, notes or Notes()))


def translated_bytes(
    name: str,
    content: str | bytes,
    translate: Callable[[str], str | Translated],
    options: Options = GERMAN_TO_ENGLISH,
) -> bytes:
    """Return a document with what `translate` makes of each of its texts."""
    kind = kind_of(name)
    assert kind is not None
    reader = kind.reader()
    made = map(translate, reader.read(_file(content), options, Notes()))
    given = texts_in(name, content, options)
    whole = (
        one if isinstance(one, Translated) else Translated([Piece(text, one)])
        for text, one in zip(given, made, strict=True)
    )
    return b"".join(reader.write(_file(content), whole, options))


def translated(
    name: str, content: str, translate: Callable[[str], str | Translated], options: Options = GERMAN_TO_ENGLISH
) -> str:
    """Return a document of UTF-8 with what `translate` makes of each of its texts."""
    return translated_bytes(name, content, translate, options).decode()


def aligned(text: str, translation: str, pairs: str) -> Translated:
    """Return a translation whose words belong to those of its text: `0-1 1-0` are pairs of their numbers."""
    mine, others = words(text), words(translation)
    numbers = (pair.split("-") for pair in pairs.split())
    return Translated([Piece(text, translation, [Link(mine[int(a)], others[int(b)], 1.0) for a, b in numbers])])


def _file(content: str | bytes) -> io.BytesIO:
    return io.BytesIO(content.encode() if isinstance(content, str) else content)
