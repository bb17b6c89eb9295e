"""The engines of a translator: loaded when needed, within a budget of memory, added and removed while others work."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.errors import SetupError
from pipeline.metrics import MODEL_BYTES, MODEL_LOADS, MODEL_UNLOADS, MODELS_LOADED
from pipeline.monitoring import LIVENESS
from translator.engines import USUAL, Decoding, Engine, Hypothesis, Tokens
from translator.engines.process import EngineDiedError, EngineProcess

logger = logging.getLogger(__name__)

# A model that has no room looks again whether another one has stayed long enough; of all else it is told.
_LOOK = 0.1


@dataclass(frozen=True)
class Served:
    """A model that a translator serves, loaded or not."""

    id: str
    load: Callable[[], Engine]
    """Loads it, as often as it is asked to. Raises `SetupError`."""
    views: Callable[[Engine], Sequence[Engine]] = lambda engine: [engine]
    """Gives an engine for each of its pairs of languages, all of which work through the one that is given."""
    size: int = 0
    """Bytes that it is likely to take, before it was loaded for the first time."""


@dataclass
class _Slot:
    """The state of a model in the pool."""

    served: Served
    size: int
    """What it takes: as measured last, loaded or not."""
    engine: Engine | None = None
    loading: bool = False
    users: int = 0
    """Batches that it works on."""
    used: int = 0
    """When it was used last, in batches of all."""
    stays_until: float = 0.0
    removed: bool = False
    views: tuple[Engine, ...] = field(default_factory=tuple)


class EnginePool:
    """All models of a translator; `engines` has one engine for each model and pair of languages.

    Without a budget everything stays loaded. With one, what was used least recently and works on no batch is unloaded before
    another one is loaded; it is loaded again when a batch needs it, which waits for that. So that two models in turn do not
    load for ever, each stays for at least as long as it took to load; who waits for room goes before those that have it.
    A model that is larger than the budget is loaded alone.

    Memory is that of the engines' processes, measured; before a model is loaded the size of its files. All methods may be
    called from any thread.
    """

    def __init__(self, budget: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """`budget`: bytes, or None for no end of them. `clock`: seconds, of which only differences count."""
        self._budget = budget
        self._clock = clock
        self._slots: dict[str, _Slot] = {}
        self._changed = threading.Condition()
        self._batches = 0
        # Who waits for room, the first to come in front.
        self._waiting: list[object] = []
        self._stopped = False
        self._elsewhere: list[Engine] = []
        self.engines: tuple[Engine, ...] = ()
        """One for each model and pair of languages, in the order in which they were added; another tuple after a change."""

    def add(self, served: Served) -> tuple[Engine, ...]:
        """Load a model beside the others, let it translate a sentence, offer it, and return its engines.

        Raises `SetupError` when it cannot be loaded or is there already; everything else is as it was then.
        """
        slot = _Slot(served, served.size)
        with self._changed:
            if served.id in self._slots:
                raise SetupError(
                    f"the model {served.id} is there twice; remove one of the folders, or give it a revision"
                )
            self._slots[served.id] = slot
        try:
            with self._lease(slot) as engine:
                slot.views = tuple(served.views(_Pooled(self, slot, engine)))
        except BaseException:
            self.remove(served.id)
            raise
        with self._changed:
            self.engines = (*self.engines, *slot.views)
        return slot.views

    def offer(self, engines: Sequence[Engine]) -> None:
        """Offer engines whose models are on another machine: they are not loaded here, and stop with the pool."""
        with self._changed:
            self._elsewhere += engines
            self.engines = (*self.engines, *engines)

    def remove(self, model: str) -> None:
        """Offer a model no longer, and unload it as soon as it works on no batch. One that is not there is no error.

        Who still has its engines can use them: it is loaded for each of their batches.
        """
        with self._changed:
            slot = self._slots.pop(model, None)
            if slot is None:
                return
            self.engines = tuple(engine for engine in self.engines if engine not in slot.views)
            slot.removed = True
            if not slot.users:
                self._unload(slot)
            self._changed.notify_all()

    def rest(self, model: str) -> None:
        """Unload a model that works on no batch; the next batch loads it again. One that is not there is no error."""
        with self._changed:
            slot = self._slots.get(model)
            if slot is not None and not slot.users:
                self._unload(slot)
                self._changed.notify_all()

    def loaded(self) -> dict[str, int]:
        """Return the models that are loaded, and how many bytes each takes."""
        with self._changed:
            return {name: slot.size for name, slot in self._slots.items() if slot.engine is not None}

    def stop(self) -> None:
        """End all engines with whatever they work on, and load no other."""
        with self._changed:
            self._stopped = True
            for slot in self._slots.values():
                self._unload(slot)
            self._changed.notify_all()
        for engine in self._elsewhere:
            engine.stop()

    @contextmanager
    def _lease(self, slot: _Slot) -> Iterator[Engine]:
        """Hold a model in memory. Raises `SetupError` when it cannot be loaded."""
        engine = self._take(slot)
        try:
            yield engine
        finally:
            self._give_back(slot)

    def _take(self, slot: _Slot) -> Engine:
        if (engine := self._wait(slot)) is not None:
            return engine
        try:
            return self._load(slot)
        except SetupError as error:
            # What could be loaded before lacks memory at the moment, if anything. One that is new may be broken.
            if not slot.views or not self._unload_idle():
                raise
            logger.warning("%s is loaded once more, with all idle ones unloaded: %s", slot.served.id, error)
            return self._load(slot)
        finally:
            with self._changed:
                slot.loading = False
                self._changed.notify_all()

    def _wait(self, slot: _Slot) -> Engine | None:
        """Wait until a model may be used, and return its engine; or until there is room to load it, and return None."""
        me = object()
        with self._changed:
            try:
                while True:
                    if self._stopped:
                        raise EngineDiedError("the engine was stopped")
                    if slot.engine is not None:
                        first = not self._waiting or self._waiting[0] is me
                        if first or self._clock() < slot.stays_until:
                            slot.users += 1
                            return slot.engine
                    elif not slot.loading:
                        if me not in self._waiting:
                            self._waiting.append(me)
                        if self._waiting[0] is me and self._has_room(slot):
                            slot.loading = True
                            return None
                    self._changed.wait(_LOOK)
            finally:
                if me in self._waiting:
                    self._waiting.remove(me)

    def _load(self, slot: _Slot) -> Engine:
        started = self._clock()
        engine = slot.served.load()
        try:
            engine.generate([engine.encode("1")], USUAL)
        except Exception as error:
            engine.stop()
            raise SetupError(f"the model {slot.served.id} does not translate ({error})") from error
        now = self._clock()
        with self._changed:
            if self._stopped:
                engine.stop()
                raise EngineDiedError("the engine was stopped")
            slot.engine, slot.users, slot.stays_until = engine, 1, now + (now - started)
            self._measure(slot)
        LIVENESS.moved()
        MODEL_LOADS.labels(slot.served.id).inc()
        logger.info("loaded %s: %d MB, in %.1f s", slot.served.id, slot.size >> 20, now - started)
        return engine

    def _give_back(self, slot: _Slot) -> None:
        with self._changed:
            slot.users -= 1
            self._batches += 1
            slot.used = self._batches
            self._measure(slot)
            if slot.removed and not slot.users:
                self._unload(slot)
            if slot.engine is not None:
                # Engines grow while they work.
                self._has_room(slot)
            self._changed.notify_all()

    def _has_room(self, slot: _Slot) -> bool:
        """Unload what was used least recently, until a model can be loaded or stay; whether it can."""
        if self._budget is None:
            return True
        while True:
            others = [one for one in self._slots.values() if one is not slot and (one.engine or one.loading)]
            if not others or slot.size + sum(one.size for one in others) <= self._budget:
                return True
            now = self._clock()
            idle = [one for one in others if one.engine and not one.users and one.stays_until <= now]
            if not idle:
                return False
            self._unload(min(idle, key=lambda one: one.used))

    def _unload_idle(self) -> bool:
        """Unload all that work on no batch; return whether there was any."""
        with self._changed:
            idle = [one for one in self._slots.values() if one.engine is not None and not one.users]
            for one in idle:
                self._unload(one)
        return bool(idle)

    def _unload(self, slot: _Slot) -> None:
        if slot.engine is None:
            return
        slot.engine.stop()
        slot.engine = None
        MODEL_UNLOADS.labels(slot.served.id).inc()
        MODEL_BYTES.remove(slot.served.id)
        self._count()
        logger.info("unloaded %s: %d MB", slot.served.id, slot.size >> 20)

    def _measure(self, slot: _Slot) -> None:
        """Note what a loaded model takes."""
        if isinstance(slot.engine, EngineProcess):
            slot.size = slot.engine.resident() or slot.size
        if slot.engine is not None:
            MODEL_BYTES.labels(slot.served.id).set(slot.size)
            self._count()

    def _count(self) -> None:
        MODELS_LOADED.set(sum(one.engine is not None for one in self._slots.values()))


class _Pooled:
    """A model of the pool as an engine, loaded or not."""

    def __init__(self, pool: EnginePool, slot: _Slot, loaded: Engine) -> None:
        self._pool = pool
        self._slot = slot
        self.model = loaded.model
        self.device = loaded.device
        self.verbatim = loaded.verbatim
        self.limit = loaded.limit
        self.batch_tokens = loaded.batch_tokens
        self.workers = loaded.workers
        self.spare = loaded.spare
        self.round_size = loaded.round_size
        self.encode = loaded.encode

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Translate a batch, after loading the model if it is not."""
        with self._pool._lease(self._slot) as engine:  # noqa: SLF001 (a part of the pool)
            return engine.generate(batch, decoding)

    def stop(self) -> None:
        """Remove the model from the pool."""
        self._pool.remove(self._slot.served.id)
