"""How often the sink asks MongoDB for a round: as often for many documents as for few, whatever becomes of them."""

from collections import Counter
from collections.abc import Sequence

import msgspec
import pytest
from pymongo import monitoring
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from pipeline.events import Control, SegmentedPart, Translation
from pipeline.records import Received
from pipeline.step import Refused
from pipeline.topics import Topics
from sink.handler import DeadLetterHandler, DeadLetterRecord, Handler
from store.collections import Collections
from store.dead_letters import DeadLetterStore
from store.documents.lifecycle import DocumentLifecycle
from store.ownership import EVERYBODY, Ownership
from store.writing.backlog import Backlog
from store.writing.indexing import SearchIndex
from store.writing.writer import DocumentWriter
from tests.integration.storing import delete, part, write
from tests.unit.records import FakeRecord

Stored = SegmentedPart | Translation | Control

# More than MongoDB gives with the first answer to a question, if it is not told otherwise.
FEW, MANY = 4, 150


class _Commands(CommandListener):
    """Counts the commands that are sent."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.order: list[str] = []

    def started(self, event: CommandStartedEvent) -> None:
        self.counts[event.command_name] += 1
        self.order.append(event.command_name)

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Do nothing."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Do nothing."""


_commands = _Commands()
# Of all clients that are made from now on.
monitoring.register(_commands)


@pytest.fixture
async def handler(collections: Collections) -> Handler:
    return Handler(DocumentWriter(collections), DocumentLifecycle(collections), Topics())


async def commands_of(handler: Handler, events: Sequence[Stored]) -> tuple[Counter[str], int, int]:
    """Return the commands that a round takes, how many documents are announced, and how many records are refused."""
    _commands.counts.clear()
    received = [Received(event, FakeRecord(b"", offset=number)) for number, event in enumerate(events)]
    out = await handler(received)
    refused = sum(isinstance(one, Refused) for one in out)
    return _commands.counts.copy(), len(out) - refused, refused


def note(name: str) -> list[SegmentedPart | Translation]:
    return part(0, "eins", last=True, document=name)


async def test_documents_of_one_sentence(handler: Handler) -> None:
    found = []
    for count in (FEW, MANY):
        notes = [note(f"n{count}-{number}") for number in range(count)]
        parts, announced, _ = await commands_of(handler, [one[0] for one in notes])
        assert announced == 0
        last, announced, _ = await commands_of(handler, [one[1] for one in notes])
        assert announced == count
        again, announced, _ = await commands_of(handler, [event for one in notes for event in one])
        assert announced == count, "said again, in case nobody could say it"
        found.append((parts, last, again))
    assert found[0] == found[1]
    parts, last, _ = found[0]
    assert parts == {"find": 2, "insert": 2}
    assert last == {"find": 2, "aggregate": 1, "update": 2}


async def test_a_translation_waits_for_no_question_before_it_is_written(handler: Handler) -> None:
    text, made = note("n")
    await commands_of(handler, [text])
    _commands.order.clear()
    await commands_of(handler, [made])
    assert sorted(_commands.order[:2]) == ["find", "update"], "at the same time"


async def test_short_documents_are_made_searchable_together(collections: Collections) -> None:
    await write(collections, [event for number in range(5) for event in note(f"n{number}")])
    backlog = Backlog(collections, SearchIndex(collections))
    assert not await backlog.add_next(), "none is left, so it rests"
    assert await collections.search.count_documents({}) == 5
    await write(collections, [event for number in range(100) for event in note(f"m{number}")])
    assert await backlog.add_next()
    assert not await backlog.add_next()


async def test_whatever_the_documents_are(collections: Collections, handler: Handler) -> None:
    """New, begun, registered, done, failed before, cancelled, deleted, incomplete, refused, remembered."""
    found = []
    for count in (FEW, MANY):
        events: list[Stored] = []
        for number in range(count):
            events += await _of_every_kind(collections, f"{count}-{number}")
        commands, announced, refused = await commands_of(handler, events)
        assert (announced, refused) == (9 * count, count)
        found.append(commands)
    assert found[0] == found[1]
    assert sum(found[0].values()) < 25


async def _of_every_kind(collections: Collections, name: str) -> list[Stored]:
    """Make documents of every kind; return events that end nine of them and of which one cannot be used."""
    lifecycle = DocumentLifecycle(collections)
    for kind in ("callback", "cancelled", "incomplete"):
        await lifecycle.register(
            Ownership(f"owner-{name}", everything=False), f"{kind}-{name}", source="de", target="en", model=None,
            metadata={"kind": kind}, revision="0" * 16, callback="https://example.org/",
        )  # fmt: skip
    begun, *made = part(0, "eins zwei", last=True, document=f"begun-{name}")
    failed, bad = note(f"failed-{name}")
    remembered, hit = note(f"remembered-{name}")
    two = [*part(0, "eins ", document=f"two-{name}"), *part(1, "zwei", last=True, document=f"two-{name}")]
    assert isinstance(bad, Translation)
    assert isinstance(hit, Translation)
    await write(collections, [begun, failed, msgspec.structs.replace(bad, failed=True)])
    await write(collections, [event for kind in ("done", "deleted") for event in note(f"{kind}-{name}")])
    await delete(collections, f"deleted-{name}")
    await lifecycle.interrupted(EVERYBODY, f"incomplete-{name}", "it broke off")
    await lifecycle.cancel(EVERYBODY, f"cancelled-{name}")
    return [
        *made,
        bad,
        remembered,
        msgspec.structs.replace(hit, memory="person"),
        *two,
        *note(f"new-{name}"),
        *note(f"callback-{name}"),
        *note(f"incomplete-{name}"),
        *note(f"cancelled-{name}"),
        *note(f"done-{name}"),
        *note(f"deleted-{name}"),
        part(0, "zwei", last=True, document=f"done-{name}")[0],
        Control(document=f"cancelled-{name}", action="cancel"),
        Control(document=f"unknown-{name}", action="cancel"),
    ]


async def test_dead_letters(collections: Collections) -> None:
    found = []
    for count in (FEW, MANY):
        _commands.counts.clear()
        records = [FakeRecord(b'{"id": "d%d"}' % number, offset=number) for number in range(count)]
        await DeadLetterHandler(DeadLetterStore(collections))([Received(DeadLetterRecord(), one) for one in records])
        found.append(_commands.counts.copy())
    assert found[0] == found[1]
    assert await collections.dead_letters.count_documents({}) == MANY
