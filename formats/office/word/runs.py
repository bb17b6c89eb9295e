"""Paragraphs of Word, read into items."""

import re
from collections.abc import Callable, Iterator, Sequence

from formats.document import Notes
from formats.office.attributes import values
from formats.office.blocks import Block, Says
from formats.office.word.fields import is_translated
from formats.office.word.items import Container, Item, What
from formats.office.word.nodes import Node
from formats.office.word.ranges import ranges
from formats.office.word.styles import Styles
from formats.strings.prose import is_prose
from formats.xml.part import Part, Start

_DIRECTED = frozenset(("w:bdo", "w:dir"))
_AROUND = _DIRECTED | {"w:hyperlink", "w:ins", "w:moveTo", "w:smartTag", "w:sdt", "w:customXml", "w:fldSimple"}
_PROPERTIES = frozenset(("w:pPr", "w:rPr", "w:sdtPr", "w:sdtEndPr", "w:smartTagPr", "w:customXmlPr", "w:fldData"))
_DELETED = frozenset(("w:del", "w:moveFrom"))
_REVISED = frozenset(("w:ins", "w:del", "w:moveTo", "w:moveFrom"))
_CHOSEN = frozenset(("w:dropDownList", "w:comboBox", "w:date"))
_IN_RUNS = {
    "w:t": What.TEXT,
    "w:noBreakHyphen": What.TEXT,
    "w:softHyphen": What.DROP,
    "w:tab": What.TAB,
    "w:ptab": What.TAB,
    "w:br": What.BREAK,
    "w:cr": What.BREAK,
    "w:sym": What.NAME,
    "w:ruby": What.NAME,
}
# White space with more in it than spaces, which stay as many as they are.
_SPACE = re.compile(r"(?<! ) *+[\t\r\n][ \t\r\n]*+")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_FROM_RIGHT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_TRACKED = (
    "The document has tracked changes: what was inserted is translated as an insertion, what was deleted stays as it was. "
    "Accept or reject the changes before sending it if the translation is to have none."
)


class Context:
    """What is known of the document that a paragraph is in."""

    def __init__(
        self, part: Part, styles: Styles, notes: Notes, paragraph: Callable[["Context", Node, Says], Block]
    ) -> None:
        """`paragraph`: makes a block of a paragraph inside of another one."""
        self.part, self.styles, self.notes = part, styles, notes
        self._paragraph = paragraph

    def paragraph(self, node: Node, says: Says) -> Block:
        """Return the block of a paragraph inside of another one."""
        return self._paragraph(self, node, says)


