"""A loaded model for each of its pairs of languages."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from pipeline.events import OfferedModel
from translator.engines import Decoding, Engine, Hypothesis, Tokens
from translator.models.folder import Model


class PairEngine:
    """An engine for one of the pairs of its model: it tells the model the languages with every batch, whatever is searched.

    Those of one model share its engine, which stops with the last of them.
    """

    def __init__(self, shared: "_Shared", model: Model, pair: OfferedModel) -> None:
        """`pair`: one of those that the model offers."""
        engine = shared.engine
        self.model = pair
        self.device = engine.device
        self.verbatim = engine.verbatim
        self.limit = engine.limit
        self.batch_tokens = engine.batch_tokens
        self.workers = engine.workers
        self.spare = engine.spare
        self.round_size = engine.round_size
        self._shared = shared
        self._before, self._prefix = model.prompt_for(pair)

    @property
    def encode(self) -> Callable[[str], Tokens]:
        """Cuts a sentence into tokens; what tells the languages is not counted."""
        return self._shared.engine.encode

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Translate a batch of sentences of the pair."""
        return self._shared.engine.generate(batch, replace(decoding, before=self._before, prefix=self._prefix))

    def stop(self) -> None:
        """Stop the engine, unless another pair still uses it; to stop twice is the same as once."""
        self._shared.leave(self.model)


class _Shared:
    """An engine and the pairs that use it."""

    def __init__(self, engine: Engine, users: Iterable[OfferedModel]) -> None:
        self.engine = engine
        self._users = set(users)
        self._lock = threading.Lock()

    def leave(self, user: OfferedModel) -> None:
        """Stop the engine if this was its last user."""
        with self._lock:
            self._users.discard(user)
            last = not self._users
        if last:
            self.engine.stop()


def of_pairs(engine: Engine, model: Model) -> list[Engine]:
    """Return an engine for each pair of the model that `engine` has loaded."""
    shared = _Shared(engine, model.offered)
    return [PairEngine(shared, model, pair) for pair in model.offered]
