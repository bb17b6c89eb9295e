"""Counting what a caller sends."""

from api.callers import Caller
from pipeline.events import DocumentPart
from pipeline.revisions import revision
from store.accounts.usage import UsageStore, charge_id


class Meter:
    """Counts the characters of callers against their quotas; of `ANYBODY` nothing is counted."""

    def __init__(self, usage: UsageStore) -> None:
        self._usage = usage

    async def check(self, caller: Caller, characters: int) -> None:
        """Raise `QuotaError` if fewer characters are left; nothing is counted, or kept for anybody."""
        if caller.id is not None and caller.limits.characters is not None:
            await self._usage.check(caller.id, limit=caller.limits.characters, characters=characters)

    async def charge(self, caller: Caller, document: str, part: DocumentPart) -> bool:
        """Count a part, and return whether it is to be sent on; `sent` or `failed` is to be called then.

        It is not while it is on its way already. Raises `QuotaError`, `UnavailableError`. One without text counts as a
        character, or they could be sent without end; the last one may be empty.
        """
        if caller.id is None:
            return True
        return await self._usage.charge(
            caller.id,
            _charge_of(document, part),
            limit=caller.limits.characters,
            characters=max(len(part.text), 0 if part.last else 1),
        )

    async def sent(self, caller: Caller, document: str, part: DocumentPart) -> None:
        """Note that Kafka has a part."""
        if caller.id is not None:
            await self._usage.sent(_charge_of(document, part))

    async def failed(self, caller: Caller, document: str, part: DocumentPart) -> None:
        """Note that Kafka does not have it."""
        if caller.id is not None:
            await self._usage.failed(_charge_of(document, part))


def _charge_of(document: str, part: DocumentPart) -> str:
    return charge_id(document, part.part, revision(part), last=part.last)
