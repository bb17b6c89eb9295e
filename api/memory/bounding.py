"""Keeps what models made within its bound."""

import asyncio
import logging

from pipeline.backoff import Backoff
from pipeline.errors import UnavailableError
from store.memory.keeping import MemoryKeeper

logger = logging.getLogger(__name__)

_EVERY = 60.0


async def keep_bounded(keeper: MemoryKeeper) -> None:
    """Remove the machine's units that are too many, until cancelled; several processes may do so at once."""
    backoff = Backoff(logger, "bounding the memory")
    while True:
        try:
            removed = await keeper.bound_machine()
        except UnavailableError as error:
            await backoff.wait(error)
            continue
        backoff.succeeded()
        if not removed:
            await asyncio.sleep(_EVERY)
