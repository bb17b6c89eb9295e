"""Terms of a file gathered into dictionaries, and what is wrong with some of them, with its line."""

import unicodedata
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.errors import InputError
from pipeline.terms import check_term
from store.accounts.glossaries import Dictionaries, Pair

MOST = 300_000
"""Terms of a file."""
MOST_CHARACTERS = 16 * 1024 * 1024
"""Characters of them and their translations."""
LISTED = 20
"""Lines that are listed of a file; of the others it is said how many they are."""


class LeftOut(NamedTuple):
    """A line that cannot be used, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class Collected:
    """What a file has."""

    dictionaries: Dictionaries = field(default_factory=dict)
    wrong: list[LeftOut] = field(default_factory=list)
    """Lines that contradict others, or are no terms: the first of them."""
    count_wrong: int = 0
    repeated: int = 0
    """Lines that say again what another one says."""
    _lines: dict[Pair, dict[str, int]] = field(default_factory=dict)
    _number: int = 0
    _characters: int = 0

    def add(self, line: int, pair: Pair, term: str, translation: str) -> None:
        """Add a term and its translation, with the line that says so.

        Raises `InputError` as soon as there are more than can be kept, whatever else there may be in the file.
        """
        term, translation = _tidied(term), _tidied(translation)
        try:
            check_term(term, translation)
        except InputError as error:
            self.leave_out(line, str(error))
            return
        entries = self.dictionaries.setdefault(pair, {})
        known = entries.setdefault(term, translation)
        first = self._lines.setdefault(pair, {}).setdefault(term, line)
        if known != translation:
            self.leave_out(line, f"{term[:60]!r} is {translation[:60]!r} here, and {known[:60]!r} in line {first}")
        elif first != line:
            self.repeated += 1
        else:
            self._number += 1
            self._characters += len(term) + len(translation)
            if self._number > MOST or self._characters > MOST_CHARACTERS:
                raise InputError(
                    f"there are more than {MOST} terms, or {MOST_CHARACTERS} characters of them; make several glossaries"
                )

    def leave_out(self, line: int, reason: str) -> None:
        """Note a line that cannot be used."""
        self.count_wrong += 1
        if len(self.wrong) < LISTED:
            self.wrong.append(LeftOut(line, reason))

    def check(self, *, lenient: bool) -> None:
        """Raise `InputError` for a file without terms, and unless `lenient` for lines that cannot be used."""
        if self.wrong and not lenient:
            said = "; ".join(f"line {line}: {reason}" for line, reason in self.wrong[:10])
            more = f"; and {self.count_wrong - 10} more" if self.count_wrong > 10 else ""
            raise InputError(
                f"{said}{more}. Correct the file, or send it with lenient=true, which leaves these lines out"
            )
        if not any(self.dictionaries.values()):
            raise InputError("the file has no terms; a line is a term and its translation: Vertrag;contract")


def _tidied(text: str) -> str:
    """Return a term as it is looked for: space is one blank, and a letter with its accent is one character."""
    return unicodedata.normalize("NFC", " ".join(text.split()))
