"""Heads of tables: cells whose words are the names of columns, too, so that both change together or not at all."""

from collections.abc import Collection, Iterable, Sequence
from itertools import chain

from formats.document import Translated
from formats.office.blocks import Known, Walk
from formats.office.package import Package
from formats.office.sheets import tables
from formats.strings.prose import is_prose

_LONGEST = 255
"""Characters of a column's name."""
_USED_BY = ("pivotCacheDefinition", "slicerCache", "connections", "vbaProject", "powerPivotData")
"""What may ask for a column by its name, and is not read here."""


class HeadWords:
    """The words of heads, and what becomes of them.

    Guarantee: no two columns of a table become alike, and each name is one that the program takes: with others it calls the
    file damaged.
    """

    def __init__(self, named: Sequence[Sequence[str]], free: Collection[str]) -> None:
        """`named`: the columns of each table. `free`: words that may be translated."""
        self._named = named
        self.free = list(dict.fromkeys(name.strip() for name in chain(*named) if name in free))
        self.became: Known = {}
        """Those that have changed; complete when all were asked for."""

    def asked(self) -> Walk[None]:
        """Ask for them."""
        found: dict[str, Translated] = {}
        for text in self.free:
            one = yield text
            if one is not None and one.changed and _is_name(one.text):
                found[text] = one
        while alike := self._alike(found):
            for text in alike:
                del found[text]
        self.became.update(found)

    def _alike(self, found: dict[str, Translated]) -> set[str]:
        """Return words that would be said of two columns of one table."""
        alike: set[str] = set()
        for table in self._named:
            texts = [name.strip() for name in table]
            new = [(found[text].text if text in found else text).strip().casefold() for text in texts]
            alike |= {text for text, one in zip(texts, new, strict=True) if text in found and new.count(one) > 1}
        return alike


def free_words(package: Package, main: str, sheets: Iterable[str]) -> tuple[list[list[str]], set[str]]:
    """Return the columns of each table of a workbook, and which of them may be called otherwise."""
    named: list[list[str]] = []
    used = bool(package.related(main, _USED_BY)) or tables.names_columns(package.part(main))
    for sheet in sheets:
        mine = package.related(sheet, ("table",))
        used = used or tables.names_columns(package.part(sheet))
        for relation in mine:
            table = package.part(relation.target)
            named.append(tables.columns(table))
            used = used or tables.names_columns(table) or b"xmlColumnPr" in table.data
            used = used or bool(package.related(relation.target, ("queryTable",)))
    return named, set() if used else {name for table in named for name in table if _is_name(name) and is_prose(name)}


def _is_name(text: str) -> bool:
    """Whether a text can be the name of a column that is written alike in its cell."""
    return bool(text.strip()) and len(text) <= _LONGEST and text.isprintable() and "_x" not in text
