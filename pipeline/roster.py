"""Which translators run and what they offer: a compacted topic that everybody may read."""

import asyncio
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from msgspec.structs import replace

from pipeline import languages
from pipeline.detection import AUTO
from pipeline.errors import EventError, ModelError, PairError
from pipeline.events import CURRENT, FARTHEST_FIRST, OfferedModel, TextGoes, TranslatorStatus, decode, encode
from pipeline.metrics import PAIRS
from pipeline.publisher import Outgoing, Publisher
from pipeline.records import Record
from pipeline.topics import pair_topic

logger = logging.getLogger(__name__)

PIVOT = "en"
"""The language by way of which pairs are translated that have no model of their own."""

JOINED = "+"
"""Between the ids of the models that translate one after the other."""

ANNOUNCE_EVERY = 2.0
"""Seconds between two announcements of a translator."""

ALIVE_FOR = 8.0
"""Seconds after which a silent translator counts as gone: three announcements missed."""

# Of the models that a pair has used so many are remembered, besides the one in use: more than anybody changes in a day.
_CHANGES = 15

PAIR_KEPT = 24 * 3600.0
"""Seconds for which documents of a pair that nobody announces any more are accepted and wait."""


def now_ms() -> int:
    """Return Unix time in milliseconds."""
    return time.time_ns() // 1_000_000


class _Entry(NamedTuple):
    """What a translator announced last, and when, by the broker's clock in milliseconds."""

    status: TranslatorStatus
    heard: int

    def preferred(self) -> dict[tuple[str, str], str]:
        """Return the models that it uses, by pair, while it works."""
        ready = self.status.state == "ready"
        return {(one.source, one.target): one.id for one in self.status.models if one.preferred and ready}

    def takes(self, source: str, target: str, model: str | None = None) -> bool:
        return any(takes(one, source, target) and named(one, model) for one in self.status.models)


