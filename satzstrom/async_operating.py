"""As `satzstrom.operating`, for asyncio."""

from collections.abc import AsyncIterator

from satzstrom import requests
from satzstrom.async_connection import AsyncConnection
from satzstrom.results import CallbackSecret, DeadLetter, DeadLetterPage, Format, Formats, Pair, Pairs, Usage


class AsyncOperating(AsyncConnection):
    """The part of `AsyncClient` for that."""

    async def callback_secrets(self, *, rotate: bool = False) -> list[CallbackSecret]:
        """Return what callbacks of one's documents are signed with; with `rotate` after another one was made."""
        return (await self.ask(requests.secrets(rotate=rotate))).items

    async def dead_letters(self, **filters: str | None) -> AsyncIterator[DeadLetter]:
        """Yield dead letters, newest first; filters: service, stage, reason, document, since, until.

        Times are in ISO 8601.
        """
        async for page in self.pages(DeadLetterPage, "/v1/dead-letters", filters):
            for item in page.items:
                yield item

    async def dead_letter(self, letter: str) -> DeadLetter:
        """Return one dead letter with its value."""
        return await self.get(DeadLetter, f"/v1/dead-letters/{letter}")

    async def replay(self, letter: str) -> None:
        """Send the record of a dead letter again to its topic."""
        await self.call("POST", f"/v1/dead-letters/{letter}/replay")

    async def drop(self, letter: str) -> None:
        """Forget a dead letter."""
        await self.call("DELETE", f"/v1/dead-letters/{letter}")

    async def pairs(self) -> list[Pair]:
        """Return which languages can be translated into which."""
        return (await self.get(Pairs, "/v1/pairs")).pairs

    async def formats(self) -> list[Format]:
        """Return which kinds of files are translated, and as what they come back."""
        return (await self.get(Formats, "/v1/formats")).formats

    async def usage(self) -> Usage:
        """Return what the key has used this month, and what it may use."""
        return await self.get(Usage, "/v1/usage")
