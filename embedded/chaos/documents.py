"""Documents of which every byte of the translation is known before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

FAILS = "ENGINE-FAILS"
DIES = "ENGINE-DIES"
SLOW = "ENGINE-SLOW"
"""Words on which the marking engine goes wrong (`translator/engines/identity.py`)."""


@dataclass(frozen=True)
class Document:
    """A text in which every sentence is different, and what the marking engine has to make of it.

    `words`: number of a sentence → word in it on which the engine goes wrong.
    """

    id: str
    sentences: int
    words: Mapping[int, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The text as it is submitted."""
        return "".join(self.sentence(number) + _between(number) for number in range(self.sentences))

    @property
    def target(self) -> str:
        """Its translation: each sentence marked; those on which the engine fails or dies as they were."""
        return "".join(self.translation(number) + _between(number) for number in range(self.sentences))

    @property
    def failing(self) -> list[str]:
        """The sentences that cannot be translated."""
        return [self.sentence(number) for number in range(self.sentences) if self._fails(number)]

    def sentence(self, number: int) -> str:
        """Return one sentence."""
        word = f" mit {self.words[number]}" if number in self.words else ""
        return f"Satz {number} von Dokument {self.id}{word} steht genau hier."

    def translation(self, number: int) -> str:
        """Return what has to become of one sentence."""
        return self.sentence(number) if self._fails(number) else f"⟦{self.sentence(number)}⟧"

    def _fails(self, number: int) -> bool:
        return self.words.get(number) in (FAILS, DIES)


def _between(number: int) -> str:
    # Blank lines, so that it does not depend on a model where a sentence ends.
    return "\n\n  - " if number % 5 == 4 else "\n \n\t\n" if number % 7 == 6 else "\r\n\r\n"


@dataclass(frozen=True)
class Harm:
    """What is wrong with a translation."""

    lost: int = 0
    """Sentences that are not there, or not as they have to be."""
    doubled: int = 0
    """Sentences that are there more than once."""
    changed_bytes: int = 0
    """Bytes that differ, of both together; after something lost or doubled all that follow count."""

    def __bool__(self) -> bool:
        return self != Harm()


def harm(document: Document, found: str) -> Harm:
    """Compare what came back with what has to."""
    if found == document.target:
        return Harm()
    times = [found.count(document.translation(number)) for number in range(document.sentences)]
    ours, theirs = document.target.encode(), found.encode()
    differing = sum(one != other for one, other in zip(ours, theirs, strict=False)) + abs(len(ours) - len(theirs))
    return Harm(times.count(0), sum(count - 1 for count in times if count > 1), differing)
