"""Which engine takes a sentence: of a pair of languages one model is in use, and that may change between two rounds."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from pipeline import languages
from pipeline.events import OfferedModel, Sentence
from pipeline.roster import JOINED, PIVOT, named, takes
from translator.engines import Engine
from translator.models.routes import Pair, Routes

# More than of any two varieties of a language: engines of the tests take every pair.
_FAR = 1_000_000

PROBATION = 600.0
"""Seconds in which a model that breaks down makes way for another one; after that its translator starts anew."""

# Senders may name whatever models they like.
_REMEMBERED = 20_000


class InUse:
    """The engines of a translator, and which of them their pairs use. May be asked and changed from any thread."""

    def __init__(
        self,
        engines: Sequence[Engine] | Callable[[], Sequence[Engine]],
        routes: Routes | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`engines`: all of them, or what tells them as they are at the moment. `monotonic`: a clock in seconds."""
        self._all = engines if callable(engines) else lambda: engines
        self._routes = routes or Routes()
        self._monotonic = monotonic
        self._asked: dict[str, float] = {}
        self._since = dict.fromkeys(self._routes.table.values(), monotonic())
        self._broken: Mapping[str, str] = {}
        self._found = _Found((), self._routes, self._broken)

    @property
    def engines(self) -> Sequence[Engine]:
        """One for each model and pair of languages."""
        return self._all()

    @property
    def routes(self) -> Routes:
        """What people have said that pairs use."""
        return self._routes

    def use(self, routes: Routes) -> None:
        """Let pairs use other models from the next sentence on that is asked for."""
        now = self._monotonic()
        self._since = {model: self._since.get(model, now) for model in routes.table.values()}
        self._routes = routes
        self._broken = {model: reason for model, reason in self._broken.items() if model in self._since}

    @property
    def broken(self) -> Mapping[str, str]:
        """What has made way for others because it broke down, and how it did."""
        return self._broken

    def give_up(self, engine: Engine, reason: str) -> Engine | None:
        """Return the engine that takes the place of one that has broken down, from now on; None: it has to be mended.

        Only what was put into use a short time ago makes way: what has worked for long is not to blame.
        """
        model = engine.model
        since = self._since.get(model.id)
        if since is None or self._monotonic() - since > PROBATION:
            return None
        broken = {**self._broken, model.id: reason}
        other = _Found(self.engines, self._routes, broken).engine(model.source, model.target, None)
        if other is not None:
            self._broken = broken
        return other

    def choose(self, sentence: Sentence) -> Engine | None:
        """Return the engine for a sentence: of the model that it wants, else of that in use; None if there is none.

        An engine of the tests that takes every pair takes a sentence whatever it wants.
        """
        engine = self._find(sentence.source, sentence.target, sentence.wanted)
        if engine is None and any(one.verbatim for one in self.engines):
            engine = self._find(sentence.source, sentence.target, None)
        if engine is not None:
            now = self._monotonic()
            self._asked.update(dict.fromkeys((engine.model.id, *engine.model.id.split(JOINED)), now))
        return engine

    def of_pair(self, source: str, target: str) -> Engine | None:
        """Return the engine that a pair uses; None if there is none for it."""
        return self._find(source, target, None)

    def named(self, model: str, source: str, target: str) -> Engine | None:
        """Return the engine of a model, by its id, for a pair; None if there is none."""
        return self._find(source, target, model)

    def unasked_for(self, model: str) -> float:
        """Return the seconds since a sentence was last given to a model; the first call counts as one."""
        now = self._monotonic()
        return now - self._asked.setdefault(model, now)

    def offered(self) -> list[OfferedModel]:
        """Return the models with their pairs, and which of them are in use."""
        found: dict[tuple[str, str, str], OfferedModel] = {}
        for engine in self.engines:
            one = engine.model
            if not self._broken.keys().isdisjoint(one.id.split(JOINED)):
                continue
            preferred = self.of_pair(one.source, one.target) is engine
            found[one.id, one.source, one.target] = replace(one, preferred=preferred)
        # A variety of a language that has an entry of its own, `pt-BR`, is announced as if it were a language.
        for (source, target), model in self._routes.table.items():
            if (named := self.named(model, source, target)) is not None:
                found[model, source, target] = replace(named.model, source=source, target=target, preferred=True)
        return list(found.values())

    def uses(self) -> Mapping[tuple[str, str], str]:
        """Return the id of the model in use by pair."""
        return {(one.source, one.target): one.id for one in self.offered() if one.preferred}

    def _find(self, source: str, target: str, wanted: str | None) -> Engine | None:
        engines, routes, broken = self.engines, self._routes, self._broken
        if not self._found.is_of(engines, routes, broken):
            self._found = _Found(engines, routes, broken)
        return self._found.engine(source, target, wanted)


