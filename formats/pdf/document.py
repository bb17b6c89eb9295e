"""What the pages of a document say, from the first to the last."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, NoReturn

from formats.document import Notes
from formats.errors import DocumentError
from formats.pdf.layout import BOLD, Page
from formats.pdf.lines import Region, regions
from formats.pdf.margins import Margin, Margins
from formats.pdf.paragraphs import Block, add, blocks_of, continues, is_bullet, label_of, text_of_row, without_label
from formats.pdf.texts import Text

_USUAL_LEADING = 1.3
# Sizes of headings in sizes of the text, and how many levels of them are told apart.
_LARGER, _SMALLER, _LEVELS = 1.12, 0.92, 3
_LONGEST_HEADING = 120
# Pages that are looked at before one is read: for what they repeat, and how large most letters are.
_AHEAD = 20


class Paragraph(NamedTuple):
    """A paragraph, a heading, an item of a list, or a row of a table."""

    texts: list[Text]
    """One, or of a row one a cell."""
    level: int = 0
    """Of a heading, from 1; 0: it is none."""
    label: str = ""
    """Number or bullet of an item."""
    bold: bool = False
    """Whether all of it is."""
    margin: Margin = ""
    """Whether it is a head or a foot of pages."""


class Facts:
    """What has to be known of pages beside the one that is read: those before it, and some behind it."""

    def __init__(self) -> None:
        self.margins = Margins()
        self.size = 0.0
        """Of most letters."""
        self.leading = _USUAL_LEADING
        """From line to line, in sizes."""
        self._sizes: Counter[float] = Counter()
        self._distances: Counter[float] = Counter()
        self._levels: dict[float, int] = {}
        self._letters = self._unreadable = self._pictures = self._pages = 0
        self._without: list[int] = []

    def count(self, page: Page) -> None:
        """Take a page into account."""
        self._pages += 1
        self.margins.count(page)
        here = sum(len(chunk.text) for chunk in page.chunks)
        if not here and page.pictures:
            self._without.append(self._pages)
        self._letters += here
        self._pictures += page.pictures
        self._unreadable += page.unreadable
        for chunk in page.chunks:
            self._sizes[round(chunk.size * 2) / 2] += len(chunk.text)
        for one, other in pairwise(page.chunks):
            distance = (other.base - one.base) / max(one.size, 1.0)
            if 0.9 < distance < 2.6 and abs(one.size - other.size) < 0.5:
                self._distances[round(distance * 20) / 20] += 1
        if self._sizes:
            self.size = self._sizes.most_common(1)[0][0]
        if sum(self._distances.values()) > 2:
            self.leading = self._distances.most_common(1)[0][0]
        larger = {size for size, count in self._sizes.items() if size >= _LARGER * self.size and count > 1}
        self._levels = {size: level for level, size in enumerate(sorted(larger, reverse=True), 1)}

    @property
    def readable(self) -> bool:
        """Whether the pages so far have text that can be read."""
        return bool(self._letters) and self._unreadable <= self._letters

    def refuse(self) -> NoReturn:
        """Raise `DocumentError` for a document without text."""
        raise _no_text(self._pages, self._unreadable, self._without)

    def note(self, notes: Notes) -> None:
        """Note what was found on all pages."""
        _note(notes, self._pictures, self._unreadable, self._without)

    def level(self, block: Block) -> int:
        """Return the level of a heading; 0 for what is none."""
        text = block.composed.text
        if block.row or block.margin or len(text) > _LONGEST_HEADING or not any(map(str.isalpha, text)):
            return 0
        found = self._levels.get(round(block.size * 2) / 2, 0)
        if found:
            return min(found, _LEVELS)
        alone = block.bold and len(block.lines) < 3 and not text.rstrip().endswith((".", ",", ";", ":", "!", "?"))
        return min(len(self._levels) + 1, _LEVELS + 1) if alone and block.size >= _SMALLER * self.size else 0


def paragraphs(pages: Iterable[Page], notes: Notes) -> Iterator[Paragraph]:
    """Yield what a document says, in the order of reading, some pages behind the one that was read last.

    Raises `DocumentError` before the first if it has no text.
    """
    facts = Facts()
    waiting: list[Block] = []
    before: Block | None = None
    for page in _behind(pages, facts, notes):
        found = list(_of_page(page, facts, notes))
        body = next((block for block in found if not block.margin), None)
        last = next((block for block in reversed(waiting) if _is_body(block, facts)), None)
        if body and last and _is_body(body, facts) and continues(last, body):
            _merge(last, body)
            found.remove(body)
        waiting += found
        # What a page ends with may go on on the next.
        done = max((number for number, block in enumerate(waiting) if _is_body(block, facts)), default=len(waiting) - 1)
        for one, after in pairwise(waiting[: done + 1]):
            yield _paragraph(one, facts, (before, after))
            before = one
        waiting = waiting[max(done, 0) :]
    for number, one in enumerate(waiting):
        yield _paragraph(one, facts, (before, waiting[number + 1] if number + 1 < len(waiting) else None))
        before = one


def _behind(pages: Iterable[Page], facts: Facts, notes: Notes) -> Iterator[Page]:
    """Yield the pages, each when the facts know those that are `_AHEAD` behind it; the first when there is text to read."""
    waiting: deque[Page] = deque()
    begun = False
    for page in pages:
        facts.count(page)
        notes.left.update(page.left)
        waiting.append(page)
        begun = begun or (len(waiting) > _AHEAD and facts.readable)
        while begun and len(waiting) > _AHEAD:
            yield waiting.popleft()
    if not (begun or facts.readable):
        facts.refuse()
    facts.note(notes)
    yield from waiting


def _of_page(page: Page, facts: Facts, notes: Notes) -> Iterator[Block]:
    top, body, bottom, left = facts.margins.part(page)
    if left:
        notes.left["repeated heads, feet and numbers of pages"] += left
    yield from _blocks(regions(top, 0), facts, page, margin="head")
    found: list[Block] = []
    for region in regions(body):
        mine = list(_blocks([region], facts, page))
        last = next((block for block in reversed(found) if _is_body(block, facts)), None)
        if mine and last and _is_body(mine[0], facts) and continues(last, mine[0]):
            _merge(last, mine.pop(0))
        found += mine
    yield from found
    yield from _blocks(regions(bottom, 0), facts, page, margin="foot")


def _blocks(found: Sequence[Region], facts: Facts, page: Page, *, margin: Margin = "") -> Iterator[Block]:
    for region in found:
        yield from blocks_of(region, facts.leading, page.links, margin=margin)


def _is_body(block: Block, facts: Facts) -> bool:
    return not (block.margin or block.row) and _SMALLER * facts.size <= block.size and not facts.level(block)


def _merge(block: Block, more: Block) -> None:
    # Addresses are numbered anew on each page.
    block.links, added = more.links, more.lines
    block.right = more.right
    for line in added:
        add(block, line)


def _paragraph(block: Block, facts: Facts, around: tuple[Block | None, Block | None]) -> Paragraph:
    if block.row:
        return Paragraph(text_of_row(block.lines[0], block.links), margin=block.margin)
    level, bold = facts.level(block), block.bold
    label = label_of(block.lines[0])
    composer = block.composed
    if label and not level and (is_bullet(label) or len(block.lines[0].chunks) > 1 or _in_list(block, around)):
        label, composer = without_label(block)
    else:
        label = ""
    return Paragraph([composer.done(plain=BOLD if bold else 0)], level, label, bold, block.margin)


def _in_list(block: Block, around: tuple[Block | None, Block | None]) -> bool:
    lines = block.lines
    if len(lines) > 1 and lines[1].left > lines[0].left + 0.5 * block.size:
        return True
    return any(one and one.labelled and abs(one.lines[0].left - block.lines[0].left) < 2 for one in around)


def _no_text(pages: int, unreadable: int, without: Sequence[int]) -> DocumentError:
    if unreadable:
        what = "its fonts do not say which letters their shapes are"
    elif without:
        what = (
            f"its {pages} page{'s are' if pages > 1 else ' is'} a picture each"
            if pages > 1
            else "its page is a picture"
        )
    else:
        what = "nothing is written on its pages"
    return DocumentError(
        f"the file has no text that can be read: {what}. Have its text recognised first (OCR), for example with "
        "`ocrmypdf --force-ocr -l deu in.pdf out.pdf`, and send the result"
    )


def _note(notes: Notes, pictures: int, unreadable: int, without: Sequence[int]) -> None:
    if pictures:
        notes.left["pictures"] += pictures
        notes.warn("The result has the text of the pages, not their pictures and drawings.")
    if unreadable:
        notes.left["letters that have a shape only"] += unreadable
    if without:
        named = ", ".join(map(str, without[:20])) + (" …" if len(without) > 20 else "")
        notes.warn(f"Pages without text, which OCR (such as ocrmypdf) could give them: {named}.")
