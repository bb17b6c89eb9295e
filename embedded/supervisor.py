"""Starts the whole pipeline, keeps it running, and stops it."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable

import httpx
from aiokafka.errors import KafkaError

from embedded import state
from embedded.child import Child
from embedded.ports import free_port
from embedded.servers import Servers
from embedded.services import MOST_TRANSLATORS, PipelineOptions, Services
from pipeline import logs
from pipeline.backoff import wait_for
from pipeline.create_topics import create
from pipeline.errors import SatzstromError, SetupError, UnavailableError
from pipeline.kafka import KafkaClients
from pipeline.service import SETUP_FAILED
from pipeline.topics import Topics

logger = logging.getLogger(__name__)

# Together below the 15 seconds within which a stop is promised.
_SERVICE_GRACE = 6.0
_SERVER_GRACE = 7.0
# Seconds between two looks for a request.
_LOOK_EVERY = 0.2


class Supervisor:
    """Runs Kafka, MongoDB and the services as processes of their own.

    `echo` gets each line that a service writes. However `run` ends, no process is left behind: it stops them, and if it
    is killed, they end with it (see `Child`).
    """

    def __init__(self, options: PipelineOptions, echo: Callable[[str, str], None] | None = None) -> None:
        self._options = options
        self._children: list[Child] = []
        self._running: list[asyncio.Task[None]] = []
        self._ready = False
        taken: set[int] = set()
        logs = options.data / "logs"
        self._logs = logs
        self._servers = Servers(options.data, logs, taken, options.servers)
        self.port = free_port(options.port, taken)
        environment = {
            "SATZSTROM_KAFKA": self._servers.bootstrap,
            "SATZSTROM_MONGODB": self._servers.uri,
            "SATZSTROM_PORT": str(self.port),
        }
        self._services = Services(options, environment, taken, echo)

    @property
    def state(self) -> state.PipelineState:
        """Addresses and processes as they are now."""
        return state.PipelineState(
            kafka=self._servers.bootstrap,
            mongodb=self._servers.uri,
            api=f"http://{self._options.local}:{self.port}",
            processes=[
                state.ProcessState(
                    child.name, child.pid, child.state, child.restarts, self._services.metrics_address(child.name)
                )
                for child in self._children
            ],
            engine=self._options.engine,
            data=str(self._options.data),
            host=self._options.host,
            supervisor=os.getpid(),
            ready=self._ready,
        )

    async def run(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Start everything, call `ready` when documents can be submitted, and run until `stop` is set.

        Meanwhile the number of translators follows what is asked for (`embedded.state.ask_for_translators`).

        Raises `SetupError` or `UnavailableError` when the start fails; everything is stopped then.
        """
        if self.port != self._options.port:
            logger.warning("port %d is taken; the API listens on %d", self._options.port, self.port)
        stopping = asyncio.create_task(stop.wait())
        scaling: asyncio.Task[None] | None = None
        try:
            starting = asyncio.create_task(self._start())
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not starting.done():
                starting.cancel()
                await asyncio.gather(starting, return_exceptions=True)
                return
            starting.result()
            self._ready = True
            self._changed()
            ready()
            scaling = asyncio.create_task(self._follow_requests())
            await asyncio.wait({stopping, scaling}, return_when=asyncio.FIRST_COMPLETED)
            if scaling.done():
                scaling.result()
        finally:
            stopping.cancel()
            if scaling is not None:
                scaling.cancel()
                await asyncio.gather(scaling, return_exceptions=True)
            await self._stop()
            state.forget(self._options.data)

    async def _start(self) -> None:
        # One that nobody took belongs to an earlier run.
        self._request()
        self._launch(*await self._servers.prepare())
        # The services load their models while the servers start; they wait for them by themselves.
        self._launch(*self._services.all())
        await self._during_start(asyncio.gather(self._servers.initiate(), self._create_topics()))
        await self._during_start(self._wait_until_ready())

    def _launch(self, *children: Child) -> None:
        self._children += children
        self._running += [asyncio.create_task(child.run(self._changed)) for child in children]

    async def _follow_requests(self) -> None:
        while True:
            if (wanted := self._request()) is not None:
                await self._scale(wanted)
            await asyncio.sleep(_LOOK_EVERY)

    def _request(self) -> int | None:
        try:
            wanted = state.take_request(self._options.data)
        except (OSError, ValueError) as error:
            logger.warning("cannot read how many translators are wanted: %s", error)
            return None
        if wanted is not None and not 1 <= wanted <= MOST_TRANSLATORS:
            logger.warning("cannot run %d translators; 1 to %d can run", wanted, MOST_TRANSLATORS)
            return None
        return wanted

    async def _scale(self, wanted: int) -> None:
        """Start translators, or stop the last ones in order, until `wanted` of them run."""
        translators = [child for child in self._children if child.name.startswith("translator-")]
        logger.info("from %d translators to %d", len(translators), wanted)
        self._launch(*self._services.translators(len(translators) + 1, wanted))
        surplus = translators[wanted:]
        await asyncio.gather(*(child.stop(_SERVICE_GRACE) for child in surplus))
        for child in surplus:
            self._children.remove(child)
            self._services.forget(child.name)
        self._running = [task for task in self._running if not task.done()]
        self._changed()

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
            await create(KafkaClients(self._servers.bootstrap), Topics(), replication=self._servers.copies)

        await wait_for(
            attempt,
            server="Kafka",
            address=self._servers.bootstrap,
            patience=self._options.start_timeout,
            errors=(KafkaError, OSError),
            logger=logging.getLogger("embedded.quiet"),
        )

    async def _wait_until_ready(self) -> None:
        async with httpx.AsyncClient(timeout=5) as client:

            async def attempt() -> None:
                answer = await client.get(f"http://{self._options.local}:{self.port}/readyz")
                if answer.status_code != httpx.codes.OK:
                    raise _NotReadyError(answer.json()["detail"])
                if not answer.json()["translators"]:
                    raise _NotReadyError("no translator is warm")

            await wait_for(
                attempt,
                server="the pipeline",
                address=f"{self._options.local}:{self.port}",
                patience=self._options.start_timeout,
                errors=(httpx.HTTPError, _NotReadyError),
                logger=logging.getLogger("embedded.quiet"),
            )

    async def _stop(self) -> None:
        services = [child for child in self._children if not child.server]
        servers = [child for child in self._children if child.server]
        await asyncio.gather(*(child.stop(_SERVICE_GRACE) for child in services))
        await asyncio.gather(*(child.stop(_SERVER_GRACE) for child in servers))
        await asyncio.gather(*self._running, return_exceptions=True)

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
        return logs.message_of(lines[-1]) if lines else "no message"


class _NotReadyError(SatzstromError):
    """The API answers that something is missing."""
