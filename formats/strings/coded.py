"""A string with codes in it (tags, names, line breaks), of any kind of file: apart for translation, together after it.

The codes get tags of one kind, whatever they are in the file, so that what is known of markup holds for all.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formats.document import Options, Piece, Translated
from formats.markup.document import Markup
from formats.markup.rules import Rules
from formats.markup.texts import restored, texts
from formats.markup.tokens import Token
from formats.strings.codes import Code, Parts
from formats.strings.prose import is_prose

_TAG = re.compile(r'<(/?)(\w{1,9}) n="(\d{1,9})"/?>(?:</word>)?')
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class _Rules(Rules):
    """What the tags of codes mean."""

    def is_kept(self, token: Token) -> bool:
        return token.name == "word"

    def breaks_line(self, token: Token) -> bool:
        return token.name == "line"

    def is_block(self, token: Token) -> bool:
        return token.name == "part"


class Coded:
    """A string with codes. With translations that are its texts, `restored` gives its parts back."""

    def __init__(self, parts: Parts) -> None:
        self._codes = [one for one in parts if isinstance(one, Code)]
        self._inner = {number: Coded(one.inner) for number, one in enumerate(self._codes) if one.inner}
        whole = "" if self._codes else "".join(one for one in parts if isinstance(one, str))
        self._plain = whole if "\n" not in whole else ""
        if self._plain.strip():
            # Most strings are one text, and need no more.
            self.texts = [self._plain.strip()] if is_prose(self._plain) else []
            return
        self._beside = {id(one): _spaces_beside(parts, place) for place, one in enumerate(parts) if _is_line(one)}
        self._markup = Markup("".join(self._canonical(parts)), _Rules(html=False, outline=False))
        found = list(texts(self._markup.text))
        self._given = [is_prose(one) for one in found]
        self.texts = [one for one, given in zip(found, self._given, strict=True) if given]
        """Its own, and behind them those within its codes."""
        self._own = len(self.texts)
        for inner in self._inner.values():
            self.texts += inner.texts

    def restored(self, translated: Sequence[Translated]) -> list[str | Code]:
        """Return the parts with the translations of `texts`, one each; every code is there once."""
        if self._plain.strip():
            start = len(self._plain) - len(self._plain.lstrip())
            made = "".join(one.text for one in translated) if self.texts else self._plain.strip()
            return [self._plain[:start] + made + self._plain[len(self._plain.rstrip()) :]]
        rest = iter(translated)
        found = iter(list(texts(self._markup.text)))
        whole = (
            next(rest) if given else Translated([Piece(one, None)])
            for one, given in zip(found, self._given, strict=True)
        )
        parts = self._without_new_spaces(list(self._parts(restored(self._markup, whole, Options()))))
        # Behind the own ones.
        return list(self._filled(list(parts), rest)) if self._inner else list(parts)

    def _filled(self, parts: Parts, translated: Iterator[Translated]) -> Iterator[str | Code]:
        """Yield parts with the translations of the texts within codes, which come in the order of the source."""
        made = {
            id(self._codes[number]): inner.restored([next(translated) for _ in inner.texts])
            for number, inner in self._inner.items()
        }
        for part in parts:
            yield from made.get(id(part), (part,))

    def _without_new_spaces(self, parts: Parts) -> Iterator[str | Code]:
        """Yield parts without the space between words at which a line break is now."""
        for place, part in enumerate(parts):
            kept = part
            if isinstance(kept, str):
                before, behind = (
                    (parts[place - 1] if place else ""),
                    (parts[place + 1] if place + 1 < len(parts) else ""),
                )
                if _is_line(before) and not self._beside[id(before)][1]:
                    kept = kept.lstrip(" ")
                if _is_line(behind) and not self._beside[id(behind)][0]:
                    kept = kept.rstrip(" ")
            if kept:
                yield kept

    def _canonical(self, parts: Parts) -> Iterator[str]:
        names: dict[str, int] = {}
        number = 0
        for one in parts:
            if isinstance(one, str):
                yield one.translate(_ESCAPES)
                continue
            name = f"t{names.setdefault(one.name, len(names))}" if one.kind in ("open", "close") else one.kind
            start, end = {"close": ("</", ">"), "open": ("<", ">"), "word": ("<", "></word>")}.get(
                one.kind, ("<", "/>")
            )
            yield f'{start}{name} n="{number}"{end}'
            number += 1

    def _parts(self, canonical: str) -> Iterator[str | Code]:
        position = 0
        for found in _TAG.finditer(canonical):
            if position < found.start():
                yield _plain(canonical[position : found.start()])
            yield self._codes[int(found[3])]
            position = found.end()
        if position < len(canonical):
            yield _plain(canonical[position:])


def _is_line(part: str | Code) -> bool:
    return isinstance(part, Code) and part.kind == "line"


def _spaces_beside(parts: Parts, place: int) -> tuple[bool, bool]:
    """Return whether there is a space before and behind a part."""
    before, behind = parts[max(0, place - 1)], parts[min(place + 1, len(parts) - 1)]
    return isinstance(before, str) and before.endswith(" "), isinstance(behind, str) and behind.startswith(" ")


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
