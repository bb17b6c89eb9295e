"""Which tags end a sentence, and which elements are not translated."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from formats.markup.attributes import is_language
from formats.markup.tokens import Kind, Token

# By the HTML standard's rendering these begin a line of their own, or hold no running text.
_BLOCKS = frozenset({
    "address", "article", "aside", "audio", "blockquote", "body", "canvas", "caption", "center", "col", "colgroup",
    "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "iframe",
    "legend", "li", "link", "main", "menu", "meta", "nav", "noscript", "object", "ol", "optgroup", "option", "p",
    "pre", "section", "select", "style", "script", "summary", "table", "tbody", "td", "template", "textarea",
    "tfoot", "th", "thead", "title", "tr", "ul", "video",
})  # fmt: skip
_PREFORMATTED = frozenset({"pre", "textarea", "listing", "xmp", "plaintext"})
# Beside the words: how they are read, and some small signs above the line and signs that are links.
_ASIDE = frozenset({"a", "rp", "rt", "rtc", "sup"})
_KEPT = frozenset({"code", "kbd", "samp", "var", "script", "style", "svg", "math", "template"})
# What books call numbers of pages and references to notes, which stand beside the words.
_BESIDE = frozenset({"noteref", "doc-noteref", "pagebreak", "doc-pagebreak"})
_PAGE_LISTS = frozenset({"page-list", "doc-pagelist"})
# Parts of classes that say that preformatted text is code.
_CODE = frozenset({
    "brush", "code", "codehilite", "console", "highlight", "lang", "language", "listing", "literal", "prettyprint",
    "programlisting", "screen", "sourcecode",
})  # fmt: skip
_CLASS_PARTS = re.compile(r"[^a-z]+")


@dataclass(frozen=True, slots=True)
class Rules:
    """What tags mean. For XML, whose names mean nothing here, the sender may say it."""

    html: bool = True
    kept: Collection[str] = ()
    """Further elements that are not translated."""
    splitting: Collection[str] = ()
    """Further tags that end a sentence."""
    joining: Collection[str] = ()
    """Tags that end none."""
    outline: bool = True
    """XML: an element that has no text beside it ends a sentence."""
    source: str = ""
    """Language of the text; an element that says it is in another one is left as it is. Empty: not known."""
    target: str = ""
    """Language of the translation."""
    xml: bool = False
    """HTML as XML."""
    ideographic: bool = True
    """The language is written in signs that have readings; in others such signs are none of it."""
    page: bool = False
    """It is a page, not a string: lines that stand for themselves are texts of their own, and so are links of a menu."""

    def for_document(self, found: Sequence[Token]) -> "Rules":
        """Return the rules with what the document shows."""
        if self.html or not self.outline:
            return self
        return replace(self, splitting={*self.splitting, *_without_text_beside(found)})

    def is_kept(self, token: Token) -> bool:
        """Whether the element that this tag begins is left as it is."""
        if token.name in self.kept:
            return True
        if self.page and token.name in ("html", "body"):
            # Its sender wants it translated, whatever the page says to browsers.
            return False
        return self.html and (
            token.name in _KEPT
            or not _PAGE_LISTS.isdisjoint(_roles(token))
            or (self.page and token.name == "pre" and not _CODE.isdisjoint(_CLASS_PARTS.split(_class_of(token))))
            or token.attributes.get("translate", "").lower() == "no"
            or "notranslate" in _class_of(token).split()
            or self._is_foreign(token)
        )

    def why_kept(self, token: Token) -> str:
        """Return in a few words why an element is left as it is; nothing where nobody would read it."""
        if token.name in ("script", "style", "template"):
            return ""
        if token.name in ("math", "nav"):
            return "formulas" if token.name == "math" else "lists of pages"
        if token.name in _KEPT or token.name == "pre":
            return "drawings" if token.name == "svg" else "code"
        return (
            "texts in other languages"
            if token.name == "ruby" or self._is_foreign(token)
            else "texts marked as not to be translated"
        )

    def _is_foreign(self, token: Token) -> bool:
        language = token.attributes.get("lang") or token.attributes.get("xml:lang") or ""
        # The whole document may say what it likes: its sender says which language it is in.
        if not language or token.name in ("html", "body"):
            return False
        if self.page and self.target and is_language(language, self.target):
            return True
        return bool(self.source) and not is_language(language, self.source)

    def is_preformatted(self, token: Token) -> bool:
        """Whether white space in this element is as it is read."""
        return self.html and token.name in _PREFORMATTED

    def is_aside(self, token: Token) -> bool:
        """Whether an element may be no part of the sentence in which it stands."""
        return self.html and token.name in _ASIDE

    def is_beside(self, token: Token) -> bool:
        """Whether an element says that it is no part of the sentence in which it stands."""
        return self.page and not _BESIDE.isdisjoint(_roles(token))

    def is_block(self, token: Token) -> bool:
        """Whether a tag ends the sentence before it."""
        if token.name in self.joining:
            return False
        if self.page and token.name == "input":
            return token.attributes.get("type", "").lower() != "hidden"
        return token.name in self.splitting or (self.html and token.name in _BLOCKS)

    def breaks_line(self, token: Token) -> bool:
        """Whether it is a line break, which may stand inside a sentence."""
        return self.html and token.name == "br" and token.kind != "close"


def _class_of(token: Token) -> str:
    return token.attributes.get("class", "").lower()


def _roles(token: Token) -> list[str]:
    """Return what an element says that it is."""
    given = token.attributes
    return f"{given.get('epub:type', '')} {given.get('role', '')}".split() if given else []


def _without_text_beside(found: Sequence[Token]) -> set[str]:
    """Return the names of elements whose parents never have text of their own."""
    parents: list[str] = [""]
    beside: dict[str, set[str]] = {}
    mixed: set[str] = set()
    for token in found:
        kind: Kind = token.kind
        if kind == "text" and token.raw.strip():
            mixed.add(parents[-1])
        elif token.name and kind in ("open", "empty"):
            beside.setdefault(token.name, set()).add(parents[-1])
            if kind == "open":
                parents.append(token.name)
        elif kind == "close" and len(parents) > 1:
            parents.pop()
    return {name for name, around in beside.items() if not around & mixed}
