"""What several tests of units share."""

from collections.abc import AsyncIterator

import pytest

from translator.scheduler import Scheduler


@pytest.fixture
async def scheduler() -> AsyncIterator[Scheduler]:
    """A scheduler that runs one batch at a time."""
    running = Scheduler(1)
    running.start()
    yield running
    await running.stop()
