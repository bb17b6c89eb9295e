"""How long one sentence takes from being sent to being translated: alone, and at 1, 10 and 50 notes a second."""

import asyncio
import time
from collections.abc import Sequence

import httpx

from benchmarks.bare import Bare
from benchmarks.pipelines import ROOT, pipeline
from benchmarks.recorder import Plot, Recorder, most, quantiles
from benchmarks.texts import NOTE
from satzstrom import Client

_RATES = (1, 10, 50)


def run(recorder: Recorder) -> None:
    """Measure both with the bundled model."""
    with pipeline("ctranslate2") as (client, state):
        asyncio.run(at_rate(state["api"], 10, 2.0, "warm"))
        _alone(recorder, client)
        _at_rates(recorder, state["api"])


def _alone(recorder: Recorder, client: Client, rounds: int = 3, each: int = 40) -> None:
    """Measure one sentence at a time, less the engine's own time, which is measured by turns with it."""
    bare = Bare(ROOT / "models" / "de-en")
    tokens = [bare.encode(NOTE)]
    over: list[dict[int, float]] = []
    own: list[float] = []
    for _ in range(rounds):
        whole, alone = [], []
        for _ in range(each):
            begin = time.perf_counter()
            # As clients wait: the API answers when it is done. Asking again and again would take the same cores.
            assert client.wait(client.submit(NOTE)).state == "done"
            whole.append(1000 * (time.perf_counter() - begin))
            begin = time.perf_counter()
            bare.translate(tokens)
            alone.append(1000 * (time.perf_counter() - begin))
        own.append(quantiles(alone)[50])
        over.append({share: value - own[-1] for share, value in quantiles(whole).items()})
    recorder.add("one sentence over the engine's own time, p50", [one[50] for one in over], "ms", aim=most(35))
    recorder.add("one sentence over the engine's own time, p95", [one[95] for one in over], "ms", aim=most(80))
    recorder.add("the engine's own time", own, "ms")


def _at_rates(recorder: Recorder, api: str, rounds: int = 2, seconds: float = 10.0) -> None:
    found: dict[int, list[dict[int, float]]] = {rate: [] for rate in _RATES}
    for turn in range(rounds):
        for rate, taken in found.items():
            taken.append(quantiles(asyncio.run(at_rate(api, rate, seconds, f"{turn}-{rate}"))))
    for rate, taken in found.items():
        many = f"{rate} notes a second" if rate > 1 else "a note a second"
        for share in (50, 95):
            recorder.add(f"{many}, p{share}", [one[share] for one in taken], "ms")
    lines = {
        f"p{share}": [(float(rate), quantiles([one[share] for one in taken])[50]) for rate, taken in found.items()]
        for share in (50, 95)
    }
    recorder.plot(Plot(name="latency", title="Time of a note", across="notes a second", up="ms", lines=lines))


async def at_rate(api: str, rate: float, seconds: float, names: str) -> Sequence[float]:
    """Send notes at a steady rate, whether or not earlier ones are done; return the milliseconds that each took.

    The time runs from when a note was due, so that a pipeline that keeps senders waiting cannot hide it.
    """
    start = time.perf_counter() + 0.05

    async def one(number: int) -> float:
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        body = {"id": f"{names}-{number}", "text": NOTE, "source": "de", "target": "en"}
        (await http.post("/v1/documents", json=body)).raise_for_status()
        answer = await http.get(f"/v1/documents/{names}-{number}", params={"wait": 60})
        assert answer.json()["state"] == "done", answer.text
        return 1000 * (time.perf_counter() - due)

    # No note waits for a connection, and none takes one that the API may be about to close.
    limits = httpx.Limits(max_connections=None, keepalive_expiry=1)
    async with httpx.AsyncClient(base_url=api, timeout=90, limits=limits) as http:
        return await asyncio.gather(*(one(number) for number in range(round(rate * seconds))))
