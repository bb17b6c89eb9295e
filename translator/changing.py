"""Changing models while sentences are translated: load beside, try, use; and go on with the old ones if that fails."""

import asyncio
import logging
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import EventError, SetupError
from pipeline.events import Control, RefusedModel, decode
from pipeline.metrics import MODEL, MODEL_CHANGES, MODEL_IN_USE, MODELS_REFUSED
from pipeline.records import Record
from pipeline.roster import JOINED, now_ms
from translator.canary.trying import try_out
from translator.catalogue import Available, Catalogue, Shelf
from translator.engines import Engine
from translator.engines.pool import EnginePool
from translator.in_use import InUse
from translator.models.routes import FILE, Pair, Routes

logger = logging.getLogger(__name__)

_FOLDER = "the folder of the models"

LOOK_EVERY = 2.0
"""Seconds between two looks at the folder of the models."""

TryOut = Callable[[Engine, Engine | None, Path | None], str | None]


@dataclass(frozen=True, slots=True)
class _Refusal:
    reason: str
    at: int
    stamp: Hashable
    """As the model was then: while it is the same it is not tried again, unless somebody asks for it."""


class ModelChanger:
    """Brings the engines of a translator in line with the folder of its models and the table there.

    What is in use goes on until another model has been loaded beside it and has passed its trial; from then on sentences
    that want no model in particular get the new one, and a round that is under way ends with the old one. A model that does
    not load, or fails, is refused: that is said in the log, in metrics, and in what the translator announces.

    A model that was replaced stays for those who want it. When nobody has asked for it for `kept` seconds it leaves memory,
    and if its folder is gone, too, it is offered no longer.
    """

    def __init__(
        self,
        pool: EnginePool,
        in_use: InUse,
        catalogue: Catalogue,
        kept: float,
        *,
        engine: str = "",
        fingerprint: Callable[[], Hashable] = lambda: None,
        try_out: TryOut = try_out,
    ) -> None:
        """`engine`: its name, for metrics. `fingerprint`: another one when it is worth to look into the catalogue."""
        self._pool = pool
        self._in_use = in_use
        self._catalogue = catalogue
        self._kept = kept
        self._engine = engine
        self._fingerprint = fingerprint
        self._try_out = try_out
        self._seen: Hashable = None
        self._there: dict[str, Available] = {}
        self._added: dict[str, Hashable] = {}
        self._table: dict[Pair, str] = {}
        self._refused: dict[str, _Refusal] = {}
        self._outside: dict[str, _Refusal] = {}
        self._replaced: set[str] = set()
        self._unread: set[str] = set()
        self._listening = False
        self._asked = asyncio.Event()

    def refused(self) -> list[RefusedModel]:
        """Return what was to be used and is not."""
        both = self._outside | self._refused
        return [RefusedModel(id=name, reason=one.reason, at=one.at) for name, one in sorted(both.items())]

    def start(self) -> None:
        """Load what is there; blocks. One that is broken is refused if others take its pairs.

        Raises `SetupError` when nothing can be loaded, or a pair would have no model that has one.
        """
        self._seen = self._fingerprint()
        shelf = self._catalogue()
        broken = [(one, reason) for one in shelf.models if (reason := self._load(one)) is not None]
        served = {(engine.model.source, engine.model.target) for engine in self._pool.engines}
        for one, reason in broken:
            if not set(one.pairs) <= served:
                raise SetupError(reason)
        if not served:
            reasons = [*shelf.problems.values(), *(reason for _, reason in broken)]
            raise SetupError("; ".join(reasons) or shelf.nothing)
        self._route(shelf, beside=False)

    def listen(self) -> None:
        """Heed what is said on `control` from now on; what was said before this translator began is done."""
        self._listening = True

    def add(self, record: Record) -> bool:
        """Take one record of the topic `control`, and return whether it asks to look for new models."""
        try:
            event = decode(Control, record.value)
        except EventError:
            # Who follows cancellations says so already.
            return False
        asked = self._listening and event.action == "reload"
        if asked:
            self._asked.set()
        return asked

    def say(self, name: str, reason: str | None) -> None:
        """Note why something that is to bring models cannot do so; None: it can."""
        if reason is None:
            self._outside.pop(name, None)
        elif name not in self._outside or self._outside[name].reason != reason:
            logger.error("%s: %s; what is in use goes on", name, reason)
            self._outside[name] = _Refusal(reason, now_ms(), None)
        MODELS_REFUSED.set(len(self.refused()))

    async def run(self) -> None:
        """Look for changes until cancelled: every few seconds, and at once when asked to on `control`."""
        while True:
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._asked.wait()
            except TimeoutError:
                pass
            asked = self._asked.is_set()
            self._asked.clear()
            now = await asyncio.to_thread(self._fingerprint)
            if asked or now != self._seen or await asyncio.to_thread(self._is_mended):
                self._seen = now
                await asyncio.to_thread(self.change, again=asked)
            await asyncio.to_thread(self.give_up_broken)
            await asyncio.to_thread(self._retire)

    def change(self, *, again: bool = False) -> None:
        """Load, try and use what is new; blocks. `again`: also what was refused before and has not changed since."""
        try:
            shelf = self._catalogue()
        except SetupError as error:
            self.say(_FOLDER, str(error))
            return
        self.say(_FOLDER, None)
        there = {one.served.id: one for one in shelf.models}
        self._refused = {
            name: one
            for name, one in self._refused.items()
            if name in shelf.problems or (name in there and there[name].stamp == one.stamp and not again)
        }
        for one in shelf.models:
            if one.served.id not in self._refused:
                self._load(one)
        self._route(shelf, beside=True)

    def _is_mended(self) -> bool:
        """Whether something of what was refused is another thing now: its files may have come after its description."""
        if not self._refused:
            return False
        try:
            shelf = self._catalogue()
        except SetupError:
            return False
        here = {one.served.id: one.stamp for one in shelf.models}
        return any(
            here[name] != one.stamp if name in here else name in self._unread and name not in shelf.problems
            for name, one in self._refused.items()
        )

    def give_up_broken(self) -> None:
        """Let go of models that broke down after they had been put into use; others have their sentences already."""
        broken = dict(self._in_use.broken)
        if not broken:
            return
        for name, reason in broken.items():
            known = self._there.get(name)
            self._refuse(name, reason, known.stamp if known else None)
        before = self._in_use.uses()
        self._table = {pair: model for pair, model in self._table.items() if model not in broken}
        for name in broken:
            self._remove(name)
        self._in_use.use(Routes(self._table))
        self._say(before)

    def _load(self, one: Available) -> str | None:
        """Load a model that is not there, or is there as it was before; return why it cannot be."""
        name = one.served.id
        if name in self._added and self._added[name] == one.stamp:
            return None
        if name in self._added:
            logger.warning("the files of %s have changed; give what is another model another revision", name)
            self._added[name] = one.stamp
            return None
        try:
            self._pool.add(one.served)
        except SetupError as error:
            self._refuse(name, str(error), one.stamp)
            return str(error)
        self._added[name] = one.stamp
        return None

    def _route(self, shelf: Shelf, *, beside: bool) -> None:
        """Let pairs use what the table says, as far as that passes its trial; `beside`: others work meanwhile."""
        self._there = {one.served.id: one for one in shelf.models}
        self._unread = set(shelf.problems)
        for name, reason in shelf.problems.items():
            self._refuse(name, reason, None)
        wanted = self._table if FILE in shelf.problems else shelf.routes.table
        before = self._in_use.uses()
        table = {pair: model for pair, model in self._table.items() if pair in wanted}
        for pair, model in wanted.items():
            if table.get(pair) != model and self._may_be_used(pair, model, beside=beside):
                table[pair] = model
        self._table = table
        self._in_use.use(Routes(table))
        self._say(before)

    def _may_be_used(self, pair: Pair, model: str, *, beside: bool) -> bool:
        if model in self._refused:
            return False
        known = self._there.get(model)
        stamp = known.stamp if known else None
        new, old = self._in_use.named(model, *pair), self._in_use.of_pair(*pair)
        if new is None:
            here = ", ".join(sorted({one.model.id for one in self._in_use.engines}))
            self._refuse(model, f"{FILE} says it for {pair[0]}→{pair[1]}, but here is only {here}", stamp)
            return False
        if new is old or (old is None and not beside):
            return True
        reason = self._try_out(new, old if beside else None, known.folder if known else None)
        if reason is None:
            return True
        self._refuse(model, reason, stamp)
        if model not in self._table.values() and beside:
            self._remove(model)
        return False

    def _refuse(self, name: str, reason: str, stamp: Hashable) -> None:
        if name not in self._refused or self._refused[name].reason != reason:
            logger.error("%s is not used, what was in use goes on: %s", name, reason)
            MODEL_CHANGES.labels("refused").inc()
            self._refused[name] = _Refusal(reason, now_ms(), stamp)
        MODELS_REFUSED.set(len(self.refused()))

    def _say(self, before: Mapping[Pair, str]) -> None:
        """Note what has changed: for people, for metrics, and to let go of what nobody uses any more."""
        after = self._in_use.uses()
        for pair, model in after.items():
            if pair in before and before[pair] != model:
                logger.info("%s→%s: %s is used from now on, in place of %s", *pair, model, before[pair])
                MODEL_CHANGES.labels("used").inc()
                self._replaced.add(before[pair])
                # From now on it is asked for by those who want it.
                self._in_use.unasked_for(before[pair])
        self._replaced -= set(after.values())
        MODELS_REFUSED.set(len(self.refused()))
        for engine in self._in_use.engines:
            one = engine.model
            MODEL.labels(one.id, one.source, one.target, self._engine, engine.device).set(1)
        MODEL_IN_USE.clear()
        for (source, target), model in after.items():
            MODEL_IN_USE.labels(model, source, target).set(1)

    def _retire(self) -> None:
        """Let go of models that were replaced, or whose folders are gone, when nobody has asked for them for long."""
        used = {leg for model in self._in_use.uses().values() for leg in model.split(JOINED)}
        gone = set(self._added) - set(self._there)
        for name in sorted((self._replaced | gone) - used):
            if self._in_use.unasked_for(name) < self._kept:
                continue
            if name in gone:
                self._remove(name)
                logger.info("%s is offered no longer: its folder is gone", name)
            else:
                self._pool.rest(name)

    def _remove(self, model: str) -> None:
        self._pool.remove(model)
        self._added.pop(model, None)
        self._replaced.discard(model)
        MODEL.remove_by_labels({"model": model})
