"""When a stage has to stop instead of turning one record after the other into a dead letter."""

from collections import deque
from dataclasses import dataclass, field

from pipeline.errors import BrakeError
from pipeline.metrics import BRAKES

IN_A_ROW = 100
"""So many records of a stage one after the other, with none between them that went well."""

RECENT = 1000
"""The last records of a partition of which a share is looked at."""

SHARE = 0.5
"""More than this of the recent records of a partition."""


@dataclass
class _Partition:
    recent: deque[bool] = field(default_factory=lambda: deque(maxlen=RECENT))
    failed: int = 0

    def note(self, failed: bool, count: int = 1) -> None:
        for _ in range(min(count, RECENT)):
            if len(self.recent) == RECENT:
                self.failed -= self.recent[0]
            self.recent.append(failed)
            self.failed += failed


class Brake:
    """Counts records that failed although nothing is known to be wrong with them, and stops the stage at too many.

    A record that says itself what is wrong with it (`InputError`) does not count, however many of them come: a sender
    could stop the service with them. What counts is a handler that fails in a way nobody thought of: of one record in
    thousands that is the record's doing; of all of them it is a defect of this release, or of what it depends on, and
    every further dead letter is one that somebody has to replay. docs/decisions/0024-loop.md
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self._in_a_row = 0
        self._partitions: dict[tuple[str, int], _Partition] = {}

    def went_well(self, topic: str, partition: int, count: int = 1) -> None:
        """Note records that were handled."""
        self._in_a_row = 0
        self._partition(topic, partition).note(False, count)

    def failed(self, topic: str, partition: int, error: Exception) -> None:
        """Note a record on which handling failed. Raises `BrakeError` when it is one too many."""
        self._in_a_row += 1
        known = self._partition(topic, partition)
        known.note(True)
        if self._in_a_row >= IN_A_ROW:
            self._stop(f"{self._in_a_row} records in a row", error)
        if len(known.recent) == RECENT and known.failed > SHARE * RECENT:
            self._stop(f"{known.failed} of the last {RECENT} records of {topic}-{partition}", error)

    def _stop(self, how_many: str, error: Exception) -> None:
        BRAKES.labels(self._service).inc()
        raise BrakeError(self._service, how_many, error)

    def _partition(self, topic: str, partition: int) -> _Partition:
        return self._partitions.setdefault((topic, partition), _Partition())
