"""Texts that are not in runs: the value of an attribute, and the content of an element that holds text only."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from formats.document import Translated
from formats.office.blocks import Says
from formats.strings.prose import is_prose
from formats.xml.part import End, Part, Start, Text, attributes, written, written_value
from formats.xml.splicing import Edits

_NAMESPACE = re.compile("[}:]")
# Line breaks and tabs part texts; Office writes them as `_x000a_` in attributes.
_LINE_END = re.compile(r"((?:[\t\n\v\r]|_x000[9aAbBdD]_)++)")


class Plain:
    """A text from `start` to `end` of a part."""

    def __init__(
        self,
        text: str,
        span: tuple[int, int],
        write: Callable[[str], bytes] = written,
        says: Says = Says.OWN,
        longest: int | None = None,
    ) -> None:
        """`longest`: how many characters may stand there; a longer translation is cut at a word."""
        self.says = says
        self._span, self._write, self._longest = span, write, longest
        self._parts = _LINE_END.split(text)

    @property
    def texts(self) -> Sequence[str]:
        """The text, if it is language; each line for itself."""
        return [part.strip() for part in self._parts if is_prose(part)]

    def write(self, translated: Sequence[Translated], edits: Edits) -> None:
        """Write the translation."""
        rest = iter(translated)
        text = "".join(part.replace(part.strip(), next(rest).text) if is_prose(part) else part for part in self._parts)
        if self._longest is not None:
            text = _shortened(text, self._longest)
        edits.replace(*self._span, self._write(text))


def values(part: Part, tag: Start, names: Mapping[str, int | None], says: Says = Says.OWN) -> Iterator[Plain]:
    """Yield those attributes of a tag that have one of these names, each with how long its value may be."""
    if any(tag.attributes.get(name) for name in names):
        for one in attributes(part.data, tag.start, tag.end):
            if one.name in names:
                yield Plain(tag.attributes[one.name], (one.start, one.end), written_value, says, names[one.name])


def contents(part: Part, name: str) -> Iterator[Plain]:
    """Yield what stands in the elements of this name, whatever their namespace is, that hold text only."""
    begun: Start | None = None
    text = ""
    for event in part.events({}):
        if isinstance(event, Start) and _NAMESPACE.split(event.name)[-1] == name and not event.empty:
            begun, text = event, ""
        elif isinstance(event, Text) and begun is not None:
            text += event.text
        elif isinstance(event, End) and begun is not None:
            yield Plain(text, (begun.end, event.start))
            begun = None


def _shortened(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return cut[: cut.rfind(" ")].rstrip() + "…" if " " in cut else cut + "…"
