"""What has texts in a part: paragraphs, attributes, and cells that say their text twice."""

from collections.abc import Sequence
from typing import Protocol

from formats.document import Translated
from formats.office.opendocument.paragraph import Paragraph
from formats.office.opendocument.writing import Raw, rewritten, shown
from formats.strings.prose import is_prose
from formats.xml.part import written_value


class Unit(Protocol):
    """A stretch of a part; what is within it is edited before it is."""

    start: int
    end: int
    contents: bool
    heading: bool

    @property
    def texts(self) -> list[str]:
        """What is to be translated."""

    def rewritten(self, translated: Sequence[Translated], raw: Raw, /) -> bytes | None:
        """Return what is to stand in its place; None if nothing in it has changed."""


class ParagraphUnit:
    """A paragraph."""

    def __init__(self, paragraph: Paragraph) -> None:
        self.paragraph = paragraph
        self.start, self.end = paragraph.start, paragraph.end
        self.contents, self.heading = paragraph.contents, paragraph.is_heading
        self.shown = ""
        """What a reader reads of it, once it is translated."""

    @property
    def texts(self) -> list[str]:
        """Return its texts."""
        return self.paragraph.texts

    def rewritten(self, translated: Sequence[Translated], raw: Raw) -> bytes | None:
        """Return the whole of it."""
        self.shown = shown(self.paragraph, translated)
        return rewritten(self.paragraph, translated, raw)


class ValueUnit:
    """The value of an attribute that people read."""

    contents = heading = False

    def __init__(self, start: int, end: int, value: str) -> None:
        self.start, self.end = start, end
        text = " ".join(value.split())
        self.texts = [text] if is_prose(text) else []

    def rewritten(self, translated: Sequence[Translated], _: Raw) -> bytes | None:
        """Return the new value."""
        return next((written_value(one.text) for one in translated if one.changed), None)


class CellUnit:
    """The text of a cell as it stands in its tag, beside the paragraphs that say the same."""

    contents = heading = False
    texts: list[str]

    def __init__(self, start: int, end: int, value: str) -> None:
        self.start, self.end = start, end
        self._value = value
        self.paragraphs: list[ParagraphUnit] = []
        self.texts = []

    def rewritten(self, _: Sequence[Translated], __: Raw) -> bytes | None:
        """Return the text that its paragraphs have now, which are translated before it."""
        text = "\n".join(one.shown for one in self.paragraphs)
        return None if text == self._value or not self.paragraphs else written_value(text)
