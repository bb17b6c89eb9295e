"""Files that have a place for the translation beside each text: which places are filled."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from formats.document import Translated
from formats.strings.prose import is_prose


class _Unit(Protocol):
    @property
    def texts(self) -> Sequence[str]: ...


U = TypeVar("U", bound=_Unit)


def filled(units: Iterator[U], translated: Iterator[Translated]) -> list[tuple[U, list[Translated]]]:
    """Return the units whose texts are all translated, with the translations; none if these are all as their texts.

    So a name that is the same in both languages has a translation, and a file that nobody has translated has none.
    """
    found: list[tuple[U, list[Translated]]] = []
    changed = False
    for unit in units:
        mine = [next(translated) for _ in unit.texts]
        changed = changed or any(one.changed for one in mine)
        if mine and all(map(_is_whole, mine)):
            found.append((unit, mine))
    return found if changed else []


def _is_whole(one: Translated) -> bool:
    return all(piece.translation is not None or not is_prose(piece.source) for piece in one.pieces)
