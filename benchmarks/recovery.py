"""How long MongoDB takes to come back after kill -9 in the middle of the sink's heaviest writing, and what it writes."""

import asyncio
import os
import signal
import tempfile
import time
from pathlib import Path

from pymongo.errors import PyMongoError

from benchmarks.recorder import Recorder
from embedded.mongodb import MongoDB
from pipeline.events import SegmentedPart, Translation
from pipeline.settings import StoreSettings
from store.collections import Collections, connect
from store.writing.filling import PartUpdate
from store.writing.writer import DocumentWriter

_SENTENCE = (
    "Als Gregor Samsa eines Morgens aus unruhigen Träumen erwachte, fand er sich in seinem Bett verwandelt ({}). "
)
_PARTS = 9
_SENTENCES = 500
# So many sentences of a part come in one round of the sink where several documents share the translators.
_BATCH = 8
_DOCUMENTS_AT_ONCE = 4
_KILLS = 2


def run(recorder: Recorder, seconds: float = 60.0) -> None:
    """Measure bytes written a sentence, by the process and into the oplog, and the seconds until it takes writes again."""
    with tempfile.TemporaryDirectory(prefix="satzstrom-bench-") as folder:
        asyncio.run(_measure(recorder, Path(folder), seconds))


async def _measure(recorder: Recorder, folder: Path, seconds: float) -> None:
    server = MongoDB(folder / "data", folder, set())
    child = server.prepare()
    running = asyncio.create_task(child.run(lambda: None))
    await server.initiate()
    collections = await connect(StoreSettings(mongodb=server.uri))
    sentences = await _load(DocumentWriter(collections), seconds)
    assert child.pid is not None
    oplog = (await collections.client.local.command("collStats", "oplog.rs"))["size"]
    recorder.add("written a sentence", _written(child.pid) / sentences, "bytes", note=f"{sentences:,} sentences")
    recorder.add("oplog a sentence", oplog / sentences, "bytes")
    waits = []
    for _ in range(_KILLS):
        os.kill(child.pid, signal.SIGKILL)
        waits.append(await _until_writable(collections))
    recorder.add("takes writes again after kill -9", waits, "s", note="killed twice in a row")
    await child.stop(10)
    await running
    await collections.close()


async def _load(writer: DocumentWriter, seconds: float) -> int:
    end = time.monotonic() + seconds

    async def documents(number: int) -> int:
        count = 0
        while time.monotonic() < end:
            await _document(writer, f"d{number}-{count}")
            count += 1
        return count

    return sum(await asyncio.gather(*map(documents, range(_DOCUMENTS_AT_ONCE)))) * _PARTS * _SENTENCES


async def _document(writer: DocumentWriter, name: str) -> None:
    parts = [_part(name, number) for number in range(_PARTS)]
    await writer.write([PartUpdate(name, part.part, part.revision, segmented=part) for part in parts])
    for first in range(0, _SENTENCES, _BATCH):
        indexes = range(first, min(first + _BATCH, _SENTENCES))
        await writer.write(
            [
                PartUpdate(
                    name, part.part, part.revision, translations=[_translation(part, index) for index in indexes]
                )
                for part in parts
            ]
        )


def _part(name: str, number: int) -> SegmentedPart:
    texts = [_SENTENCE.format(index) for index in range(_SENTENCES)]
    spans, position = [], 0
    for text in texts:
        spans += [position, position + len(text) - 1]
        position += len(text)
    return SegmentedPart(
        document=name,
        part=number,
        last=number == _PARTS - 1,
        revision="0" * 16,
        text="".join(texts),
        spans=spans,
        source="de",
        target="en",
        created=time.time_ns() // 1_000_000,
    )


def _translation(part: SegmentedPart, index: int) -> Translation:
    return Translation(
        document=part.document,
        part=part.part,
        index=index,
        revision=part.revision,
        text=part.text[part.spans[2 * index] : part.spans[2 * index + 1]],
        source="de",
        target="en",
        model="identity@1",
    )


async def _until_writable(collections: Collections) -> float:
    killed = time.monotonic()
    while True:
        try:
            await collections.documents.insert_one({})
        except PyMongoError:
            await asyncio.sleep(0.1)
        else:
            return time.monotonic() - killed


def _written(pid: int) -> int:
    lines = Path(f"/proc/{pid}/io").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("write_bytes")).split()[1])
