"""Translators with another revision of the model, which come and go."""

import random
import signal
import time
from collections.abc import Callable

from embedded.chaos.documents import Document
from embedded.chaos.fault import Fault, Ledger, Target
from embedded.chaos.guests import guest
from embedded.chaos.workload import insist, submit
from satzstrom import Client

_SENTENCES = 400


class ModelChanges:
    """Runs a further translator with another revision, and ends it while sentences wait that ask for that."""

    def __init__(self, target: Target, chance: random.Random, ledger: Ledger) -> None:
        self._target = target
        self._chance = chance
        self._ledger = ledger
        self._revision = 1

    def kinds(self) -> list[Fault]:
        """Return a kind for each way in which it ends."""
        return [
            Fault("another model comes and goes", self._change(signal.SIGTERM)),
            Fault("another model comes and dies", self._change(signal.SIGKILL)),
        ]

    def _change(self, number: int) -> Callable[[], None]:
        def strike() -> None:
            self._revision += 1
            model = f"marking@{self._revision}"
            settings = {"SATZSTROM_IDENTITY_REVISION": str(self._revision)}
            translator = guest(self._target, "translator", f"translator-with-{self._revision}", settings, end=number)
            with translator, Client(self._target.running().api, timeout=10) as client:
                insist(lambda: model if _offers(client, model) else None, f"nobody offers {model}")
                for asked in (model, "marking@1", None):
                    document = Document(f"model-{len(self._ledger.documents)}", _SENTENCES)
                    self._ledger.documents.append(document)
                    submit(client, document, **({"model": asked} if asked else {}))
                # Half of them are translated then, or none yet.
                time.sleep(self._chance.uniform(0, 1.5))

        return strike


def _offers(client: Client, model: str) -> bool:
    translators = client.call("GET", "/v1/pipeline").json()["translators"]
    return any(model in one["models"] for one in translators)
