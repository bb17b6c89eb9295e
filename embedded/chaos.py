"""The command chaos: what kill -9, SIGSTOP and restarts do to documents that are being translated, for everybody to see."""

import json
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table

from embedded import state
from embedded.commands import start_detached, stop_detached
from embedded.services import PipelineOptions
from pipeline.errors import SatzstromError, UnavailableError
from producer.client import Client, RefusedError

console = Console(highlight=False)

_SERVICES = ("segmenter", "translator-1", "translator-2", "sink", "api")
_SERVERS = ("kafka", "mongodb")
_SENTENCES = 1200
# No document takes this long, whatever happens meanwhile.
_STUCK_AFTER = 180.0


@dataclass
class Findings:
    """What came of a run."""

    documents: int = 0
    sentences: int = 0
    lost: list[str] = field(default_factory=list)
    """Documents with sentences that are missing, doubled, out of place or not translated."""
    recovery: dict[str, list[float]] = field(default_factory=dict)
    """Kind of fault → seconds until a new document was translated."""

    @property
    def faults(self) -> int:
        """How many faults there were."""
        return sum(map(len, self.recovery.values()))


def text_of(document: str, sentences: int) -> tuple[str, str]:
    """Return a text in which every sentence is different, and what the marking engine has to make of it."""
    source, target = [], []
    for number in range(sentences):
        sentence = f"Satz {number} von Dokument {document} steht genau hier."
        # Blank lines, so that it does not depend on a model where a sentence ends.
        between = "\n\n  - " if number % 5 == 4 else "\n \n\t\n" if number % 7 == 6 else "\r\n\r\n"
        source.append(sentence + between)
        target.append(f"⟦{sentence}⟧" + between)
    return "".join(source), "".join(target)


class Workload:
    """Keeps documents under way, and compares each with what it has to be."""

    def __init__(self, address: str, findings: Findings) -> None:
        self._address = address
        self._findings = findings
        self._stopping = threading.Event()
        self._errors: list[Exception] = []
        self._thread = threading.Thread(target=self._run, name="workload")
        self._thread.start()

    def finish(self) -> None:
        """Finish the document in hand and return. Raises what went wrong."""
        self._stopping.set()
        self._thread.join()
        if self._errors:
            raise self._errors[0]

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._one(f"chaos-{self._findings.documents}")
        except Exception as error:  # noqa: BLE001 (raised by `finish`)
            self._errors.append(error)

    def _one(self, document: str) -> None:
        source, target = text_of(document, _SENTENCES)
        with Client(self._address, timeout=10) as client:
            found = translate(client, document, source, within=_STUCK_AFTER)
        self._findings.documents += 1
        self._findings.sentences += _SENTENCES
        if found != target:
            self._findings.lost.append(document)


def translate(client: Client, document: str, text: str, *, within: float) -> str:
    """Submit a text and return its translation, however often the API dies meanwhile.

    Raises `SatzstromError` after `within` seconds.
    """
    deadline = time.monotonic() + within

    def insist(action: Callable[[], str | None]) -> str:
        while True:
            try:
                if (found := action()) is not None:
                    return found
            except UnavailableError:
                pass
            except RefusedError as error:
                # The API is there and waits for Kafka or MongoDB itself.
                if error.status != httpx.codes.SERVICE_UNAVAILABLE:
                    raise
            if time.monotonic() > deadline:
                raise SatzstromError(f"document {document} was not translated within {within:.0f} s")
            time.sleep(0.05)

    def read() -> str | None:
        return b"".join(client.text(document)).decode() if client.status(document).state == "done" else None

    # The same document under the same id: sending it again changes nothing.
    insist(lambda: client.submit(text, document=document))
    return insist(read)


