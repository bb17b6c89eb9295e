"""Starts the whole pipeline, keeps it running, and stops it."""

import asyncio
import logging
import os
import re
import secrets
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
from aiokafka.errors import KafkaError

from embedded import state
from embedded.child import Child
from embedded.kafka import Kafka
from embedded.mongodb import MongoDB
from embedded.ports import LOOPBACK, free_port
from pipeline.backoff import wait_for
from pipeline.create_topics import create
from pipeline.errors import SatzstromError, SetupError, UnavailableError
from pipeline.service import SETUP_FAILED
from pipeline.topics import Topics

logger = logging.getLogger(__name__)

# The first of them; Prometheus' register of ports has it for OpenTelemetry's exporters.
_METRICS_PORT = 9464
_LOG_PREFIX = re.compile(r"^\d\d:\d\d:\d\d [A-Z]+ +")
# Together below the 15 seconds within which a stop is promised.
_SERVICE_GRACE = 6.0
_SERVER_GRACE = 7.0


@dataclass(frozen=True)
class PipelineOptions:
    """What `satzstrom up` was asked for."""

    data: Path
    engine: str = "ctranslate2"
    translators: int = 1
    port: int = 8000
    start_timeout: float = 120.0


class Supervisor:
    """Runs Kafka, MongoDB and the services as processes of their own.

    `echo` gets each line that a service writes. However `run` ends, no process is left behind: it stops them, and if it
    is killed, they end with it (see `Child`).
    """

    def __init__(self, options: PipelineOptions, echo: Callable[[str, str], None] | None = None) -> None:
        self._options = options
        self._echo = echo
        self._children: list[Child] = []
        self._ready = False
        taken: set[int] = set()
        logs = options.data / "logs"
        self._logs = logs
        self._kafka = Kafka(options.data / "kafka", logs, taken)
        self._mongodb = MongoDB(options.data / "mongodb", logs, taken)
        self.port = free_port(options.port, taken)
        self._services_by_name = {"segmenter": "segmenter", "sink": "sink", "api": "api"} | {
            f"translator-{number + 1}": "translator" for number in range(options.translators)
        }
        self._metrics = {name: free_port(_METRICS_PORT, taken) for name in self._services_by_name}

    @property
    def state(self) -> state.PipelineState:
        """Addresses and processes as they are now."""
        return state.PipelineState(
            kafka=self._kafka.bootstrap,
            mongodb=self._mongodb.uri,
            api=f"http://{LOOPBACK}:{self.port}",
            processes=[
                state.ProcessState(
                    child.name, child.pid, child.state, child.restarts, self._metrics_address(child.name)
                )
                for child in self._children
            ],
            engine=self._options.engine,
            data=str(self._options.data),
            supervisor=os.getpid(),
            ready=self._ready,
        )

    async def run(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Start everything, call `ready` when documents can be submitted, and run until `stop` is set.

        Raises `SetupError` or `UnavailableError` when the start fails; everything is stopped then.
        """
        if self.port != self._options.port:
            logger.warning("port %d is taken; the API listens on %d", self._options.port, self.port)
        running: list[asyncio.Task[None]] = []
        stopping = asyncio.create_task(stop.wait())
        try:
            starting = asyncio.create_task(self._start(running))
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not starting.done():
                starting.cancel()
                await asyncio.gather(starting, return_exceptions=True)
                return
            starting.result()
            self._ready = True
            self._changed()
            ready()
            await stopping
        finally:
            stopping.cancel()
            await self._stop(running)
            state.forget(self._options.data)

    async def _start(self, running: list[asyncio.Task[None]]) -> None:
        def launch(*children: Child) -> None:
            self._children += children
            running.extend(asyncio.create_task(child.run(self._changed)) for child in children)

        launch(await self._kafka.prepare(), self._mongodb.prepare())
        # The services load their models while the servers start; they wait for them by themselves.
        launch(*self._services())
        await self._during_start(asyncio.gather(self._mongodb.initiate(), self._create_topics()))
        await self._during_start(self._wait_until_ready())

    async def _during_start(self, work: Awaitable[object]) -> None:
        """Wait for `work`, but no longer than all processes can still be expected to work."""
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=0.1)
                for child in self._children:
                    if child.exit_status == SETUP_FAILED:
                        raise SetupError(f"{child.name} cannot work as it is set up: {self._last_line(child)}")
                    if child.restarts >= 3:
                        raise UnavailableError(child.name, str(self._logs), self._last_line(child))
            await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _create_topics(self) -> None:
        async def attempt() -> None:
            await create(self._kafka.bootstrap, Topics())

        await wait_for(
            attempt,
            server="Kafka",
            address=self._kafka.bootstrap,
            patience=self._options.start_timeout,
            errors=(KafkaError, OSError),
            logger=logging.getLogger("embedded.quiet"),
        )

    async def _wait_until_ready(self) -> None:
        async with httpx.AsyncClient(timeout=5) as client:

            async def attempt() -> None:
                answer = await client.get(f"http://{LOOPBACK}:{self.port}/readyz")
                if answer.status_code != httpx.codes.OK:
                    raise _NotReadyError(answer.json()["detail"])

            await wait_for(
                attempt,
                server="the pipeline",
                address=f"{LOOPBACK}:{self.port}",
                patience=self._options.start_timeout,
                errors=(httpx.HTTPError, _NotReadyError),
                logger=logging.getLogger("embedded.quiet"),
            )

    def _services(self) -> list[Child]:
        # Translators on one machine share its cores.
        threads = max(1, len(os.sched_getaffinity(0)) // self._options.translators)
        environment = {
            "SATZSTROM_KAFKA": self._kafka.bootstrap,
            "SATZSTROM_MONGODB": self._mongodb.uri,
            "SATZSTROM_PORT": str(self.port),
            "SATZSTROM_HOST": LOOPBACK,
            "SATZSTROM_CALLBACK_SECRET_FILE": str(_callback_secret(self._options.data)),
            "SATZSTROM_ENGINE": self._options.engine,
            "SATZSTROM_THREADS": str(threads),
            "SATZSTROM_START_TIMEOUT": str(self._options.start_timeout),
            # The numerical libraries below spaCy would start a thread a core each.
            "OMP_NUM_THREADS": str(threads),
            "OPENBLAS_NUM_THREADS": "1",
        }
        return [
            Child(
                name,
                [sys.executable, "-m", package],
                log=self._logs / f"{name}.log",
                environment=environment | {"SATZSTROM_METRICS_PORT": str(self._metrics[name])},
                echo=self._echo,
            )
            for name, package in self._services_by_name.items()
        ]

    async def _stop(self, running: list[asyncio.Task[None]]) -> None:
        services = [child for child in self._children if child.name not in ("kafka", "mongodb")]
        servers = [child for child in self._children if child.name in ("kafka", "mongodb")]
        await asyncio.gather(*(child.stop(_SERVICE_GRACE) for child in services))
        await asyncio.gather(*(child.stop(_SERVER_GRACE) for child in servers))
        await asyncio.gather(*running, return_exceptions=True)

    def _metrics_address(self, name: str) -> str | None:
        port = self._metrics.get(name)
        return f"http://{LOOPBACK}:{port}/metrics" if port else None

    def _changed(self) -> None:
        try:
            state.write(self._options.data, self.state)
        except OSError as error:
            logger.warning("cannot write the state file: %s", error.strerror)

    def _last_line(self, child: Child) -> str:
        """Return the last line of a process's log, which says why it ended."""
        try:
            lines = (self._logs / f"{child.name}.log").read_text(errors="replace").splitlines()
        except OSError as error:
            return str(error)
        return _LOG_PREFIX.sub("", lines[-1]) if lines else "no message"


def _callback_secret(folder: Path) -> Path:
    """Return the file with the secret that signs callbacks; it is made once, for its owner only."""
    path = folder / "callback-secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32) + "\n", encoding="utf-8")
    return path


class _NotReadyError(SatzstromError):
    """The API answers that something is missing."""
