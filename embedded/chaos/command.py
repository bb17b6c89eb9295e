"""The command chaos."""

import json
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from embedded.chaos.checks import check_all
from embedded.chaos.disk import CannotMountError, Volume
from embedded.chaos.documents import Document
from embedded.chaos.fault import Fault, Ledger, Target
from embedded.chaos.faults import FaultOptions, Faults
from embedded.chaos.findings import Findings, show
from embedded.chaos.growth import Sampler
from embedded.chaos.guests import SETTINGS
from embedded.chaos.workload import Workload, translate, translation
from embedded.commands import start_detached, stop_detached
from embedded.services import PipelineOptions
from pipeline.counted import counted
from pipeline.errors import InputError, SatzstromError, SetupError
from satzstrom import Client

console = Console(highlight=False)

# Without a fault, at the end, so that growth can be told from what a process takes at its start: enough for three thirds
# of five samples, and after a long run a tenth of its time.
_FEWEST_QUIET_DOCUMENTS = 15
_QUIET_DOCUMENTS_A_SECOND = 0.05


@dataclass(frozen=True)
class Plan:
    """What a run is to do: each kind `once`, or all for `seconds`; only kinds whose name has `only` in it.

    `servers`: how many nodes Kafka and MongoDB have each. `release`: a checkout of another release.
    """

    seconds: float
    once: bool
    seed: int
    only: str = ""
    servers: int = 1
    release: Path | None = None


def run(folder: Path, plan: Plan, report: Callable[[str], None]) -> Findings:
    """Run documents and faults on a pipeline of its own in `folder`; return what came of it.

    Raises `SatzstromError` if the pipeline does not come back from a fault.
    """
    findings = Findings()
    volume = _volume(folder / "mongodb", findings) if plan.servers == 1 else None
    try:
        before = dict(os.environ)
        os.environ.update(SETTINGS)
        try:
            running = start_detached(
                PipelineOptions(data=folder, engine="marking", translators=2, port=18700, servers=plan.servers)
            )
        finally:
            for name in SETTINGS:
                del os.environ[name]
            os.environ.update(before)
        try:
            sampler = Sampler(folder)
            chance = random.Random(plan.seed)  # noqa: S311 (a schedule that can be repeated)
            ledger = Ledger()
            options = FaultOptions(short=plan.once, servers=plan.servers, volume=volume, release=plan.release)
            kinds = Faults(Target(folder), chance, ledger, options).kinds()
            kinds = [kind for kind in kinds if plan.only in kind.name]
            if not kinds:
                raise SetupError(f"there is no kind of fault with {plan.only!r} in its name")
            workload = Workload(running.api, findings, sampler.sample)
            try:
                probes = _torment(running.api, kinds, chance, plan, ledger, findings, report)
                quiet = max(_FEWEST_QUIET_DOCUMENTS, round(plan.seconds * _QUIET_DOCUMENTS_A_SECOND))
                report(f"{quiet} documents without a fault")
                workload.wait_for_more(quiet)
            finally:
                workload.finish()
            documents = [*workload.documents, *probes, *ledger.documents]
            with Client(running.api) as client:
                check_all(client, running, documents, ledger, findings)
            findings.growth = sampler.growth()
            findings.add_up(documents)
        finally:
            stop_detached(folder)
    finally:
        if volume is not None:
            volume.unmount()
    return findings


def _volume(folder: Path, findings: Findings) -> Volume | None:
    try:
        return Volume(folder)
    except CannotMountError as error:
        findings.skipped["full disk under mongodb"] = str(error)
        return None


def _torment(
    address: str,
    kinds: Sequence[Fault],
    chance: random.Random,
    plan: Plan,
    ledger: Ledger,
    findings: Findings,
    report: Callable[[str], None],
) -> list[Document]:
    """Strike until the plan is fulfilled; return the documents that were sent after each fault."""
    probes: list[Document] = []
    began = time.monotonic()
    with Client(address, timeout=5) as client:
        while True:
            deck = [kind for kind in kinds for _ in range(1 if plan.once else kind.weight)]
            for kind in chance.sample(deck, len(deck)):
                if not plan.once and time.monotonic() - began > plan.seconds:
                    return probes
                sent = len(ledger.documents)
                kind.strike()
                struck = time.monotonic()
                probe = Document(f"probe-{len(probes)}", kind.sentences, kind.words)
                findings.compare(probe, translate(client, probe))
                probes.append(probe)
                seconds = time.monotonic() - struck
                findings.recovery.setdefault(kind.name, []).append(seconds)
                findings.seconds = time.monotonic() - began
                report(f"{kind.name}: {seconds:.1f} s")
                for document in ledger.documents[sent:]:
                    findings.compare(document, translation(client, document))
                time.sleep(chance.uniform(0, 0.5))
            if plan.once:
                return probes


def chaos(
    minutes: Annotated[float, typer.Option(min=0.1, help="How long faults strike.")] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Each kind of fault once, however long that takes.")] = False,
    seed: Annotated[int, typer.Option(help="Of the schedule of faults; the same seed gives the same.")] = 1,
    only: Annotated[str, typer.Option(help="Only the kinds of fault whose name has this in it.")] = "",
    servers: Annotated[int, typer.Option(help="Nodes of Kafka and of MongoDB: 1, or 3 to kill one by one.")] = 1,
    release: Annotated[
        Path | None,
        typer.Option(file_okay=False, exists=True, help="Checkout of another release, to run side by side."),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Kill, stop, scale and starve the parts of a pipeline of its own while documents go through it, and count the harm."""
    if servers not in (1, 3):
        raise InputError("chaos runs with 1 or with 3 nodes of Kafka and of MongoDB; say --servers 1 or --servers 3")
    # The library's words on what chaos itself does to its servers.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    plan = Plan(0 if once else minutes * 60, once, seed, only, servers, release)
    with tempfile.TemporaryDirectory(prefix="satzstrom-chaos-") as folder:
        report = (lambda _: None) if json_ else (lambda line: console.print(f"  {line}", highlight=False))
        findings = run(Path(folder), plan, report)
    if json_:
        sys.stdout.write(json.dumps(asdict(findings)) + "\n")
    else:
        show(findings, console)
    if findings.problems:
        raise SatzstromError(
            f"{counted(len(findings.problems), 'thing is', 'things are')} not as it should be; first: {findings.problems[0]}"
        )