class Roster:
    """The translators as they announced themselves; `pipeline.following` keeps it up to date.

    All times are the broker's: that of a record, and "now" as the time of the newest record and what has passed since it
    came. So clocks of other machines do not matter, and everybody who reads the topic finds the same.

    A translator is alive while it is heard of. What it offers outlives it: a pair of languages for `PAIR_KEPT`, so that
    documents wait while the only translator of their pair restarts, or is scaled to zero; a model for `model_kept` beside
    newer ones of its pair.
    """

    def __init__(self, model_kept: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`model_kept`: seconds, long enough to restart a translator or to start one on another machine.

        `monotonic`: a clock in seconds, of which only differences count.
        """
        self.model_kept = model_kept
        self._monotonic = monotonic
        self._entries: dict[str, _Entry] = {}
        self._newest = 0
        self._came = 0.0
        # Of each pair which models were preferred, and since when, the newest last.
        self._preferred: dict[tuple[str, str], list[tuple[int, str]]] = {}

    def add(self, record: Record) -> None:
        """Take one record of the topic; an empty value takes a translator back."""
        key = (record.key or b"").decode(errors="replace")
        before = self._entries.get(key)
        # Not the largest time of all: another broker may become the leader, and its clock may be behind.
        self._newest = record.timestamp
        self._came = self._monotonic()
        # In a new dictionary, because other threads ask meanwhile.
        entries = {name: entry for name, entry in self._entries.items() if self._within(entry, PAIR_KEPT)}
        try:
            if record.value:
                status = decode(TranslatorStatus, record.value)
                entries[key] = _Entry(status, record.timestamp)
                PAIRS.offer((model.source, model.target) for model in status.models)
            else:
                entries.pop(key, None)
        except EventError as error:
            logger.warning("ignoring a record of the roster: %s", error)
        self._entries = entries
        self._note(before, entries.get(key))

    def _note(self, before: _Entry | None, after: _Entry | None) -> None:
        """Note which models are preferred from now on, when a translator says something else than before."""
        old, new = (one.preferred() if one else {} for one in (before, after))
        if old == new:
            return
        # In a new dictionary, as above.
        known = dict(self._preferred)
        # Once: of many translators each may have hundreds of pairs.
        said_by_all = [one.preferred() for one in self._alive()]
        for pair in [pair for pair in old.keys() | new.keys() if old.get(pair) != new.get(pair)]:
            votes = Counter(model for one in said_by_all if (model := one.get(pair)) is not None)
            said = known.get(pair, [])
            if votes:
                # Ways over another language only where nobody translates directly.
                most = max(votes, key=lambda model: (JOINED not in model, votes[model], newness(model)))
                if not said or said[-1][1] != most:
                    known[pair] = [*said[-_CHANGES:], (self._newest, most)]
            elif after is not None and after.status.state == "ready":
                # Taken back; who merely ends may come again.
                known.pop(pair, None)
        self._preferred = known

    def _within(self, entry: _Entry, seconds: float) -> bool:
        return entry.heard >= self._newest + (self._monotonic() - self._came - seconds) * 1000

    def _remembered(self) -> list[_Entry]:
        return [entry for entry in self._entries.values() if self._within(entry, PAIR_KEPT)]

    def _alive(self) -> list[_Entry]:
        return [one for one in self._entries.values() if one.status.state == "ready" and self._within(one, ALIVE_FOR)]

    def alive(self) -> list[TranslatorStatus]:
        """Return the translators that are warm and were heard of lately."""
        return [entry.status for entry in self._alive()]

    def text_goes(self, source: str, target: str) -> TextGoes:
        """Return how far texts of a pair may go to be translated: as far as with any translator that offers it.

        If none runs, those count that did last.
        """
        offering = [entry for entry in self._remembered() if entry.takes(source, target)]
        current = [entry for entry in offering if self._within(entry, ALIVE_FOR) and entry.status.state != "stopping"]
        found = {entry.status.text_goes for entry in current or offering}
        return next((far for far in FARTHEST_FIRST if far in found), "machine")

    def waiting(self) -> list[TranslatorStatus]:
        """Return the translators that were heard of lately and wait for the server of their model."""
        return [one.status for one in self._entries.values() if one.status.waits and self._within(one, ALIVE_FOR)]

    def models(self, kept: float | None = None) -> list[OfferedModel]:
        """Return the offered models, each once, in a steady order: of each pair those that were heard of last.

        `kept`: seconds that may lie between the last word of a model and that of its pair, other than `model_kept`.
        """
        kept = self.model_kept if kept is None else kept
        heard: dict[OfferedModel, int] = {}
        newest: dict[tuple[str, str], int] = {}
        for entry in self._remembered():
            for offered in entry.status.models:
                # Whether it is preferred is its translator's business.
                model = replace(offered, preferred=False)
                pair = model.source, model.target
                heard[model] = max(entry.heard, heard.get(model, 0))
                newest[pair] = max(entry.heard, newest.get(pair, 0))
        last = [one for one, time in heard.items() if time >= newest[one.source, one.target] - kept * 1000]
        return sorted(last, key=lambda model: (model.id, model.source, model.target))

    def check(self, source: str, target: str, model: str | None, *, kept: float | None = None) -> None:
        """Raise `PairError` or `ModelError` if no known translator offers this; say nothing while none is known.

        What is to stay in its language needs none, unless a model is asked for. `kept`: as of `models`.
        """
        offered = self.models(kept)
        if not offered or self.any_pair() or (model is None and self.copies(source, target)):
            return
        fitting = [one for one in offered if takes(one, source, target)]
        if not fitting:
            raise PairError(source, target, pairs(offered))
        if not any(named(one, model) for one in fitting):
            raise ModelError(model or "", [one.id for one in fitting])

    def check_target(self, target: str) -> None:
        """Raise `PairError` if no known translator translates into this language; say nothing while none is known."""
        offered = self.models()
        if offered and not self.any_pair() and not self.sources(target):
            raise PairError(AUTO, target, pairs(offered))

    def sources(self, target: str) -> list[str]:
        """Return the languages from which a model translates into this one."""
        return sorted({entry.source for entry in self.models() if languages.same(entry.target, target)})

    def offers(self, source: str, target: str, model: str | None = None) -> bool:
        """Whether a translator that is known offers this, alive or not."""
        return any(takes(one, source, target) and named(one, model) for one in self.models())

    def preferred(self, source: str, target: str, model: str | None = None, at: int | None = None) -> str | None:
        """Return the id of the model that a pair used at a time, of those that are still there; None if none is known.

        `model`: a name that it must have. `at`: milliseconds by the broker's clock; absent: now. For the same time it is the
        same model, whoever asks and when, as long as it runs.
        """
        return self._preferred_of(self._offers(), (source, target), model, at)

    def _offers(self) -> list[set[OfferedModel]]:
        """Return what is offered: by those who are alive, and by all who are remembered; each once, however many run it."""
        return [
            {one for entry in entries for one in entry.status.models} for entries in (self._alive(), self._remembered())
        ]

    def _preferred_of(
        self, offers: Iterable[Iterable[OfferedModel]], pair: tuple[str, str], model: str | None, at: int | None
    ) -> str | None:
        source, target = pair
        known = self._preferred
        near = [
            (*far, one)
            for one in known
            if None not in (far := (languages.distance(one[0], source), languages.distance(one[1], target)))
        ]
        said = [known[one] for *_, one in sorted(near)]
        until = self._newest if at is None else at
        order = [model for one in said for since, model in reversed(one) if since <= until]
        order += [model for one in said for since, model in one if since > until]
        for offer in offers:
            offered = {one.id for one in offer if takes(one, source, target) and named(one, model)}
            if found := next((one for one in order if one in offered), None):
                return found
            if offered and model is not None:
                return max(offered, key=newness)
        return None

    def pins(self, source: str, target: str, model: str | None, at: int | None = None) -> dict[str, str]:
        """Return the model with which all of a document is to be translated, by its source language.

        With `auto` as source for each language that it may be in. Nothing where an exact model is asked for, where
        whichever is in use is (`current`), and where no translator says what it prefers.
        """
        if model == CURRENT or "@" in (model or ""):
            return {}
        sources = self.sources(target) if source == AUTO else [source]
        offers = self._offers()
        found = {one: self._preferred_of(offers, (one, target), model, at) for one in sources}
        return {one: pin for one, pin in found.items() if pin is not None}

    def leaves(self, source: str, target: str, model: str | None) -> bool:
        """Whether all translators of a model have said that they end, or run others now: it is not coming back by itself."""
        return not any(
            entry.takes(source, target, model) for entry in self._remembered() if entry.status.state != "stopping"
        )

    def copies(self, source: str, target: str) -> bool:
        """Whether a text comes back as it is, because it is to stay in its language and no model is for that."""
        return languages.alike(source, target) and not self.offers(source, target)

    def any_pair(self) -> bool:
        """Whether a translator takes every pair of languages, as those of the tests do."""
        return any(entry.status.any_pair for entry in self._alive() or self._remembered())

    def topic(self, lane: str, source: str, target: str) -> str:
        """Return the topic for sentences of a pair: its own one, if those who offer the pair read that; else the lane's.

        While none of them is alive it is the one that the last of them read, so that its lag tells that somebody has to
        start; unless somebody else takes every pair.
        """
        alive = self._alive()
        offering = [entry for entry in alive if entry.takes(source, target)]
        if not offering and not any(entry.status.any_pair for entry in alive):
            offering = [entry for entry in self._remembered() if entry.takes(source, target)]
        own = pair_topic(lane, source, target)
        return own if any(own in entry.status.partitions for entry in offering) else lane

    def owned(self, topic: str, source: str, target: str, model: str | None) -> list[int]:
        """Return the partitions of a topic that translators own who are alive and run such a model."""
        return sorted(
            partition
            for entry in self._alive()
            if entry.status.any_pair or entry.takes(source, target, model)
            for partition in entry.status.partitions.get(topic, [])
        )


def takes(model: OfferedModel, source: str, target: str) -> bool:
    """Whether a model translates this pair of languages."""
    return languages.same(model.source, source) and languages.same(model.target, target)


def named(model: OfferedModel, wanted: str | None) -> bool:
    """Whether a model was asked for: by its name with the revision or without, or by none at all."""
    return wanted in (None, CURRENT, model.id, name_of(model.id))


def name_of(model: str) -> str:
    """Return a model's id without the revision; of several that work one after the other, of each: `a+b` of `a@1+b@1`."""
    return JOINED.join(one.partition("@")[0] for one in model.split(JOINED))


def pivot_of(model: str | None) -> str | None:
    """Return the language by way of which a model translates; None for one that translates directly."""
    return PIVOT if JOINED in (model or "") else None


def newness(model: str) -> list[tuple[int, str]]:
    """Return a model's revision so that they sort as people count: 9 before 10."""
    return [
        (int(number or 0), rest)
        for number, rest in re.findall(r"(\d*)(\D*)", model.partition("@")[2])
        if number or rest
    ]


def pairs(models: Iterable[OfferedModel]) -> list[tuple[str, str]]:
    """Return the pairs of languages of models, each once, in a steady order."""
    return sorted({(model.source, model.target) for model in models})


async def announce(publisher: Publisher, topic: str, status: Callable[[], TranslatorStatus]) -> None:
    """Announce a translator every few seconds until cancelled."""
    while True:
        current = status()
        await publisher.publish([Outgoing(topic, encode(current), current.id.encode())])
        await asyncio.sleep(ANNOUNCE_EVERY)
