"""Being asked to end."""

import signal
from typing import Self


class Interruption:
    """Says whether the process was asked to end, by Ctrl-C or a signal; a second Ctrl-C ends it at once."""

    def __enter__(self) -> Self:
        self._asked = False
        self._before = {kind: signal.signal(kind, self._ask) for kind in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for kind, handler in self._before.items():
            signal.signal(kind, handler)

    def __call__(self) -> bool:
        """Return whether it was asked to."""
        return self._asked

    def _ask(self, *_: object) -> None:
        self._asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
