"""What tests of drafts share."""

from collections.abc import AsyncIterator

import pytest

from translator.scheduler import Scheduler


@pytest.fixture
async def scheduler() -> AsyncIterator[Scheduler]:
    running = Scheduler(2)
    running.start()
    yield running
    await running.stop()
