"""Pairs from TMX, the form of translation memories."""

from collections.abc import Callable, Iterator
from html.entities import html5
from typing import BinaryIO
from xml.parsers import expat

from trainer.pairs import Languages, Pair

_PIECE = 1 << 16
# What these hold is the mark-up of some format, no text; `hi` only marks text.
_NO_TEXT = frozenset({"bpt", "ept", "ph", "it", "ut", "sub"})


def read_tmx(file: BinaryIO, languages: Languages, part: str) -> Iterator[Pair]:
    """Yield the pairs of all units that have both languages, while the file is read; other languages are left out.

    `de-AT` serves `de` where a unit has no plain `de`. Nothing outside of the file is read, and a file that declares
    entities is refused. Raises `ValueError` that names the line.
    """
    reader = _Reader(languages, part)
    while piece := file.read(_PIECE):
        reader.feed(piece)
        yield from reader.taken()
    reader.feed(b"", last=True)
    yield from reader.taken()


class _Reader:
    def __init__(self, languages: Languages, part: str) -> None:
        self._languages = languages
        self._part = part
        self._pairs: list[Pair] = []
        self._variants: list[tuple[str, str]] = []
        self._language = ""
        self._text: list[str] | None = None
        self._hidden = 0
        self._units = False
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._refuse
        parser.SkippedEntityHandler = self._skipped

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise ValueError(f"line {error.lineno} is not well-formed XML ({what}); export the memory again") from None
        except LookupError as error:
            raise ValueError(f"its encoding is not known ({error}); save it as UTF-8") from None
        if last and not self._units:
            raise ValueError("there is no unit (<tu>) in it; is it a TMX file?")

    def taken(self) -> list[Pair]:
        pairs, self._pairs = self._pairs, []
        return pairs

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "tu":
            self._units, self._variants = True, []
        elif name == "tuv":
            self._language = attributes.get("xml:lang") or attributes.get("lang") or ""
        elif name == "seg":
            self._text, self._hidden = [], 0
        elif self._text is not None and name in _NO_TEXT:
            self._hidden += 1

    def _end(self, name: str) -> None:
        if name == "seg" and self._text is not None:
            self._variants.append((self._language, " ".join("".join(self._text).split())))
            self._text = None
        elif name == "tu":
            source = _chosen(self._variants, self._languages.source, self._languages.matches_source)
            target = _chosen(self._variants, self._languages.target, self._languages.matches_target)
            if source is not None and target is not None:
                self._pairs.append(Pair(source, target, self._part))
        elif self._text is not None and name in _NO_TEXT:
            self._hidden -= 1

    def _characters(self, text: str) -> None:
        if self._text is not None and not self._hidden:
            self._text.append(text)

    def _skipped(self, name: str, _parameter: bool) -> None:
        if (character := html5.get(f"{name};")) is None:
            raise ValueError(
                f"line {self._parser.CurrentLineNumber} has the entity &{name};, which is declared nowhere; "
                "write the character itself"
            )
        self._characters(character)

    def _refuse(self, name: str, *_: object) -> None:
        raise ValueError(
            f"line {self._parser.CurrentLineNumber} declares the entity {name!r}; files that declare entities are not read "
            "(they may grow without end, or bring in other files); write the characters themselves"
        )


def _chosen(variants: list[tuple[str, str]], wanted: str, matches: Callable[[str], bool]) -> str | None:
    exact = [text for language, text in variants if language.lower().replace("_", "-") == wanted.lower()]
    near = [text for language, text in variants if matches(language)]
    return next(iter(exact or near), None)
