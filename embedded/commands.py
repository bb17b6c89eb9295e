"""The commands up, scale, down and ps."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from shlex import quote
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from embedded import state
from embedded.java import find_java, kafka_jars
from embedded.mongodb import find_mongod
from embedded.ports import LOOPBACK
from embedded.services import MOST_TRANSLATORS, PipelineOptions
from embedded.supervisor import Supervisor
from pipeline import logs
from pipeline.command_line import UsageError
from pipeline.counted import counted
from pipeline.data_folder import data_folder
from pipeline.errors import SatzstromError, SetupError
from producer.tables import print_table

console = Console(highlight=False)

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data folder (default: $SATZSTROM_DATA, else the user's data home)."),
]

_COLORS = ("cyan", "green", "yellow", "magenta", "blue")


Model = Annotated[
    str,
    typer.Option(
        "--model",
        help="Model to translate with: a name, or a source to bring it from (hf:ORG/NAME); stays in use afterwards.",
    ),
]


class EngineName(StrEnum):
    """Engines to choose from."""

    ctranslate2 = "ctranslate2"
    transformers = "transformers"
    openai = "openai"
    identity = "identity"
    marking = "marking"


def up(  # noqa: PLR0913, PLR0917 (each is an option of the command)
    engine: Annotated[
        EngineName,
        typer.Option(
            help="What translates; openai: a language model on a server (docs/llm.md); identity and marking are for tests."
        ),
    ] = EngineName.ctranslate2,
    translators: Annotated[int, typer.Option(min=1, max=MOST_TRANSLATORS, help="How many translators.")] = 1,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the API; if taken, the next free one.")] = 8000,
    data: Data = None,
    model: Model = "",
    models: Annotated[
        str,
        typer.Option(help="Names of the models to serve, separated by commas (default: $SATZSTROM_SERVED, or all)."),
    ] = "",
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Where the API and the page listen: 0.0.0.0 for other machines, such as a phone. These need a key then.",
        ),
    ] = LOOPBACK,
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Return when it is ready; it runs on.")] = False,
    # On one machine more of them protect from nothing; `satzstrom chaos` kills them one by one.
    servers: Annotated[int, typer.Option(min=1, max=3, hidden=True, help="Nodes of Kafka and of MongoDB.")] = 1,
) -> None:
    """Start Kafka, MongoDB and all services on this machine; Ctrl-C stops them."""
    folder = data_folder(data)
    use_model(model)
    _check_host(host)
    options = PipelineOptions(
        data=folder, engine=engine.value, translators=translators, port=port, servers=servers, models=models, host=host
    )
    if detach:
        describe(start_detached(options), stop="satzstrom down")
        return
    # For all that this process and its children make: texts are nobody else's on this machine.
    os.umask(0o077)
    locked = state.lock(folder)
    logs.configure("INFO")
    supervisor = Supervisor(options, echo=_echo)
    try:
        asyncio.run(_run(supervisor))
    finally:
        locked.close()


def use_model(model: str) -> None:
    """Let its pairs of languages use a model, which is brought first if it is not here; nothing for an empty name."""
    if model:
        # The command says what is wrong itself.
        status = subprocess.run([sys.executable, "-m", "translator.models", "use", model], check=False).returncode
        if status:
            raise typer.Exit(status)


async def _run(supervisor: Supervisor) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    console.print("Starting Kafka, MongoDB and the services …")
    await supervisor.run(stop, lambda: describe(supervisor.state, stop="Ctrl-C"))
    console.print("Stopped; the data is kept.")


def _check_host(host: str) -> None:
    """Raise `UsageError` for what is no address of this machine."""
    try:
        family = socket.AF_INET if ip_address(host).version == 4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((host, 0))
    except (OSError, ValueError):
        raise UsageError(f"--host {host} is no address of this machine; 0.0.0.0 stands for all of them") from None


def describe(running: state.PipelineState, *, stop: str) -> None:
    """Say where the page is, how to go on and how to stop it: `stop` is a command, or a key."""
    folder = of_folder(Path(running.data))
    ending = f"{stop}{folder}" if stop.startswith("satzstrom") else stop
    console.print(
        f"\n[bold]Satzstrom is ready.[/] Open [bold]{running.api}[/] in a browser.\n\n"
        f"  Stop it  {ending}\n"
        f"  API      {running.api}/docs\n"
        f"  Kafka    {running.kafka}\n"
        f"  MongoDB  {running.mongodb}\n"
        f"  Data     {running.data}\n\n"
        f"  satzstrom submit BOOK.txt --wait -o BOOK.en.txt{folder}\n",
        soft_wrap=True,
    )
    if not ip_address(running.host).is_loopback:
        port = running.api.rpartition(":")[2]
        console.print(
            f"Other machines open http://{_reached_at(running.host)}:{port}. Nobody is let in without a key, for which\n"
            "the page asks, and which the command line takes from SATZSTROM_API_KEY. Make one with\n\n"
            f"  satzstrom keys create phone{folder}\n",
            soft_wrap=True,
        )


def of_folder(folder: Path) -> str:
    """Return the option that names a data folder, for commands that are told to people; nothing for the usual one."""
    return "" if folder == data_folder() else f" --data {quote(str(folder))}"


def _reached_at(host: str) -> str:
    """Return an address at which others reach this machine."""
    if not (found := ip_address(host)).is_unspecified:
        return host if found.version == 4 else f"[{host}]"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: it is asked which address would be used (192.0.2.0/24 is for examples).
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _echo(name: str, line: str) -> None:
    # While servers start or are away, libraries say so for each attempt; it stands in the log of the service.
    if logs.is_of_library(line):
        return
    color = _COLORS[sum(name.encode()) % len(_COLORS)]
    console.print(f"[{color}]{name:<13}[/]", end="│ ")
    console.print(line, markup=False, soft_wrap=True)


def start_detached(options: PipelineOptions) -> state.PipelineState:
    """Start a pipeline that runs on by itself; return when documents can be submitted. Raises `SetupError`."""
    # Taken and given back at once: what is wrong with the folder is said here, not in a log.
    state.lock(options.data).close()
    folder = options.data / "logs"
    folder.mkdir(exist_ok=True)
    command = [
        sys.executable, "-m", "producer", "up", "--engine", options.engine, "--translators", str(options.translators),
        "--port", str(options.port), "--data", str(options.data), "--servers", str(options.servers),
        "--models", options.models, "--host", options.host,
    ]  # fmt: skip
    path = folder / "supervisor.log"
    path.touch(mode=0o600)
    with path.open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    while process.poll() is None:
        running = state.read(options.data)
        if running is not None and running.ready:
            return running
        time.sleep(0.1)
    text = (folder / "supervisor.log").read_text(errors="replace").strip().splitlines()
    raise SetupError(f"the pipeline did not start: {text[-1] if text else 'no message'} (logs: {folder})")


def stop_detached(folder: Path) -> bool:
    """Stop the pipeline that runs on the data folder, and return when it is gone; False if none runs."""
    running = state.read(folder)
    if running is None:
        return False
    os.kill(running.supervisor, signal.SIGTERM)
    deadline = time.monotonic() + 20
    while state.is_locked(folder):
        if time.monotonic() > deadline:
            raise SatzstromError(
                f"the supervisor (process {running.supervisor}) did not end within 20 s; see {folder}/logs"
            )
        time.sleep(0.05)
    return True


def scale(
    translators: Annotated[int, typer.Argument(min=1, max=MOST_TRANSLATORS, help="How many translators shall run.")],
    data: Data = None,
) -> None:
    """Start or stop translators of the pipeline that runs on the data folder, also while documents are under way."""
    scale_running(data_folder(data), translators)
    console.print(f"{counted(translators, 'translator runs', 'translators run')}.")


def scale_running(folder: Path, translators: int) -> None:
    """Return when so many translators run, and those that are too many have ended. Raises `SatzstromError`."""
    running = state.read(folder)
    if running is None or not running.ready:
        raise SatzstromError(f"no pipeline runs on {folder}; start one with 'satzstrom up'")
    try:
        state.ask_for_translators(folder, translators)
    except OSError as error:
        raise SatzstromError(f"cannot write to {folder} ({error.strerror})") from None
    deadline = time.monotonic() + 30
    while running is not None:
        names = [process.name for process in running.processes if process.name.startswith("translator-")]
        if len(names) == translators:
            return
        if time.monotonic() > deadline:
            there = counted(len(names), "translator runs", "translators run")
            raise SatzstromError(f"{there} after 30 s, not {translators}; see {folder}/logs")
        time.sleep(0.05)
        running = state.read(folder)
    raise SatzstromError("the pipeline was stopped meanwhile")


def down(data: Data = None) -> None:
    """Stop the pipeline that runs on the data folder."""
    folder = data_folder(data)
    stopped = stop_detached(folder)
    console.print("Stopped; the data is kept." if stopped else f"No pipeline runs on {folder}.", soft_wrap=True)


def ps(data: Data = None, json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Show the addresses and processes of the pipeline that runs on the data folder."""
    folder = data_folder(data)
    running = state.read(folder)
    if running is None:
        raise SatzstromError(f"no pipeline runs on {folder}; start one with 'satzstrom up'")
    if json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(running)).decode() + "\n")
        return
    processes = [(one.name, str(one.pid or ""), one.state, str(one.restarts)) for one in running.processes]
    print_table([("process", "pid", "state", "restarts"), *processes], flexible=2)
    console.print(f"API {running.api}   Kafka {running.kafka}   MongoDB {running.mongodb}", soft_wrap=True)


def fetch() -> None:
    """Fetch what the first start would fetch, so that it needs no network."""
    logs.configure("INFO")
    find_java()
    find_mongod()
    kafka_jars()
