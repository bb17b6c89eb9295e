"""Backups: everything that a pipeline holds, in one file, taken while it runs.

    python -m store.backups backup satzstrom.zip
    python -m store.backups restore satzstrom.zip

A backup is consistent: MongoDB's collections as they were at one moment, and from Kafka what the segmenter and the sink had
not finished shortly before that moment. What was finished before is in MongoDB; what was both is restored twice, which is
harmless as everywhere in the pipeline. Sentences are left out: those without a translation are sent again from the
stored parts by the API.

The file is a zip: `backup.json`, `mongodb/<collection>.bson` (entries one after the other, as `mongodump` writes them), and
`kafka/<topic>.jsonl` (key, value and headers of a record in base64). It holds all texts and the digests of keys.
"""

import argparse
import asyncio
import base64
import logging
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from aiokafka import TopicPartition
from bson import decode_file_iter, encode
from bson.raw_bson import RawBSONDocument
from pymongo.errors import PyMongoError

from pipeline.backoff import describe
from pipeline.consumers import started
from pipeline.errors import InputError, SatzstromError, UnavailableError
from pipeline.kafka import KafkaClients
from pipeline.publisher import Outgoing, Publisher
from pipeline.settings import StoreSettings, load
from pipeline.topics import Topics
from pipeline.version import VERSION
from store.driver import login, open_blocking_client

logger = logging.getLogger(__name__)

_FORM = 1
_ABOUT = "backup.json"
_AT_ONCE = 100
"""Entries that are inserted together; a part may have some megabytes."""


class About(msgspec.Struct):
    """What a backup says of itself."""

    form: int
    version: str
    taken: datetime


class _Saved(msgspec.Struct):
    key: str | None
    value: str | None
    headers: list[tuple[str, str | None]]


async def backup(settings: StoreSettings, path: Path) -> About:
    """Write a backup to a file that is not there yet; it is there as a whole or not at all.

    Raises `InputError` if the file is there, `UnavailableError` if Kafka or MongoDB does not answer, or if MongoDB keeps
    its past for less time than it takes.
    """
    about = About(_FORM, VERSION, datetime.now(UTC))
    topics = Topics(settings.topic_prefix)
    clients = KafkaClients.of(settings)
    with _appearing(path) as file:
        file.writestr(_ABOUT, msgspec.json.encode(about))
        # Before MongoDB is read: what is finished by then is in it.
        begins = await _committed(clients, topics)
        await asyncio.to_thread(_save_entries, settings, file)
        await _save_records(clients, topics, begins, file)
    return about


