"""Services of another release beside those of this one, as during a rolling upgrade."""

import random
import signal
import time
from contextlib import ExitStack
from pathlib import Path

from embedded.chaos.documents import FAILS, Document
from embedded.chaos.fault import Fault, Ledger, Target
from embedded.chaos.guests import guest
from embedded.chaos.workload import insist, submit
from embedded.ports import free_port, release_port
from satzstrom import Client

_SENTENCES = 400
_SERVICES = ("segmenter", "translator", "sink", "api")


class Releases:
    """Runs the services of the release whose checkout is `folder`."""

    def __init__(self, target: Target, chance: random.Random, ledger: Ledger, folder: Path) -> None:
        self._target = target
        self._chance = chance
        self._ledger = ledger
        self._folder = folder.resolve()

    def kinds(self) -> list[Fault]:
        """Return a kind for each way in which the others end."""
        return [
            Fault("services of another release come and go", lambda: self._strike(signal.SIGTERM)),
            Fault("services of another release come and die", lambda: self._strike(signal.SIGKILL)),
        ]

    def _strike(self, end: int) -> None:
        """Run them beside ours, restart ours one after the other, and send documents to both of the APIs meanwhile."""
        taken: set[int] = set()
        port = free_port(18790, taken)
        settings = {"SATZSTROM_PORT": str(port), "SATZSTROM_HOST": "127.0.0.1"}
        try:
            with ExitStack() as running:
                for name in self._chance.sample(_SERVICES, len(_SERVICES)):
                    log = f"{name}-of-another-release"
                    running.enter_context(guest(self._target, name, log, settings, folder=self._folder, end=end))
                with Client(f"http://127.0.0.1:{port}", timeout=20) as theirs:
                    insist(lambda: str(theirs.call("GET", "/readyz")), "the API of the other release did not get ready")
                    self._send(theirs)
                    for name in self._chance.sample(_SERVICES, len(_SERVICES)):
                        self._target.end(signal.SIGTERM, "translator-1" if name == "translator" else name)
                        time.sleep(self._chance.uniform(0, 2))
                    self._send(theirs)
                with Client(self._target.running().api, timeout=20) as ours:
                    self._send(ours)
                # Half of them are translated then, or none yet.
                time.sleep(self._chance.uniform(0, 1.5))
        finally:
            release_port(port, taken)

    def _send(self, client: Client) -> None:
        number = len(self._ledger.documents)
        document = Document(f"release-{number}", _SENTENCES, {7: FAILS} if number % 2 else {})
        submit(client, document)
        self._ledger.documents.append(document)