class Faults:
    """Does something bad to a running pipeline; each kind returns when it is over."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._folder = folder
        self._chance = chance

    def kinds(self) -> dict[str, Callable[[], None]]:
        """Return every kind by its name."""
        kinds: dict[str, Callable[[], None]] = {}
        for name in (*_SERVICES, *_SERVERS):
            kinds[f"kill -9 {name}"] = lambda name=name: self._signal(signal.SIGKILL, name)  # type: ignore[misc]
            kinds[f"stop and continue {name}"] = lambda name=name: self._pause(name)  # type: ignore[misc]
        for name in _SERVICES:
            kinds[f"restart {name}"] = lambda name=name: self._signal(signal.SIGTERM, name)  # type: ignore[misc]
        kinds["kill -9 kafka and mongodb"] = lambda: self._signal(signal.SIGKILL, *_SERVERS)
        kinds["kill -9 all services"] = lambda: self._signal(signal.SIGKILL, *_SERVICES)
        return kinds

    def _signal(self, number: int, *names: str) -> None:
        running = state.read(self._folder)
        if running is None:
            raise SatzstromError(f"the pipeline has ended; see {self._folder}/logs")
        for process in running.processes:
            if process.name in names and process.pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, number)

    def _pause(self, name: str) -> None:
        self._signal(signal.SIGSTOP, name)
        try:
            time.sleep(self._chance.uniform(1, 8))
        finally:
            self._signal(signal.SIGCONT, name)


def chance_of(seed: int) -> random.Random:
    """Return what decides the schedule."""
    return random.Random(seed)  # noqa: S311 (a schedule that can be repeated)


def run(folder: Path, until: Callable[[Findings], bool], seed: int, report: Callable[[str], None]) -> Findings:
    """Run documents and faults on a pipeline of its own in `folder` until `until` says so; return what came of it.

    Raises `SatzstromError` if the pipeline does not come back from a fault.
    """
    chance = chance_of(seed)
    findings = Findings()
    os.environ["SATZSTROM_IDENTITY_BATCH_SECONDS"] = "0.02"
    try:
        running = start_detached(PipelineOptions(data=folder, engine="marking", translators=2, port=18700))
    finally:
        del os.environ["SATZSTROM_IDENTITY_BATCH_SECONDS"]
    try:
        workload = Workload(running.api, findings)
        try:
            _torment(running.api, Faults(folder, chance).kinds(), chance, until, findings, report)
        finally:
            workload.finish()
    finally:
        stop_detached(folder)
    return findings


def _torment(
    address: str,
    kinds: dict[str, Callable[[], None]],
    chance: random.Random,
    until: Callable[[Findings], bool],
    findings: Findings,
    report: Callable[[str], None],
) -> None:
    with Client(address, timeout=5) as client:
        while True:
            # Every kind as often as the others.
            for name in chance.sample(sorted(kinds), len(kinds)):
                if until(findings):
                    return
                kinds[name]()
                began = time.monotonic()
                source, target = text_of(f"probe-{findings.faults}", 1)
                if translate(client, f"probe-{findings.faults}", source, within=_STUCK_AFTER) != target:
                    findings.lost.append(f"probe-{findings.faults}")
                seconds = time.monotonic() - began
                findings.recovery.setdefault(name, []).append(seconds)
                report(f"{name}: {seconds:.1f} s")
                time.sleep(chance.uniform(0, 1))


def chaos(
    minutes: Annotated[float, typer.Option(min=0.1, help="How long.")] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Each kind of fault once, however long that takes.")] = False,
    seed: Annotated[int, typer.Option(help="Of the schedule of faults; the same seed gives the same.")] = 1,
    json_: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Kill, stop and restart the parts of a pipeline of its own while documents go through it, and count what was lost."""
    with tempfile.TemporaryDirectory(prefix="satzstrom-chaos-") as folder:
        report = (lambda _: None) if json_ else (lambda line: console.print(f"  {line}", highlight=False))
        end = time.monotonic() + minutes * 60
        kinds = Faults(Path(folder), chance_of(seed)).kinds()

        def until(findings: Findings) -> bool:
            return findings.recovery.keys() == kinds.keys() if once else time.monotonic() > end

        findings = run(Path(folder), until, seed, report)
    if json_:
        sys.stdout.write(json.dumps(asdict(findings)) + "\n")
    else:
        _show(findings)
    if findings.lost:
        raise SatzstromError(f"{len(findings.lost)} documents are not what they have to be: {', '.join(findings.lost)}")


def _show(findings: Findings) -> None:
    table = Table("fault", "times", "recovery, median s", "longest s", box=None)
    for name, seconds in sorted(findings.recovery.items()):
        table.add_row(name, str(len(seconds)), f"{statistics.median(seconds):.1f}", f"{max(seconds):.1f}")
    console.print(table)
    console.print(
        f"\n{findings.faults} faults; {findings.documents} documents of {findings.sentences} sentences were translated"
        f" meanwhile; {len(findings.lost)} of them are not what they have to be.",
        soft_wrap=True,
    )
