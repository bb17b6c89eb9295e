"""Headers and footers of sheets: text between codes, which begin with an ampersand."""

import re
from collections.abc import Sequence

from formats.document import Translated
from formats.office.blocks import Says
from formats.strings.inline import Mark, Placed, Words, place
from formats.strings.prose import is_prose
from formats.xml.part import written
from formats.xml.splicing import Edits

LONGEST = 255
"""Characters that a header may have, its codes among them: with more the program calls the file damaged."""

# Fonts, colours, sizes; and all that has one letter. Two ampersands are one that is read.
_CODE = re.compile(r"&(?:\"[^\"]*+\"|K[0-9A-Fa-f]{6}|K\d{2}[+-]\d{3}|\d{1,3}|[^&\"\d])")
_SECTION = re.compile(r"&[LCRlcr]")
_SAID = frozenset("PNDTFAZGpndtfazg")
"""Letters of codes that stand for words: page, pages, date, time, file, sheet, path, picture."""


class Header:
    """A header or a footer, from `start` to `end` of its part."""

    says = Says.OWN

    def __init__(self, text: str, span: tuple[int, int]) -> None:
        self._span = span
        self._lines: list[_Line] = [_Line(line) for line in _lines(text)]

    @property
    def texts(self) -> Sequence[str]:
        """The lines of its three sections; page numbers and the like stand in them by names."""
        return [line.text for line in self._lines if is_prose(line.text)]

    def write(self, translated: Sequence[Translated], edits: Edits) -> None:
        """Write the translations, unless they are too long for a header."""
        rest = iter(translated)
        new = "".join(line.written(next(rest)) if is_prose(line.text) else line.raw for line in self._lines)
        if len(new) <= LONGEST:
            edits.replace(*self._span, written(new))


def _lines(text: str) -> list[str]:
    """Return sections and the lines in them, with what parts them at the beginning of each."""
    return re.split(r"(?=&[LCRlcr])|(?=[\r\n])", _double(text))


def _double(text: str) -> str:
    """Return the text with two ampersands as one that begins no code."""
    return text.replace("&&", "\ue000")


class _Line:
    def __init__(self, line: str) -> None:
        self._line = line
        self._break = line[: len(line) - len(line.lstrip("\r\n"))]
        line = line[len(self._break) :]
        self._codes: list[str] = []
        self._marks: list[Mark] = []
        text, position, names = "", 0, 0
        for found in _CODE.finditer(line):
            text += self._read(line[position : found.start()])
            code = found.group()
            names += code[1] in _SAID
            name = f"{{k{names}}}" if code[1] in _SAID else ""
            self._marks.append(Mark(len(text), len(self._codes), name=name))
            self._codes.append(code)
            text += name
            position = found.end()
        self._whole = text + self._read(line[position:])
        self.text = self._whole.strip()

    def _read(self, text: str) -> str:
        return text.replace("\ue000", "&").replace("\r", " ").replace("\n", " ")

    @property
    def raw(self) -> str:
        """The line as it was."""
        return self._line.replace("\ue000", "&&")

    def written(self, translated: Translated) -> str:
        """Return the line with a translation."""
        if not translated.changed:
            return self.raw
        start = len(self._whole) - len(self._whole.lstrip())
        end = start + len(self.text)
        out = [self._break, self._whole[:start]]
        out += [*(self._codes[mark.key] for mark in self._marks if mark.place < start)]
        marks = [mark._replace(place=mark.place - start) for mark in self._marks if start <= mark.place <= end]
        for part in place([], marks, translated):
            if isinstance(part, Placed):
                out.append(self._codes[part.key])
            elif isinstance(part, Words):
                # A number behind a size would be part of it.
                blank = " " if part.text[:1].isdigit() and re.search(r"&\d+\Z", "".join(out[-1:])) else ""
                out.append(blank + part.text.replace("&", "&&"))
        return "".join(out)
