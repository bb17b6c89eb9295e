"""Running a service: settings, logging, signals, and errors that a person can read."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pipeline import logs, metrics, monitoring, tracing
from pipeline.errors import SatzstromError, SetupError, StoppedError
from pipeline.settings import Settings, load
from pipeline.stuck import StuckDetector
from pipeline.version import VERSION

logger = logging.getLogger(__name__)

# New objects after which Python looks for garbage in cycles. A round of records has some ten thousand, none in cycles.
_GARBAGE_AFTER = 50_000

S = TypeVar("S", bound=Settings)

SETUP_FAILED = 78
"""Exit status when a person has to set the service up differently (EX_CONFIG of sysexits.h): no restart helps."""


def main(name: str, kind: type[S], run: Callable[[S, asyncio.Event], Awaitable[None]]) -> None:
    """Run the service `name` until SIGTERM or SIGINT.

    `run` works until the event is set, then finishes what is in hand and returns. Exit status: 0 after a clean end, 78
    when the set-up is wrong, 1 after any other error; an error that is meant for a person is one clear line.
    """
    logs.configure("INFO", service=name)
    try:
        settings = load(kind)
        logs.configure(settings.log_level, form=settings.log_format, service=name)
        # What is loaded by now stays: nobody has to look at it again.
        gc.freeze()
        gc.set_threshold(_GARBAGE_AFTER, *gc.get_threshold()[1:])
        asyncio.run(_until_signal(name, settings, run))
    except StoppedError as error:
        logger.info("%s", error)
    except SatzstromError as error:
        logger.error("%s", error)  # noqa: TRY400 (the message says it all)
        sys.exit(SETUP_FAILED if isinstance(error, SetupError) else 1)


async def _until_signal(name: str, settings: S, run: Callable[[S, asyncio.Event], Awaitable[None]]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if settings.metrics_port:
        monitoring.serve(settings.metrics_host, settings.metrics_port)
        metrics.BUILD.labels(VERSION, name).set(1)
    tracing.start(name)
    turning = asyncio.create_task(_turn())
    stop_watching = StuckDetector(monitoring.LIVENESS, loop).start()
    try:
        await run(settings, stop)
    finally:
        stop_watching()
        turning.cancel()
        tracing.stop()


async def _turn() -> None:
    while True:
        monitoring.LIVENESS.turned()
        await asyncio.sleep(1)
