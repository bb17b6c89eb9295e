"""Runs the API: python -m api."""

import asyncio
import socket
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import uvicorn
from pydantic import Field

from api.app import create_app
from api.callbacks.secrets import CallbackSecrets, read_callback_secrets
from api.callbacks.sending import CallbackSender
from api.callbacks.worker import CallbackWorker
from api.canceller import Canceller
from api.files.filing import Filing
from api.files.resuming import Resumer
from api.files.room import Room
from api.glossary_indexes import GlossaryIndexes
from api.intake import Intake
from api.interpreting import Interpreter
from api.janitor import Janitor
from api.key_policy import KeyPolicy, KeysWanted, open_ring
from api.keys import KeyRing, read_keys
from api.live.completions import Completions
from api.live.edits import EditStream
from api.live.feed import Feed
from api.live.guard import StreamGuard
from api.live.statuses import Statuses
from api.live.stream import LiveStream
from api.memory.bounding import keep_bounded
from api.memory.services import Memory
from api.metering import Meter
from api.observer import Observer
from api.protocol import ProblemProtocol
from api.reach import Reach
from api.reconciler import Reconciler
from api.services import Services
from api.shares import Shares
from pipeline import service
from pipeline.background import Work, background
from pipeline.cancellations import Cancellations
from pipeline.detection import Detector
from pipeline.errors import SetupError
from pipeline.following import follow
from pipeline.kafka import KafkaClients
from pipeline.lanes import Lanes
from pipeline.roster import Roster
from pipeline.settings import StoreSettings
from pipeline.startup import first_of, start_publisher, wait_for_topics
from pipeline.submission import PartSender
from pipeline.topics import Topics
from store.accounts.glossaries import GlossaryLimits, GlossaryStore
from store.accounts.keys import KeyStore
from store.accounts.rotations import RotationStore
from store.accounts.usage import UsageStore
from store.collections import Collections, connect
from store.dead_letters import DeadLetterStore
from store.documents.batches import BatchStore
from store.documents.callbacks import CallbackStore
from store.documents.correcting import CorrectionStore
from store.documents.deleting import DocumentDeletion
from store.documents.filed import FiledDocuments
from store.documents.lifecycle import DocumentLifecycle
from store.documents.reading import DocumentReader
from store.documents.reconciling import StalledDocuments
from store.documents.searching import DocumentSearch
from store.files import FileStore
from store.memory.keeping import PERSON_LIMIT
from store.schema import Schema


