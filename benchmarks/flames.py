"""Flame graphs: where each service spends its time while a long text goes through it."""

import subprocess
import tempfile
from pathlib import Path

import psutil

from benchmarks.environments import python_with
from benchmarks.pipelines import finish, pipeline
from benchmarks.recorder import RESULTS, Recorder
from benchmarks.texts import BOOK, STORY
from pipeline.errors import SetupError
from satzstrom import Client

_FOLDER = RESULTS / "flames"
_PY_SPY = "py-spy==0.4.3"
_SERVICES = {"identity": ("api", "segmenter", "sink", "translator"), "ctranslate2": ("translator",)}
_SECONDS, _SAMPLES = 15, 100


def run(recorder: Recorder) -> None:
    """Draw the services with the identity engine, and the translator with the bundled model too."""
    try:
        tool = python_with("py-spy", _PY_SPY).with_name("py-spy")
    except SetupError as error:
        recorder.leave_out("all", str(error))
        return
    _FOLDER.mkdir(exist_ok=True)
    for engine, services in _SERVICES.items():
        text = (STORY if engine == "identity" else BOOK).encode()
        with pipeline(engine) as (client, state):
            finish(client, client.submit(BOOK[:5000]))
            # So much that every service has something to do until the last is drawn.
            book = client.submit(iter([text] * (600 if engine == "identity" else 30)))
            for process in state["processes"]:
                if process["name"].rstrip("-0123456789") in services:
                    _draw(recorder, tool, process["pid"], f"{process['name']}-{engine}")
            _stop(client, book)


def _draw(recorder: Recorder, tool: Path, pid: int, name: str) -> None:
    picture = _FOLDER / f"{name}.svg"
    before = _used(pid)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "flame.svg")
        command = [str(tool), "record", "--pid", str(pid), "--output", str(made), "--format", "flamegraph"]
        options = ["--rate", str(_SAMPLES), "--duration", str(_SECONDS), "--subprocesses", "--nonblocking"]
        said = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
        if said.returncode or not made.exists():
            recorder.leave_out(name, (said.stderr.strip().splitlines() or ["py-spy made no picture"])[-1])
            return
        picture.write_bytes(made.read_bytes())
    busy = 100 * (_used(pid) - before) / _SECONDS
    recorder.add(name, busy, "% of a core", note=f"[flame graph](../benchmarks/results/flames/{name}.svg)")


def _used(pid: int) -> float:
    """Return the CPU seconds of a process and of those that it started."""
    process = psutil.Process(pid)
    return sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True)))


def _stop(client: Client, document: str) -> None:
    if not client.status(document).ended:
        client.cancel(document)
