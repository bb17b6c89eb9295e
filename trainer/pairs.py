"""A pair of sentences, and the languages that it is in."""

from dataclasses import dataclass
from typing import NamedTuple


class Pair(NamedTuple):
    """A sentence and its translation."""

    source: str
    target: str
    part: str
    """Which part of the data it is from: the first of three columns, or the name of its file."""


@dataclass(frozen=True)
class Languages:
    """The two languages that a model is trained for, as codes."""

    source: str
    target: str

    def matches_source(self, code: str) -> bool:
        """Whether texts of this language can stand on the source's side: `de-AT` for `de`."""
        return _base(code) == _base(self.source)

    def matches_target(self, code: str) -> bool:
        """Whether texts of this language can stand on the target's side."""
        return _base(code) == _base(self.target)


def _base(code: str) -> str:
    return code.strip().lower().replace("_", "-").partition("-")[0]
