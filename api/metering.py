"""Counting what a caller sends."""

from api.callers import Caller
from pipeline.events import DocumentPart
from pipeline.revisions import revision
from store.accounts.usage import UsageStore


class Meter:
    """Counts the characters of callers against their quotas; of `ANYBODY` nothing is counted."""

    def __init__(self, usage: UsageStore) -> None:
        self._usage = usage

    async def check(self, caller: Caller, characters: int) -> None:
        """Raise `QuotaError` if fewer characters are left; nothing is counted, or kept for anybody."""
        if caller.id is not None and caller.limits.characters is not None:
            await self._usage.check(caller.id, limit=caller.limits.characters, characters=characters)

    async def charge(self, caller: Caller, document: str, part: DocumentPart) -> None:
        """Count a part, once however often it is sent. Raises `QuotaError`, `UnavailableError`.

        One without text counts as a character, or they could be sent without end; the last one may be empty.
        """
        if caller.id is not None:
            await self._usage.charge(
                caller.id,
                limit=caller.limits.characters,
                document=document,
                part=part.part,
                revision=revision(part),
                characters=max(len(part.text), 0 if part.last else 1),
            )