class ApiSettings(StoreSettings):
    """Settings of the API."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    retention: float | None = Field(None, gt=0, description="Days that documents are kept after they are done.")
    stalled_after: float = Field(
        600.0, gt=0, description="Seconds after which a document is driven on that has lost something on its way."
    )
    answer_within: float = Field(
        60.0, gt=0, description="Seconds that those wait at most who want a translation at once."
    )
    callback_secret_file: Path | None = Field(
        None, description="File with the secret that signs callbacks; without it there are none."
    )
    callback_private: bool = Field(False, description="Whether callbacks may go to addresses in private networks.")
    api_keys_file: Path | None = Field(
        None, description="File with admins' keys, one a line; with any, keys are asked for."
    )
    require_keys: KeysWanted = Field(
        "auto", description="Whether keys are asked for; auto: unless only this machine is served."
    )
    urgent_characters: int = Field(
        60_000,
        ge=1,
        description="Characters a minute of each key's texts that are translated before books; more waits with the books.",
    )
    memory_units: int = Field(
        PERSON_LIMIT, ge=0, description="Units of people that are kept in the translation memory of a key."
    )
    glossaries: int = Field(100, ge=0, description="Glossaries that are kept for a key.")
    glossary_bytes: int = Field(
        8 * 1024 * 1024, ge=0, le=15 * 1024 * 1024, description="Size of all entries of a key's glossaries."
    )
    file_bytes: int = Field(
        100_000_000, ge=1, description="Size of a file (docx, epub, html, ...) at most; of texts any."
    )
    kept_files_bytes: int = Field(
        1_000_000_000,
        ge=0,
        description="Size of all files of a key that wait for documents (PUT /v1/files), each counted as 1 MiB at least.",
    )
    published_host: str = Field(
        "", description="Address where others reach the API, if it is not the one it listens on."
    )

    allowed_hosts: str = Field(
        "",
        description="Names, separated by commas, under which the API answers where no keys are asked for; * for any.",
    )
    cors_origins: str = Field(
        "", description="Origins, separated by commas, whose pages may use the API in a browser; * for all."
    )
    public_url: str = Field("", description="Where others reach the API, for addresses in its answers.")

    @property
    def reach(self) -> Reach:
        """How the API is reached. Raises `SetupError`."""
        # An address that it was told to listen on is a name that it was told.
        return Reach.of(
            hosts=f"{self.allowed_hosts},{self.host},{self.published_host}",
            origins=self.cors_origins,
            public_url=self.public_url,
            through_proxies=self.require_keys == "no",
        )

    @property
    def key_policy(self) -> KeyPolicy:
        """What decides whether keys are asked for."""
        return KeyPolicy(self.require_keys, self.published_host or self.host)


async def run(settings: ApiSettings, stop: asyncio.Event) -> None:
    """Put the API together and serve it until `stop` is set."""
    kafka = KafkaClients.of(settings)
    reach = settings.reach
    from_file = read_keys(settings.api_keys_file) if settings.api_keys_file else []
    callback_secrets = read_callback_secrets(settings.callback_secret_file) if settings.callback_secret_file else []
    with _listen(settings.host, settings.port) as listening:
        async with await connect(settings, stop) as collections:
            keys = await open_ring(settings.key_policy, KeyStore(collections), UsageStore(collections), from_file)
            reach.check(keys_required=keys.required)
            await _serve(settings, stop, kafka, collections, listening, keys, callback_secrets)


async def _serve(
    settings: ApiSettings,
    stop: asyncio.Event,
    kafka: KafkaClients,
    collections: Collections,
    listening: socket.socket,
    keys: KeyRing,
    callback_secrets: Sequence[bytes],
) -> None:
    topics, usage = Topics(settings.topic_prefix), UsageStore(collections)
    await wait_for_topics(kafka, topics, settings.start_timeout, stop)
    publisher = await start_publisher(kafka, settings.start_timeout, stop)
    roster = Roster(settings.model_kept)
    known = asyncio.Event()
    reader = DocumentReader(collections)
    cancelled = Cancellations()
    observer = Observer(kafka, topics, reader)
    lifecycle = DocumentLifecycle(collections)
    retention = timedelta(days=settings.retention) if settings.retention else None
    batches = BatchStore(collections)
    shares = Shares(settings.urgent_characters)
    intake = Intake(PartSender(publisher, topics), lifecycle, reader, roster, cancelled, Meter(usage), shares)
    files, filed = FileStore(collections), FiledDocuments(collections)
    filing = Filing(files, filed, reader, intake, settings.file_bytes)
    statuses = Statuses(reader)
    feed, corrections = Feed(kafka, topics), CorrectionStore(collections)
    completions = Completions(kafka, topics, reader)
    deletion = DocumentDeletion(collections)
    canceller = Canceller(lifecycle, deletion, publisher, topics)
    signing = CallbackSecrets(callback_secrets, RotationStore(collections)) if callback_secrets else None
    sender = CallbackSender(allow_private=settings.callback_private)
    services = Services(
        topics=topics,
        reader=reader,
        corrections=corrections,
        lifecycle=lifecycle,
        intake=intake,
        filing=filing,
        files=files,
        room=Room(files, settings.kept_files_bytes),
        canceller=canceller,
        guards=StreamGuard(keys),
        live=LiveStream(feed, reader, statuses, corrections),
        edits=EditStream(corrections, statuses),
        statuses=statuses,
        completions=completions,
        callbacks=sender,
        callback_secrets=signing,
        roster=roster,
        observer=observer,
        publisher=publisher,
        dead_letters=DeadLetterStore(collections),
        usage=usage,
        keys=keys,
        reach=settings.reach,
        batches=batches,
        search=DocumentSearch(collections) if settings.search else None,
        interpreter=Interpreter(intake, reader, canceller, completions, settings.answer_within),
        detector=Detector(),
        memory=Memory.of(collections, limit=settings.memory_units),
        glossaries=GlossaryStore(collections, GlossaryLimits(settings.glossaries, settings.glossary_bytes)),
        glossary_indexes=GlossaryIndexes(),
    )
    app = create_app(services)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http=ProblemProtocol,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=5,
            # DeepL's client asks every 5 s, on a connection that must not be closed at that moment.
            timeout_keep_alive=20,
        )
    )
    work: dict[str, Work] = {
        "following translators": partial(follow, kafka, topics.translators, roster.add, known.set),
        "following cancellations": partial(follow, kafka, topics.control, cancelled.add),
        "watching the pipeline": observer.run,
        "keeping the schema": Schema(collections).keep,
        "tidying up": Janitor(lifecycle, deletion, canceller, batches, files, retention).run,
        "bounding the memory": partial(keep_bounded, services.memory.keeper),
        "reading files on": Resumer(filing, filed, lifecycle).run,
        "driving documents on": Reconciler(
            kafka,
            StalledDocuments(collections, remembers=settings.memory == "all"),
            deletion,
            publisher,
            topics,
            Lanes(topics, roster),
            timedelta(seconds=settings.stalled_after),
        ).run,
        "reading translations": feed.run,
        "reading announcements": completions.run,
        "stopping": partial(_stop_with, server, stop),
    }
    if signing is not None:
        work["making callbacks"] = CallbackWorker(CallbackStore(collections), reader, sender, signing).run
    try:
        async with background(work):
            # Every API has to know the same translators.
            await first_of(known, stop)
            await server.serve(sockets=[listening])
    finally:
        await sender.close()
        await publisher.stop()


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
