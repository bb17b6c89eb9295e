"""What those need who run a pipeline, or receive its callbacks: secrets, and records that could not be used."""

from collections.abc import Iterator

from satzstrom import requests
from satzstrom.connection import Connection
from satzstrom.results import CallbackSecret, DeadLetter, DeadLetterPage, Format, Formats, Pair, Pairs, Usage


class Operating(Connection):
    """The part of `Client` for that."""

    def callback_secrets(self, *, rotate: bool = False) -> list[CallbackSecret]:
        """Return what callbacks of one's documents are signed with; with `rotate` after another one was made."""
        return self.ask(requests.secrets(rotate=rotate)).items

    def dead_letters(self, **filters: str | None) -> Iterator[DeadLetter]:
        """Yield dead letters, newest first; filters: service, stage, reason, document, since, until.

        Times are in ISO 8601.
        """
        for page in self.pages(DeadLetterPage, "/v1/dead-letters", filters):
            yield from page.items

    def dead_letter(self, letter: str) -> DeadLetter:
        """Return one dead letter with its value."""
        return self.get(DeadLetter, f"/v1/dead-letters/{letter}")

    def replay(self, letter: str) -> None:
        """Send the record of a dead letter again to its topic."""
        self.call("POST", f"/v1/dead-letters/{letter}/replay")

    def drop(self, letter: str) -> None:
        """Forget a dead letter."""
        self.call("DELETE", f"/v1/dead-letters/{letter}")

    def pairs(self) -> list[Pair]:
        """Return which languages can be translated into which."""
        return self.get(Pairs, "/v1/pairs").pairs

    def formats(self) -> list[Format]:
        """Return which kinds of files are translated, and as what they come back."""
        return self.get(Formats, "/v1/formats").formats

    def usage(self) -> Usage:
        """Return what the key has used this month, and what it may use."""
        return self.get(Usage, "/v1/usage")
