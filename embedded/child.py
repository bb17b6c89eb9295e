"""A process of the pipeline, kept running."""

import asyncio
import ctypes
import logging
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Literal, Self

from pipeline.service import SETUP_FAILED

logger = logging.getLogger(__name__)

State = Literal["starting", "running", "waiting to restart", "stopped"]

_LOG_LIMIT = 10 * 1024 * 1024
# A process that ran for so long was not ended by what it found at its start.
_STEADY_AFTER = 10.0
# Everything waits for a server, so it is not punished for being killed again and again.
_LONGEST_PAUSE = 30.0
_LONGEST_PAUSE_OF_SERVER = 5.0
_PR_SET_PDEATHSIG = 1


class RotatingLog:
    """A log that keeps its newest 10 to 20 MB: what is full becomes `.log.1`, in place of the one before.

    What it cannot write, on a full disk for example, it leaves out: its process must not wait for that.
    """

    def __init__(self, path: Path) -> None:
        """Raise `OSError` if the file cannot be opened."""
        self._path = path
        self._file = path.open("ab", buffering=0)
        self._failing = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, line: bytes) -> None:
        """Add a line; nothing waits in a buffer after it."""
        try:
            if self._file.tell() > _LOG_LIMIT:
                self._path.replace(self._path.with_suffix(".log.1"))
                full, self._file = self._file, self._path.open("ab", buffering=0)
                full.close()
            self._file.write(line)
        except OSError as error:
            if not self._failing:
                logger.warning("%s misses lines: %s", self._path, error.strerror)
            self._failing = True
        else:
            self._failing = False


class Child:
    """Starts a process, writes its output to a log, and starts it again when it ends by itself.

    It dies with the supervisor, even one that is killed. A server (Kafka, MongoDB) then gets SIGTERM and ends in order;
    a service gets SIGKILL, which loses nothing: that is what the pipeline is built for. One with a `niceness` above 0 lets
    the others work first where cores are short (nice(2)).
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        server: bool = False,
        niceness: int = 0,
        echo: Callable[[str, str], None] | None = None,
    ) -> None:
        self.name = name
        self.state: State = "stopped"
        self.restarts = 0
        self.pid: int | None = None
        self.exit_status: int | None = None
        self._command = command
        self._environment = {**os.environ, **(environment or {})}
        self.server = server
        self._niceness = niceness
        self._log = log
        self._echo = echo
        self._stopping = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None

    async def run(self, changed: Callable[[], None]) -> None:
        """Keep the process running until `stop`; `changed` is called at every change of state.

        Returns early, with `exit_status` SETUP_FAILED, when the process says that no restart helps.
        """
        failures = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                await self._run_once(changed)
            except OSError as error:
                # No memory for a process, or no file for its log: that may pass.
                logger.warning("%s cannot be started: %s", self.name, error.strerror)
                self.exit_status = None
            if self._stopping.is_set() or self.exit_status == SETUP_FAILED:
                break
            failures = 0 if time.monotonic() - started > _STEADY_AFTER else failures + 1
            pause = pause_before_restart(failures, server=self.server)
            logger.warning("%s ended with status %s; starting it again in %.1f s", self.name, self.exit_status, pause)
            self.restarts += 1
            self._set("waiting to restart", changed)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
        self._set("stopped", changed)

    async def stop(self, grace: float) -> None:
        """Send SIGTERM, and SIGKILL after `grace` seconds; return when the process is gone."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), grace)
        except TimeoutError:
            logger.warning("%s did not end within %.0f s; killing it", self.name, grace)
            process.kill()
            await process.wait()

    async def _run_once(self, changed: Callable[[], None]) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with RotatingLog(self._log) as log, _pipe() as (output, its_output):
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=its_output,
                stderr=asyncio.subprocess.STDOUT,
                env=self._environment,
                # Ctrl-C in the terminal reaches the supervisor alone, which ends the others in order. It stays one session:
                # between sessions Linux shares the cores out evenly, whatever the niceness (sched(7), "autogroup").
                process_group=0,
                preexec_fn=self._before_start(),
            )
            its_output.close()
            if self._stopping.is_set():
                # `stop` was called while it was being started.
                self._process.terminate()
            self.pid = self._process.pid
            self._set("running", changed)
            copying = asyncio.create_task(self._copy(output, log))
            self.exit_status = await self._process.wait()
            # What it has started itself has nobody to work for any more, and keeps its output open.
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await copying
            self.pid = None

    def _before_start(self) -> Callable[[], None]:
        ask_to_die = dying_with(os.getpid(), signal.SIGTERM if self.server else signal.SIGKILL)

        def prepare() -> None:
            os.nice(self._niceness)
            ask_to_die()

        return prepare

    async def _copy(self, output: FileIO, log: "RotatingLog") -> None:
        reader = asyncio.StreamReader(limit=1024 * 1024)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), output
        )
        with closing(transport):
            while True:
                try:
                    line = await reader.readline()
                except ValueError:  # a line longer than the buffer: its beginning is dropped from the log
                    continue
                if not line:
                    return
                log.write(line)
                if self._echo is not None:
                    self._echo(self.name, line.decode(errors="replace").rstrip())

    def _set(self, state: State, changed: Callable[[], None]) -> None:
        self.state = state
        changed()


@contextmanager
def _pipe() -> Iterator[tuple[FileIO, FileIO]]:
    """Not asyncio's own: with that, waiting for a process would also wait for all that it has started."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb", 0) as output, os.fdopen(write_end, "wb", 0) as its_output:
        yield output, its_output


def pause_before_restart(failures: int, *, server: bool) -> float:
    """Return the seconds to wait after so many short lives in a row, so that what cannot work does not keep a core busy."""
    # 2 to the power of more than a few would only be cut again.
    pause = 0.5 * float(2 ** min(max(0, failures - 1), 10))
    return min(pause, _LONGEST_PAUSE_OF_SERVER if server else _LONGEST_PAUSE)


def dying_with(parent: int, signal_number: int) -> Callable[[], None]:
    """Return what a child does before its program starts: ask Linux for a signal when the supervisor dies (prctl(2))."""
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal_number)
        # The parent may have died before the call.
        if os.getppid() != parent:
            os._exit(1)

    return ask
