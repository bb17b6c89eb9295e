"""One page: its texts, and the page with their translations."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate, islice

from formats.document import Options, Piece, Translated, of_level
from formats.markup.attributes import is_language
from formats.markup.document import Markup
from formats.markup.reading import read_tokens, unused_prefix
from formats.markup.rules import Rules
from formats.markup.texts import parts
from formats.markup.tokens import tokens
from formats.strings.prose import is_prose
from formats.web.stretches import as_text, stretches

_IDEOGRAPHIC = frozenset({"ja", "zh", "ko", "yue"})
# So many in a row are no single name.
_IDEOGRAPH = re.compile("[\u3040-\u9fff\uac00-\ud7af]{12}")
# Tokens among which the tags are that name the language of a page.
_HEAD = 400


class Page:
    """A page. Guarantee: with translations that are its texts it comes back as it was; what has not changed stays."""

    def __init__(self, source: str, options: Options, *, xml: bool, language: str = "") -> None:
        """`language`: that of what the page belongs to, where the page does not say its own."""
        self._source, self._options, self._xml = source, options, xml
        self._prefix = unused_prefix(source)
        own = options.stated or self._language() or language
        signs = own.lower().partition("-")[0] in _IDEOGRAPHIC if own else _IDEOGRAPH.search(source) is not None
        if not options.stated and options.target and is_language(own, options.target):
            # Nobody has a page translated into its own language: it is said wrongly.
            own = ""
        self._rules = Rules(source=own, target=options.target, xml=xml, page=True, ideographic=signs)

    def texts(self, left: Counter[str]) -> Iterator[str]:
        """Yield the texts: blocks in their order, and after some of them the values of attributes that people read."""
        for markup, _ in self._markups(left):
            found = list(_parts(markup.text))
            starts = accumulate((len(part) for part, _ in found), initial=0)
            levels = markup.levels(starts)
            yield from (of_level(part, level) for (part, is_text), level in zip(found, levels, strict=False) if is_text)

    def written(self, translated: Iterator[Translated], *, named: bool) -> Iterator[str]:
        """Yield the page with translations of its `texts`; `named`: the language of the translation is named."""
        for markup, raw in self._markups(Counter()):
            given: list[Piece] = []
            changed = False
            for text, is_text in _parts(markup.text):
                if is_text:
                    one = next(translated)
                    changed = changed or one.changed
                    given += one.pieces
                else:
                    given.append(Piece(text, None))
            if not changed and not (named and markup.names_languages):
                yield raw
                continue
            yield markup.restore(
                [(piece.source, piece.translation) for piece in given],
                [piece.links for piece in given],
                self._options.source,
                named=named,
            )

    def _markups(self, left: Counter[str]) -> Iterator[tuple[Markup, str]]:
        found = tokens(self._source, html=True, xml=self._xml)
        place = 0
        for stretch in stretches(found, self._rules):
            end = place + sum(len(token.raw) for token in stretch)
            read = read_tokens(
                [as_text(token) for token in stretch] if self._xml else stretch, self._prefix, self._rules
            )
            left.update(read.left)
            yield Markup(read, self._rules), self._source[place:end]
            place = end

    def _language(self) -> str:
        """Return the language that the page says it is in."""
        for token in islice(tokens(self._source, html=True, xml=self._xml), _HEAD):
            if token.name in ("html", "body") and token.kind == "open":
                said = token.attributes.get("lang") or token.attributes.get("xml:lang")
                if said:
                    return said
        return ""


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield what is translated of what was read, and what is between that; with each, whether it is translated."""
    return ((one, is_text and is_prose(one)) for one, is_text in parts(text))
