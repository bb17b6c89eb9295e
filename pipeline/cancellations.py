"""Which documents nobody should work on any more."""

import logging
import time

from pipeline.errors import EventError
from pipeline.events import Control, decode
from pipeline.records import Record

logger = logging.getLogger(__name__)

KEPT_MS = 7 * 24 * 60 * 60 * 1000
"""As long as Kafka keeps sentences. An id may be used again after that time, so older records say nothing of it."""


class Cancellations:
    """The cancelled documents; `pipeline.following` keeps it up to date, from any thread it may be asked."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}

    def add(self, record: Record) -> None:
        """Take one record of the topic `control`; one that cannot be read is left out."""
        if not record.value:
            return
        try:
            event = decode(Control, record.value)
        except EventError as error:
            logger.warning("ignoring a record of %s: %s", record.topic, error)
            return
        if event.action != "cancel" or event.document is None:
            return
        # The newest last, so that what has expired stands at the beginning.
        self._times.pop(event.document, None)
        now = _now_ms()
        # The sender's clock may be wrong.
        self._times[event.document] = min(record.timestamp, now)
        oldest = now - KEPT_MS
        while self._times and self._times[first := next(iter(self._times))] < oldest:
            del self._times[first]

    def __contains__(self, document: str) -> bool:
        """Whether a document was cancelled."""
        return self._times.get(document, 0) > _now_ms() - KEPT_MS


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
