"""What goes on beside a service's own work, for as long as that lasts."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

logger = logging.getLogger(__name__)

Work = Callable[[], Coroutine[Any, Any, None]]

_PAUSE = 5.0


@asynccontextmanager
async def background(work: Mapping[str, Work]) -> AsyncIterator[None]:
    """Run all of `work`, by what it does, until the block ends; it is cancelled then, and has ended when this returns.

    Guarantee: none of it is dead without a word. Each waits by itself for servers that are away; what it raises is a defect,
    which is logged with its traceback, and it begins again after a pause. The service goes on meanwhile.
    """
    tasks = [asyncio.create_task(_kept_up(name, begin)) for name, begin in work.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _kept_up(name: str, begin: Work) -> None:
    while True:
        try:
            await begin()
        except Exception:
            logger.exception("%s failed; it begins again in %.0f s", name, _PAUSE)
            await asyncio.sleep(_PAUSE)
        else:
            return
