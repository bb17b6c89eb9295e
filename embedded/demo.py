"""A German book through the whole pipeline, for somebody who has five minutes."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from embedded import state
from embedded.child import dying_with
from embedded.commands import Data, Model, of_folder, use_model
from pipeline.counted import counted
from pipeline.data_folder import data_folder
from pipeline.errors import InputError, SetupError
from producer.progress import watch
from satzstrom import Client
from satzstrom.results import Status

_BOOK = Path(__file__).parent.parent / "examples" / "die-verwandlung.txt"
_START_TIMEOUT = 180.0
# A paragraph worth showing is longer than a heading.
_MIN_PARAGRAPH = 120

console = Console(highlight=False)


def demo(
    file: Annotated[Path, typer.Argument(metavar="[FILE]", help="A German text in UTF-8 (default: Kafka).")] = _BOOK,
    data: Data = None,
    model: Model = "",
) -> None:
    """Start the pipeline, translate a German book, show the beginning, and stop everything."""
    if not file.is_file():
        raise InputError(f"there is no file {file}")
    folder = data_folder(data)
    use_model(model)
    output = folder / f"{file.stem}.en.txt"
    began = time.monotonic()
    console.print("[bold]1.[/] Starting Kafka, MongoDB, the segmenter, a translator, the sink and the API …")
    pipeline = _start(folder)
    try:
        running = _wait_until_ready(folder, pipeline)
        console.print(f"   ready after {time.monotonic() - began:.1f} s; the API listens on {running.api}")
        with Client(running.api) as client:
            console.print(
                f"[bold]2.[/] Submitting {_short(file)} ({file.stat().st_size / 1000:.0f} kB) …", soft_wrap=True
            )
            with file.open("rb") as stream:
                document = client.submit(iter(lambda: stream.read(65536), b""), filename=file.name)
            status = watch(client, document, quiet=False)
            output.write_bytes(b"".join(client.text(document)))
        _show(file.read_text(encoding="utf-8"), output.read_text(encoding="utf-8"), status)
    finally:
        pipeline.send_signal(signal.SIGTERM)
        pipeline.wait(timeout=20)
    folder_option = of_folder(folder)
    console.print(
        f"\nThe translation lies in [bold]{_short(output)}[/].\n\n"
        "Go on:\n"
        f"  {_program()} up{folder_option}\n"
        "      the pipeline until Ctrl-C, with this book in its history: open the address that it prints\n"
        f"  {_program()} submit MY.txt --wait -o MY.en.txt{folder_option}\n"
        "      in another terminal\n"
        "  README.md, 'Run it'\n"
        "      all ways in and out",
        soft_wrap=True,
    )


def _program() -> str:
    """Return how the command is called from here: in a checkout nobody has activated its environment yet."""
    return "satzstrom" if shutil.which("satzstrom") else str(_short(Path(sys.executable).parent / "satzstrom"))


def _short(path: Path) -> Path:
    """Return a path as somebody in the working folder would write it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _start(folder: Path) -> "subprocess.Popen[bytes]":
    state.lock(folder).close()
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    path = logs / "supervisor.log"
    path.touch(mode=0o600)
    with path.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "producer", "up", "--data", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dying_with(os.getpid(), signal.SIGTERM),  # noqa: PLW1509 (no thread runs here)
        )


def _wait_until_ready(folder: Path, pipeline: "subprocess.Popen[bytes]") -> state.PipelineState:
    deadline = time.monotonic() + _START_TIMEOUT
    while pipeline.poll() is None and time.monotonic() < deadline:
        running = state.read(folder)
        if running is not None and running.ready:
            return running
        time.sleep(0.05)
    lines = (folder / "logs" / "supervisor.log").read_text(errors="replace").split("\n")
    raise SetupError("the pipeline did not start: " + "\n".join(lines[-5:]).strip())


def _show(source: str, translation: str, status: Status) -> None:
    """Print the first paragraphs beside their translation."""
    counts = status.sentences
    seconds = (status.finished - status.created).total_seconds() if status.finished else 0.0
    console.print(
        f"   {counted(counts.translated, 'sentence')}, {counted(status.characters, 'character')} in {seconds:.1f} s"
        f" ({counts.translated / max(seconds, 0.1):.0f} sentences/s) with {status.model}; "
        f"{counts.suspect:,} marked as doubtful"
    )
    console.print("[bold]3.[/] The beginning, side by side:\n")
    table = Table("Deutsch", "English", show_lines=True, expand=True)
    pairs = zip(_paragraphs(source), _paragraphs(translation), strict=False)
    for german, english in [pair for pair in pairs if len(pair[0]) > _MIN_PARAGRAPH][:3]:
        table.add_row(german, english)
    console.print(table)


def _paragraphs(text: str) -> list[str]:
    """Blank lines are kept by the translation, so the paragraphs of both texts correspond."""
    return [" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text)]
