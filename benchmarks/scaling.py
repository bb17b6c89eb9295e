"""One to eight translators, each at a set pace so that the machine is not the limit, beside what the simulator says."""

import time

from benchmarks.pipelines import finish, pipeline
from benchmarks.recorder import Plot, Recorder, least
from benchmarks.simulation import Arrival, Machines, simulate
from benchmarks.texts import STORY

BATCH, BATCH_SECONDS = 16, 0.05
_NUMBERS = (1, 2, 4, 8)


def run(recorder: Recorder, rounds: int = 2) -> None:
    """Measure sentences/s by turns: the identity engine waits 50 ms for each batch of 16 sentences."""
    speeds: dict[int, list[float]] = {number: [] for number in _NUMBERS}
    errors: dict[int, list[float]] = {number: [] for number in _NUMBERS}
    for _ in range(rounds):
        for number in _NUMBERS:
            total, seconds = _timed(number)
            speeds[number].append(total / seconds)
            modelled = simulate(Machines(number, BATCH, BATCH_SECONDS), [Arrival(0, total)]).seconds[0]
            errors[number].append(100 * (modelled / seconds - 1))
    for number, found in speeds.items():
        many = f"{number} translators" if number > 1 else "1 translator"
        recorder.add(many, found, "sentences/s", note=f"{1000 * BATCH_SECONDS:.0f} ms for a batch of {BATCH}")
        if number > 1:
            shares = [speed / number / alone for speed, alone in zip(found, speeds[1], strict=True)]
            recorder.add(f"{many}, share of linear", shares, aim=least(0.9) if number == _NUMBERS[-1] else None)
        recorder.add(f"{many}, seconds the simulator is off", errors[number], "%")
    measured = [(float(number), max(found)) for number, found in speeds.items()]
    lines = {"measured": measured, "linear": [(float(number), number * measured[0][1]) for number in _NUMBERS]}
    recorder.plot(Plot(name="scaling", title="Sentences a second", across="translators", up="sentences/s", lines=lines))


def _timed(translators: int) -> tuple[int, float]:
    text = (STORY * (3 * translators)).encode()
    settings = {"SATZSTROM_IDENTITY_BATCH_SECONDS": str(BATCH_SECONDS)}
    with pipeline("identity", translators=translators, settings=settings) as (client, _):
        finish(client, client.submit(STORY))
        begin = time.perf_counter()
        status = finish(client, client.submit(iter([text])), 0.05)
        return status.sentences.total, time.perf_counter() - begin
