"""Counting what a caller sends."""

from api.callers import Caller
from pipeline.events import DocumentPart
from pipeline.revisions import revision
from store.accounts.usage import UsageStore


class Meter:
    """Counts the characters of one caller against its quota; of `ANYBODY` nothing is counted."""

    def __init__(self, usage: UsageStore, caller: Caller) -> None:
        self._usage = usage
        self._caller = caller

    async def check(self, characters: int) -> None:
        """Raise `QuotaError` if fewer characters are left; nothing is counted, or kept for anybody."""
        if self._caller.id is not None and self._caller.limits.characters is not None:
            await self._usage.check(self._caller.id, limit=self._caller.limits.characters, characters=characters)

    async def charge(self, document: str, part: DocumentPart) -> None:
        """Count a part, once however often it is sent. Raises `QuotaError`, `UnavailableError`.

        One without text counts as a character, or they could be sent without end; the last one may be empty.
        """
        if self._caller.id is not None:
            await self._usage.charge(
                self._caller.id,
                limit=self._caller.limits.characters,
                document=document,
                part=part.part,
                revision=revision(part),
                characters=max(len(part.text), 0 if part.last else 1),
            )
