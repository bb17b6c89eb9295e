"""Items and words back to XML: containers around runs, and one run for what has one look."""

from collections.abc import Sequence

from formats.office.word.items import Container, Item, What
from formats.xml.part import Part, written

Path = tuple[int, ...]


class Writer:
    """Writes the content of one paragraph."""

    def __init__(self, part: Part, prefix: bytes, containers: Sequence[Container]) -> None:
        """`prefix`: what names of Word begin with in this part, its colon included."""
        self._data, self._prefix, self._containers = part.data, prefix, containers
        self._out: list[bytes] = []
        self._path: Path = ()
        self._look: bytes | None = None
        self._text = ""
        self._after_tab = False
        # Containers that are to be written once.
        self._due = {key for key, one in enumerate(containers) if one.once}
        self._done: set[int] = set()

    def words(self, text: str, look: bytes, path: Path) -> None:
        """Write text."""
        if self._after_tab:
            text = text.removeprefix(" ")
            self._after_tab = not text
        if text:
            self._enter(path, look)
            self._text += text

    def tab(self, item: Item, path: Path) -> None:
        """Write a tab, which has no space beside it."""
        self._text = self._text.removesuffix(" ")
        self.item(item, path)
        self._after_tab = True

    def item(self, item: Item, path: Path) -> None:
        """Write an item as it was, with what has changed inside of it."""
        self._after_tab = False
        if item.items:
            depth = len(item.path)
            for one in item.items:
                self.item(one, path + one.path[depth:])
            return
        # A symbol in a font of its own changes what comes behind it in its run, for some programs.
        alone = item.what in (What.MARK, What.NAME)
        if alone:
            self._end_run()
        self._enter(path, item.look)
        self._end_text()
        self._out += item.edits.applied(self._data, item.start, item.end)
        if alone:
            self._end_run()

    def finished(self) -> bytes:
        """Return the content."""
        self._enter((), None)
        for key in sorted(self._due):
            for item in (*self._containers[key].opening, *self._containers[key].closing):
                self.item(item, ())
        return b"".join(self._out)

    def _enter(self, path: Path, look: bytes | None) -> None:
        """Go into containers and into a run of a look (None: beside runs), out of those that are open."""
        path = self._left(path)
        if path == self._path and look == self._look:
            return
        self._end_run()
        if path != self._path:
            before, same = self._path, 0
            while same < min(len(path), len(before)) and path[same] == before[same]:
                same += 1
            for depth in range(len(before) - 1, same - 1, -1):
                if self._containers[before[depth]].once:
                    self._done.add(before[depth])
                self._border(self._containers[before[depth]].closing, before[:depth])
            path = self._left(path)
            for depth in range(same, len(path)):
                self._due.discard(path[depth])
                self._border(self._containers[path[depth]].opening, path[:depth])
            self._path = path
        if look is not None:
            self._out.append(b"<" + self._prefix + b"r>" + look)
        self._look = look

    def _left(self, path: Path) -> Path:
        """Return a path without the containers that were there once."""
        return tuple(key for key in path if key not in self._done) if self._done else path

    def _border(self, items: Sequence[Item], path: Path) -> None:
        self._path = path
        for item in items:
            self.item(item, path)
        self._end_run()

    def _end_text(self) -> None:
        if self._text:
            # A hyphen at which no line ends is an element, which looks right in every font.
            hyphen = b"<" + self._prefix + b"noBreakHyphen/>"
            tag = self._prefix + b"t"
            self._out.append(
                hyphen.join(
                    b"<" + tag + b' xml:space="preserve">' + written(text) + b"</" + tag + b">" if text else b""
                    for text in self._text.split("\u2011")
                )
            )
            self._text = ""

    def _end_run(self) -> None:
        self._end_text()
        if self._look is not None:
            self._out.append(b"</" + self._prefix + b"r>")
            self._look = None
