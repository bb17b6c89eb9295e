"""Runs the API: python -m api."""

import asyncio
import socket
from datetime import timedelta
from pathlib import Path

import uvicorn
from pydantic import Field

from api.app import create_app
from api.canceller import Canceller
from api.intake import Intake
from api.interpreting import Interpreter
from api.janitor import Janitor
from api.keys import read_keys
from api.observer import Observer
from api.services import Services
from pipeline import service
from pipeline.cancellations import Cancellations
from pipeline.detection import Detector
from pipeline.errors import SetupError
from pipeline.following import follow
from pipeline.roster import Roster
from pipeline.settings import StoreSettings
from pipeline.startup import start_publisher, wait_for_topics
from pipeline.topics import Topics
from producer.submission import PartSender
from sink.store.allowance import Allowance
from sink.store.collections import connect
from sink.store.dead_letters import DeadLetterStore
from sink.store.glossaries import GlossaryStore
from sink.store.lifecycle import DocumentLifecycle
from sink.store.reading import DocumentReader


class ApiSettings(StoreSettings):
    """Settings of the API."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    retention: float | None = Field(None, gt=0, description="Days that documents are kept after they are done.")
    answer_within: float = Field(
        60.0, gt=0, description="Seconds that those wait at most who want a translation at once."
    )
    characters_a_month: int | None = Field(
        None, gt=0, description="Characters that each sender may have translated over DeepL's routes."
    )
    api_keys_file: Path | None = Field(None, description="File with the keys that may use the API, one a line.")


async def run(settings: ApiSettings, stop: asyncio.Event) -> None:
    """Put the API together and serve it until `stop` is set."""
    keys = read_keys(settings.api_keys_file) if settings.api_keys_file else []
    listening = _listen(settings.host, settings.port)
    topics = Topics(settings.topic_prefix)
    collections = await connect(settings, stop)
    await wait_for_topics(settings, topics, stop)
    publisher = await start_publisher(settings, stop)
    roster = Roster()
    reader = DocumentReader(collections)
    cancelled = Cancellations()
    tasks = [
        asyncio.create_task(follow(settings.kafka, topics.translators, roster.add)),
        asyncio.create_task(follow(settings.kafka, topics.control, cancelled.add)),
    ]
    if settings.metrics_port:
        tasks.append(asyncio.create_task(Observer(settings.kafka, topics, reader).run()))
    lifecycle = DocumentLifecycle(collections)
    retention = timedelta(days=settings.retention) if settings.retention else None
    tasks.append(asyncio.create_task(Janitor(lifecycle, retention).run()))
    intake = Intake(PartSender(publisher, topics), lifecycle, reader, roster, cancelled)
    canceller = Canceller(lifecycle, publisher, topics)
    app = create_app(
        Services(reader, lifecycle, intake, canceller, roster, publisher, DeadLetterStore(collections),
                 Interpreter(intake, reader, canceller, settings.answer_within), Detector(),
                 GlossaryStore(collections), Allowance(collections, settings.characters_a_month)),
        keys,
    )  # fmt: skip
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=5,
            # DeepL's client asks every 5 s, on a connection that must not be closed at that moment.
            timeout_keep_alive=20,
        )
    )
    tasks.append(asyncio.create_task(_stop_with(server, stop)))
    try:
        await server.serve(sockets=[listening])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await publisher.stop()
        collections.close()


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else, so that a taken one is said at once. Raises `SetupError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only for sockets that name TCP; with it, an answer can take 40 ms longer.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise SetupError(
            f"cannot listen on {host}:{port} ({error.strerror}); set SATZSTROM_PORT to a free port"
        ) from None
    listening.setblocking(False)
    return listening


async def _stop_with(server: uvicorn.Server, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True


def main() -> None:
    """Read the settings and run."""
    service.main("api", ApiSettings, run)


if __name__ == "__main__":
    main()