class Reading:
    """Reads one paragraph. `items` and `containers` are complete once it is made."""

    def __init__(self, context: Context, node: Node) -> None:
        self._context = context
        self.items: list[Item] = []
        self.containers: list[Container] = []
        rubies = [one for one in node.all() if one.name == "w:ruby"]
        # Signs with a reading above them are foreign in a text that has none else.
        self._foreign = bool(rubies) and not _IDEOGRAPH.search(_text(node, without=rubies))
        # So are those that are written from the right, in a text that is not.
        directed = [one for one in node.all() if one.name in _DIRECTED]
        self._from_left = bool(directed) and not _FROM_RIGHT.search(_text(node, without=directed))
        about = node.child("w:pPr")
        self._hidden = about is not None and about.value("w:pStyle") in context.styles.hidden
        self._content(node.children, ())

    def _content(self, nodes: Sequence[Node], path: tuple[int, ...]) -> None:
        found = ranges(nodes)
        open_: list[int] = []
        for number, node in enumerate(nodes):
            if open_ and number == open_[-1]:
                open_.pop()
                path = path[:-1]
            elif number in found:
                end = nodes[found[number]]
                open_.append(found[number])
                path = (*path, len(self.containers))
                opening, closing = Item(What.MARK, node.start, node.end), Item(What.MARK, end.start, end.end)
                self.containers.append(Container([opening], [closing], once=True))
            elif node.name == "w:r":
                self._run(node, path)
            elif node.name not in _PROPERTIES:
                self._beside(node, path)

    def _beside(self, node: Node, path: tuple[int, ...]) -> None:
        """Take what stands beside runs."""
        left = self._context.notes.left
        if node.name in _REVISED:
            self._context.notes.warn(_TRACKED)
        what = What.MARK
        if node.name in _AROUND and self._is_open(node):
            self._container(node, path)
            return
        if node.name in _DELETED:
            left["tracked deletions"] += 1
            self.items.append(Item(what, node.start, node.end, path=path))
            return
        if node.name == "w:proofErr":
            what = What.DROP
        elif node.name in ("m:oMath", "m:oMathPara"):
            left["formulas"] += 1
            what = What.NAME
        elif _text(node).strip():
            what = What.NAME
        self.items.append(Item(what, node.start, node.end, path=path, blocks=list(self._inside(node))))

    def _is_open(self, node: Node) -> bool:
        """Whether what is in a container is part of the text around it."""
        text = _text(node)
        if not text.strip():
            return False
        if node.name == "w:fldSimple":
            open_ = is_translated(node.attributes.get("w:instr", "")) and is_prose(text)
            if not open_:
                self._context.notes.left["fields"] += 1
            return open_
        if node.name == "w:sdt" and (about := node.child("w:sdtPr")) is not None:
            return not any(child.name in _CHOSEN for child in about.children)
        if node.name in _DIRECTED:
            return not (self._from_left and _FROM_RIGHT.search(text))
        return node.name != "w:hyperlink" or is_prose(text)

    def _container(self, node: Node, path: tuple[int, ...]) -> None:
        inner = node.child("w:sdtContent") if node.name == "w:sdt" else node
        assert inner is not None, "text is nowhere else"
        content = [child for child in inner.children if child.name not in _PROPERTIES]
        key = len(self.containers)
        self.containers.append(
            Container(
                [Item(What.MARK, node.start, content[0].start, blocks=list(self._said(node)))],
                [Item(What.MARK, inner.outer, node.end)],
            )
        )
        self._content(content, (*path, key))

    def _run(self, node: Node, path: tuple[int, ...]) -> None:
        about = node.child("w:rPr")
        look = b"" if about is None else self._context.part.data[about.start : about.end]
        style = None if about is None else about.value("w:rStyle")
        if about is not None and about.child("w:vanish") is not None:
            hidden = about.is_on("w:vanish")
        else:
            # A style of runs that hides text shows it in a paragraph whose style does.
            hidden = self._hidden != (style in self._context.styles.hidden)
        code = style in self._context.styles.code
        for child in node.children:
            if child.name == "w:rPr":
                continue
            item = self._of_run(child, look, path)
            if item.what in (What.TEXT, What.NAME) and hidden:
                self._context.notes.left["hidden text"] += 1
                item = Item(What.MARK, item.start, item.end, look, path=path)
            elif item.what is What.TEXT and code and item.text.strip():
                self._context.notes.left["code"] += 1
                item = Item(What.NAME, item.start, item.end, look, path=path)
            self.items.append(item)

    def _of_run(self, node: Node, look: bytes, path: tuple[int, ...]) -> Item:
        item = Item(_IN_RUNS.get(node.name, What.MARK), node.start, node.end, look, path=path)
        if node.name == "w:t":
            item.text = _shown(node)
        elif node.name == "w:noBreakHyphen":
            item.text = "\u2011"
        elif node.name == "w:br" and node.attributes.get("w:type") in ("page", "column"):
            item.what = What.PART
        elif node.name == "w:fldChar":
            item.step = node.attributes.get("w:fldCharType", "")
        elif node.name == "w:instrText":
            item.code = node.text
        elif node.name == "w:ruby":
            base = node.child("w:rubyBase")
            if not self._foreign and base is not None:
                item.what, item.text = What.TEXT, _text(base)
        elif item.what is What.MARK:
            item.blocks = list(self._inside(node))
        return item

    def _inside(self, node: Node) -> Iterator[Block]:
        """Yield what is translated inside of something: text boxes, alternative texts."""
        waiting = [(node, Says.OWN)]
        while waiting:
            one, says = waiting.pop()
            if one.name == "w:p":
                yield self._context.paragraph(one, says)
                continue
            if one.name == "mc:Fallback":
                says = Says.AGAIN
            yield from self._said(one, Says.AGAIN if one.name in ("pic:cNvPr", "wps:cNvPr") else says)
            waiting += ((child, says) for child in reversed(one.children))

    def _said(self, node: Node, says: Says = Says.OWN) -> Iterator[Block]:
        """Yield what the tag of an element says to people."""
        if names := _SAYING.get(node.name):
            tag = Start(node.name, node.attributes, node.start, node.inner, empty=False)
            yield from values(self._context.part, tag, names, says)


_DESCRIBED: dict[str, int | None] = {"descr": None, "title": None}
_ALTERNATIVE: dict[str, int | None] = {"alt": None}
_SAYING = dict.fromkeys(("wp:docPr", "pic:cNvPr", "wps:cNvPr"), _DESCRIBED)
_SAYING |= dict.fromkeys(("v:shape", "v:rect", "v:imagedata", "v:group"), _ALTERNATIVE)
_SAYING["v:textpath"] = {"string": None}
_SAYING["w:hyperlink"] = {"w:tooltip": None}


def _shown(node: Node) -> str:
    """Return the text of a `w:t` as Word shows it."""
    text = node.text
    if not any(name.endswith("space") and value == "preserve" for name, value in node.attributes.items()):
        text = text.strip(" \t\r\n")
    return _SPACE.sub(" ", text)


def _text(node: Node, without: Sequence[Node] = ()) -> str:
    """Return the text in an element, without that in others, of what is deleted, and of text boxes."""
    parts: list[str] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one in without or one.name in _DELETED or one.name in ("w:txbxContent", "w:rt"):
            continue
        if one.name == "w:t":
            parts.append(one.text)
        waiting += reversed(one.children)
    return "".join(parts)
