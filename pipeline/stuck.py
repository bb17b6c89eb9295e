"""What a process is doing when it does not get on: the stacks of its threads and tasks, in the log."""

import asyncio
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from io import StringIO

from pipeline.monitoring import Liveness

logger = logging.getLogger(__name__)

LOOP_MAY_BLOCK = 5.0
"""Seconds for which the event loop may not turn until that is worth a look."""

WORK_MAY_TAKE = 60.0
"""Seconds without progress in the work in hand."""

_EVERY = 1.0


class StuckDetector:
    """Watches from a thread of its own, and logs all stacks once for each time that the process gets stuck.

    It changes nothing: whoever asks `/livez` decides what becomes of the process. Stacks have places in the code and no text
    of documents.
    """

    def __init__(self, liveness: Liveness, loop: asyncio.AbstractEventLoop) -> None:
        self._liveness = liveness
        self._loop = loop
        self._ended = threading.Event()
        self._said = False

    def start(self) -> Callable[[], None]:
        """Begin to watch; return what ends it."""
        threading.Thread(target=self._watch, name="stuck detector", daemon=True).start()
        return self._ended.set

    def look(self) -> None:
        """Log the stacks if the process is stuck and that was not said yet."""
        problem = self._liveness.problem(loop_may_block=LOOP_MAY_BLOCK, work_may_take=WORK_MAY_TAKE)
        if problem and not self._said:
            logger.warning("%s; this is what it does:\n%s", problem, self._stacks())
        self._said = problem is not None

    def _watch(self) -> None:
        while not self._ended.wait(_EVERY):
            self.look()

    def _stacks(self) -> str:
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        out = StringIO()
        for ident, frame in sys._current_frames().items():  # noqa: SLF001 (the documented way to all threads)
            if ident != threading.get_ident():
                out.write(f"thread {names.get(ident, ident)}:\n")
                traceback.print_stack(frame, file=out)
        try:
            tasks = asyncio.all_tasks(self._loop)
        except RuntimeError:
            # The set of tasks changed while it was read: the loop turns, so its stack above says enough.
            tasks = set()
        for task in tasks:
            task.print_stack(limit=5, file=out)
        return out.getvalue()