class _Found:
    """What was looked up in engines and a table that do not change: there may be hundreds, and thousands of sentences."""

    def __init__(self, engines: Sequence[Engine], routes: Routes, broken: Mapping[str, str]) -> None:
        self.engines = engines
        self.routes = routes
        self._broken = broken
        self._known: dict[tuple[str, str, str | None], Engine | None] = {}
        # A model takes varieties of its own languages only: so few of hundreds have to be looked at.
        self._by_languages: dict[Pair, list[Engine]] = defaultdict(list)
        self._entries: dict[str, list[Pair]] = defaultdict(list)
        for one in engines:
            if broken.keys().isdisjoint(one.model.id.split(JOINED)):
                self._by_languages[_languages(one.model.source, one.model.target)].append(one)
        self._verbatim = [one for ones in self._by_languages.values() for one in ones if one.verbatim]
        for pair, model in routes.table.items():
            self._entries[model].append(pair)

    def is_of(self, engines: Sequence[Engine], routes: Routes, broken: Mapping[str, str]) -> bool:
        """Whether it was looked up in these very ones."""
        return self.engines is engines and self.routes is routes and self._broken is broken

    def engine(self, source: str, target: str, wanted: str | None) -> Engine | None:
        """Return the engine that takes a pair and has the name that is wanted, if there is one."""
        key = source, target, wanted
        try:
            return self._known[key]
        except KeyError:
            found = self._look_up(source, target, wanted)
        if len(self._known) >= _REMEMBERED:
            self._known = {}
        self._known[key] = found
        return found

    def _look_up(self, source: str, target: str, wanted: str | None) -> Engine | None:
        near_ones = self._by_languages.get(_languages(source, target), [])
        fitting = [
            one
            for one in self._verbatim or near_ones
            if (one.verbatim or takes(one.model, source, target)) and named(one.model, wanted)
        ]
        # What translates directly, unless the table says otherwise; of that the nearest to the languages, as an entry of the
        # table or as a pair of its own; of those as near an entry, else the first.
        near = [
            (by > 0 and JOINED in one.model.id, *_distance(pair, (source, target)), by, place, one)
            for place, one in enumerate(fitting)
            for by, pair in self._pairs(one)
        ]
        return min(near, key=lambda entry: entry[:-1])[-1] if near else None

    def _pairs(self, engine: Engine) -> list[tuple[int, Pair]]:
        """Return the pairs that an engine is for: 0, of the table; 1, its own."""
        entries = self._entries.get(engine.model.id, [])
        own = engine.model.source, engine.model.target
        return [*((0, pair) for pair in entries if takes(engine.model, *pair)), (1 + self._replaced(engine), own)]

    def _replaced(self, engine: Engine) -> int:
        """Return how many of the models of a way over another language are not those in use for their pairs."""
        legs = engine.model.id.split(JOINED)
        if len(legs) == 1:
            return 0
        used = [self.engine(engine.model.source, PIVOT, None), self.engine(PIVOT, engine.model.target, None)]
        return sum(one is not None and one.model.id not in legs for one in used)


def _languages(source: str, target: str) -> Pair:
    return languages.primary(source), languages.primary(target)


def _distance(offered: Pair, wanted: Pair) -> tuple[int, int]:
    """Return how far a pair is from another one, by source and target."""
    found = [languages.distance(one, other) for one, other in zip(offered, wanted, strict=True)]
    source, target = (_FAR if one is None else one for one in found)
    return source, target
