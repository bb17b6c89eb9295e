"""The texts of a book's package and of its older contents (NCX): titles, descriptions, headings."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from formats.document import Options, Translated
from formats.epub.package import ENTITIES, NAMESPACES, Role
from formats.markup.attributes import is_language
from formats.markup.texts import parts
from formats.strings.prose import is_prose
from formats.web.page import Page
from formats.xml.part import End, Part, Start, Text, attributes, written, written_value
from formats.xml.splicing import Edits

_TITLES = frozenset(("dc:title", "dc:description", "dc:subject"))
_LABELS = frozenset(("docTitle", "navLabel"))
# Their labels are numbers of pages, whatever they are written in.
_PAGES = "pageList"
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,10}[\s/>]")


class _Writer(Protocol):
    """A stretch of texts."""

    def texts(self, left: Counter[str]) -> Iterator[str]: ...

    def written(self, translated: Iterator[Translated], *, named: bool) -> Iterator[str]: ...


class _Label(NamedTuple):
    start: int
    end: int
    content: _Writer
    write: Callable[[str], bytes] = written


class _Plain:
    """Plain text: paragraphs with blank lines between them."""

    def __init__(self, text: str) -> None:
        self._parts = [(one, is_text and is_prose(one)) for one, is_text in parts(text)]

    def texts(self, left: Counter[str]) -> Iterator[str]:  # noqa: ARG002  a page counts what it leaves
        yield from (one for one, is_text in self._parts if is_text)

    def written(self, translated: Iterator[Translated], *, named: bool) -> Iterator[str]:  # noqa: ARG002  see above
        for one, is_text in self._parts:
            yield next(translated).text if is_text else one


class Labels:
    """The labels of a package or of contents. Guarantee: what has not changed keeps its bytes."""

    def __init__(self, raw: bytes, name: str, role: Role, options: Options, language: str) -> None:
        """`language`: that of the book. Raises `DocumentError` for what is no XML."""
        self._part, self._options, self._language = Part(raw, name), options, language
        self._labels: list[_Label] = []
        self._edits = Edits()
        self._read(role)

    def texts(self, left: Counter[str]) -> Iterator[str]:
        """Yield the texts."""
        for label in self._labels:
            yield from label.content.texts(left)

    def written(self, translated: Iterator[Translated], *, named: bool) -> bytes:
        """Return the part with translations of its `texts`; `named`: the language of the translation is named."""
        edits = self._edits if named else Edits()
        for label in self._labels:
            seen: list[Translated] = []
            new = "".join(label.content.written(_noted(translated, seen), named=named))
            if any(one.changed for one in seen):
                edits.replace(label.start, label.end, label.write(new))
        return self._part.encoded(edits.spliced(self._part.data)) if edits else b""

    def _read(self, role: Role) -> None:
        around: list[str] = []
        foreign = begins = 0
        text = ""
        for event in self._part.events(NAMESPACES, ENTITIES):
            if isinstance(event, Start):
                around.append(event.name)
                foreign = foreign or (len(around) if self._is_foreign(event) else 0)
                begins, text = event.end, ""
                self._rename(event)
                if role == "package" and event.name == "reference" and not foreign:
                    self._labels += self._titles(event)
            elif isinstance(event, Text):
                text += event.text
            elif isinstance(event, End):
                if role == "package" and around[-1] == "dc:language" and self._is_source(text.strip()):
                    self._edits.replace(begins, event.start, written(self._options.target))
                elif begins and not foreign and text.strip() and _is_label(around, role):
                    self._labels.append(_Label(begins, event.start, self._content(text, around[-1])))
                foreign = foreign if foreign < len(around) else 0
                around.pop()
                begins, text = 0, ""

    def _titles(self, tag: Start) -> Iterator[_Label]:
        """Yield what the guide of a book of version 2 calls one of its places."""
        for one in attributes(self._part.data, tag.start, tag.end):
            if one.name == "title" and (said := tag.attributes["title"]).strip():
                yield _Label(one.start, one.end, _Plain(said), written_value)

    def _content(self, text: str, name: str) -> _Writer:
        if name == "dc:description" and _TAG.search(text):
            return Page(text, self._options, xml=False, language=self._language)
        return _Plain(text)

    def _rename(self, tag: Start) -> None:
        if self._is_source(tag.attributes.get("xml:lang", "")):
            for one in attributes(self._part.data, tag.start, tag.end):
                if one.name == "xml:lang":
                    self._edits.replace(one.start, one.end, written_value(self._options.target))

    def _is_source(self, said: str) -> bool:
        language = self._options.source or self._language
        return bool(said and self._options.target and language and is_language(said, language))

    def _is_foreign(self, tag: Start) -> bool:
        said = tag.attributes.get("xml:lang", "")
        own = self._options.stated or self._language
        return bool(said and own and tag.name not in ("package", "metadata", "ncx") and not is_language(said, own))


def _is_label(around: list[str], role: Role) -> bool:
    if role == "package":
        return around[-1] in _TITLES
    return around[-1] == "text" and around[-2:-1] != [] and around[-2] in _LABELS and _PAGES not in around


def _noted(translated: Iterator[Translated], seen: list[Translated]) -> Iterator[Translated]:
    for one in translated:
        seen.append(one)
        yield one
