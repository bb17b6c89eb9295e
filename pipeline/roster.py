"""Which translators run and what they offer: a compacted topic that everybody may read."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable

from pipeline import languages
from pipeline.detection import AUTO
from pipeline.errors import EventError, ModelError, PairError
from pipeline.events import OfferedModel, TranslatorStatus, decode, encode
from pipeline.publisher import Outgoing, Publisher
from pipeline.records import Record

logger = logging.getLogger(__name__)

ANNOUNCE_EVERY = 2.0
"""Seconds between two announcements of a translator."""

ALIVE_FOR = 8.0
"""Seconds after which a silent translator counts as gone: three announcements missed."""


def now_ms() -> int:
    """Return Unix time in milliseconds."""
    return time.time_ns() // 1_000_000


class Roster:
    """The translators as they announced themselves; `pipeline.following` keeps it up to date.

    While no translator runs, what the last ones offered still counts, for as long as the topic keeps it (a day):
    documents then wait for a translator instead of being refused.
    """

    def __init__(self) -> None:
        self._statuses: dict[str, TranslatorStatus] = {}

    def add(self, record: Record) -> None:
        """Take one record of the topic; an empty value takes a translator back."""
        key = (record.key or b"").decode(errors="replace")
        if not record.value:
            self._statuses.pop(key, None)
            return
        try:
            self._statuses[key] = decode(TranslatorStatus, record.value)
        except EventError as error:
            logger.warning("ignoring a record of the roster: %s", error)

    def alive(self, now: int | None = None) -> list[TranslatorStatus]:
        """Return the translators that are warm and were heard of lately."""
        oldest = (now if now is not None else now_ms()) - ALIVE_FOR * 1000
        return [status for status in self._statuses.values() if status.state == "ready" and status.at >= oldest]

    def models(self) -> list[OfferedModel]:
        """Return the offered models, each once, in a steady order."""
        models = {model.id: model for status in self._offering() for model in status.models}
        return [models[name] for name in sorted(models)]

    def _offering(self) -> Collection[TranslatorStatus]:
        return self.alive() or self._statuses.values()

    def check(self, source: str, target: str, model: str | None) -> None:
        """Raise `PairError` or `ModelError` if no known translator offers this; say nothing while none is known."""
        if not self._statuses or self.any_pair():
            return
        offered = self.models()
        fitting = [
            entry for entry in offered if languages.same(entry.source, source) and languages.same(entry.target, target)
        ]
        if not fitting:
            raise PairError(source, target, sorted({(entry.source, entry.target) for entry in offered}))
        if model is not None and model not in _names(fitting):
            raise ModelError(model, [entry.id for entry in fitting])

    def check_target(self, target: str) -> None:
        """Raise `PairError` if no known translator translates into this language; say nothing while none is known."""
        if self._statuses and not self.any_pair() and not self.sources(target):
            raise PairError(AUTO, target, sorted({(entry.source, entry.target) for entry in self.models()}))

    def sources(self, target: str) -> list[str]:
        """Return the languages from which a model translates into this one."""
        return sorted({entry.source for entry in self.models() if languages.same(entry.target, target)})

    def any_pair(self) -> bool:
        """Whether a translator takes every pair of languages, as those of the tests do."""
        return any(status.any_pair for status in self._offering())


def _names(models: Iterable[OfferedModel]) -> set[str]:
    """Return the names by which models may be asked for: with the revision or without."""
    return {name for model in models for name in (model.id, model.id.partition("@")[0])}


async def announce(publisher: Publisher, topic: str, status: Callable[[], TranslatorStatus]) -> None:
    """Announce a translator every few seconds until cancelled."""
    while True:
        current = status()
        await publisher.publish([Outgoing(topic, encode(current), current.id.encode())])
        await asyncio.sleep(ANNOUNCE_EVERY)
