"""Ending within a bounded time, also while servers are away."""

import asyncio
import logging
from collections.abc import Awaitable

from pipeline.backoff import describe

logger = logging.getLogger(__name__)


async def within(seconds: float, work: Awaitable[object], *, what: str) -> None:
    """Wait for the last work of something that ends; after so many seconds, or after an error, say so and go on."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait([task], timeout=seconds)
    finally:
        if not task.done():
            logger.warning("%s: not done after %.0f s; ending all the same", what, seconds)
            task.cancel()
        elif not task.cancelled() and (error := task.exception()) is not None:
            logger.warning("%s: %s", what, describe(error))
