import asyncio
import time

from tests.lag import AT_MOST, watched_loop


def burn(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


async def test_what_holds_the_loop_is_measured() -> None:
    async with watched_loop() as lag:
        burn(0.1)
    assert lag.longest > 0.08


async def test_what_holds_the_interpreter_from_another_thread_is_measured() -> None:
    digits = "7" * 400
    async with watched_loop() as lag:
        # One call into C that does not let go.
        await asyncio.to_thread(lambda: int(digits) ** 3_000)
    assert lag.longest > AT_MOST


async def test_waiting_holds_nothing() -> None:
    async with watched_loop() as lag:
        await asyncio.sleep(0.2)
    assert lag.longest < AT_MOST