@contextmanager
def _appearing(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip for its owner only, which has its name when it is complete."""
    if path.exists():
        raise InputError(f"{path} is there already; choose another name")
    draft = path.with_name(path.name + ".part")
    try:
        draft.touch(mode=0o600)
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


async def restore(settings: StoreSettings, path: Path) -> About:
    """Put a backup into a MongoDB that has no document yet, and what was under way onto Kafka's topics.

    Raises `InputError` if the file is no backup that this release reads or if documents are there already,
    `UnavailableError`.
    """
    try:
        with zipfile.ZipFile(path) as file:
            about = msgspec.json.decode(file.read(_ABOUT), type=About)
            if about.form > _FORM:
                raise InputError(f"{path} was made by release {about.version}; restore it with that or a newer one")
            await asyncio.to_thread(_load_entries, settings, file)
            await _load_records(settings, file)
    except (OSError, KeyError, zipfile.BadZipFile, msgspec.DecodeError) as error:
        raise InputError(f"{path} is no backup: {describe(error)}") from None
    return about


@contextmanager
def _database(settings: StoreSettings) -> Iterator[Any]:
    try:
        with open_blocking_client(
            settings.mongodb,
            serverSelectionTimeoutMS=5000,
            document_class=RawBSONDocument,
            w="majority",
            journal=True,
            **login(settings),
        ) as client:
            yield client[settings.database]
    except PyMongoError as error:
        raise UnavailableError("MongoDB", "SATZSTROM_MONGODB", describe(error)) from error


def _save_entries(settings: StoreSettings, file: zipfile.ZipFile) -> None:
    # All collections as they were at the moment of the first read. MongoDB can do that for
    # minSnapshotHistoryWindowInSeconds (five minutes unless set otherwise).
    with _database(settings) as database, database.client.start_session(snapshot=True) as session:
        for name in sorted(database.list_collection_names()):
            with file.open(f"mongodb/{name}.bson", "w", force_zip64=True) as member:
                for entry in database[name].find({}, session=session):
                    member.write(entry.raw)


def _load_entries(settings: StoreSettings, file: zipfile.ZipFile) -> None:
    with _database(settings) as database:
        if database["documents"].find_one({}) is not None:
            raise InputError(f"the database {settings.database} has documents; restore into an empty one")
        for name in file.namelist():
            folder, _, collection = name.removesuffix(".bson").partition("/")
            if folder == "mongodb":
                with file.open(name) as member:
                    entries = iter(decode_file_iter(member))
                    while some := [RawBSONDocument(encode(entry)) for entry in islice(entries, _AT_ONCE)]:
                        database[collection].insert_many(some, ordered=False)


async def _committed(clients: KafkaClients, topics: Topics) -> dict[TopicPartition, int]:
    """Return how far the groups are that write what nobody could make again, in each partition."""
    admin = clients.admin()
    async with started(admin):
        begins: dict[TopicPartition, int] = {}
        for group, names in topics.read_by().items():
            if group not in (topics.group("segmenter"), topics.group("sink")):
                continue
            offsets = await admin.list_consumer_group_offsets(group)
            for described in await admin.describe_topics(names):
                for one in described["partitions"]:
                    place = TopicPartition(described["topic"], one["partition"])
                    begins[place] = max(0, offsets[place].offset) if place in offsets else 0
        return begins


async def _save_records(
    clients: KafkaClients, topics: Topics, begins: dict[TopicPartition, int], file: zipfile.ZipFile
) -> None:
    for name in sorted({place.topic for place in begins}):
        with file.open(f"kafka/{name.removeprefix(topics.prefix)}.jsonl", "w", force_zip64=True) as member:
            for place in (one for one in begins if one.topic == name):
                async for record in _records(clients, place, begins[place]):
                    member.write(msgspec.json.encode(_saved(record)) + b"\n")


async def _records(clients: KafkaClients, place: TopicPartition, begin: int) -> AsyncIterator[Any]:
    """Yield the records of a partition from an offset on, up to what is there now."""
    consumer = clients.consumer()
    async with started(consumer):
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        oldest = (await consumer.beginning_offsets([place]))[place]
        position = max(begin, oldest)
        consumer.seek(place, position)
        while position < end:
            for record in (await consumer.getmany(place, timeout_ms=1000)).get(place, []):
                if record.offset < end:
                    yield record
            position = await consumer.position(place)


async def _load_records(settings: StoreSettings, file: zipfile.ZipFile) -> None:
    topics = Topics(settings.topic_prefix)
    publisher = Publisher(KafkaClients.of(settings))
    await publisher.start()
    try:
        for name in file.namelist():
            folder, _, topic = name.removesuffix(".jsonl").partition("/")
            if folder == "kafka":
                with file.open(name) as member:
                    while some := list(islice(member, _AT_ONCE)):
                        await publisher.publish_within(60, [_outgoing(topics.prefix + topic, line) for line in some])
    finally:
        await publisher.stop()


def _saved(record: Any) -> _Saved:
    headers = [(name, _text(value)) for name, value in record.headers]
    return _Saved(_text(record.key), _text(record.value), headers)


def _outgoing(topic: str, line: bytes) -> Outgoing:
    saved = msgspec.json.decode(line, type=_Saved)
    headers = [(name, _bytes(value) or b"") for name, value in saved.headers]
    return Outgoing(topic, _bytes(saved.value), _bytes(saved.key), headers=headers)


def _text(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()


def _bytes(value: str | None) -> bytes | None:
    return None if value is None else base64.b64decode(value)


def run(arguments: Sequence[str], settings: StoreSettings, *, program: str) -> None:
    """Run the command `backup` or `restore`. Raises `SatzstromError`."""
    parser = argparse.ArgumentParser(program, description="Everything that a pipeline holds, in one file.")
    parser.add_argument("command", choices=["backup", "restore"])
    parser.add_argument("file", type=Path)
    chosen = parser.parse_args(arguments)
    work = backup if chosen.command == "backup" else restore
    about = asyncio.run(work(settings, chosen.file))
    said = "holds all of it" if chosen.command == "backup" else "is restored; documents under way go on"
    sys.stderr.write(f"{chosen.file} {said} as of {about.taken:%Y-%m-%d %H:%M:%S} (UTC)\n")


if __name__ == "__main__":
    try:
        run(sys.argv[1:], load(StoreSettings), program="python -m store.backups")
    except SatzstromError as problem:
        sys.exit(f"satzstrom: {problem}")
